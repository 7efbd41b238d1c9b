/** Which frames an exchange was made of, so that a violation can show them. */
import type { FcFrame } from './fc-frame.ts';

/** Frames kept of one exchange, and exchanges kept per fabric; the oldest are forgotten first. */
const FRAMES_PER_EXCHANGE_MAX = 64;
const EXCHANGES_MAX = 200_000;

const keyOf = (originator: number, oxId: number): number => originator * 0x1_0000 + oxId;

export class FrameIndex {
  readonly #fabrics = new Map<string, Map<number, number[]>>();

  /** Notes an FCP frame or the abort of an exchange. */
  add({ seen, role, originator, header, direction }: FcFrame): void {
    if (role === 'els-request' || role === 'els-reply' || role === 'ct' || role === 'other') return;
    let exchanges = this.#fabrics.get(seen.fabric);
    if (exchanges === undefined) {
      exchanges = new Map();
      this.#fabrics.set(seen.fabric, exchanges);
    }
    const key = keyOf(originator, header.oxId);
    let frames = exchanges.get(key);
    // An OX_ID that is used again begins a new exchange; the same command seen at a second tap does not.
    if (frames === undefined || (role === 'command' && direction === 'to-fcf')) {
      exchanges.delete(key);
      frames = [];
      exchanges.set(key, frames);
      if (exchanges.size > EXCHANGES_MAX) exchanges.delete(exchanges.keys().next().value!);
    }
    if (frames.length < FRAMES_PER_EXCHANGE_MAX) frames.push(seen.frame);
  }

  /** Frames of the latest exchange with this originator and OX_ID. */
  framesOf(fabric: string, originator: number, oxId: number): readonly number[] {
    return this.#fabrics.get(fabric)?.get(keyOf(originator, oxId)) ?? [];
  }
}
