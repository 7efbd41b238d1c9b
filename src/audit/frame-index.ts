/** Which frames an exchange was made of, so that a violation can show them. */
import { FCTL_EXCHANGE_CONTEXT, FcType, RCtl } from '../codecs/fc/index.ts';
import type { FcFrame } from './fc-frame.ts';

/** Frames kept of one exchange, and exchanges kept; the oldest are forgotten first. */
const FRAMES_PER_EXCHANGE_MAX = 64;
const EXCHANGES_MAX = 200_000;

export class FrameIndex {
  readonly #exchanges = new Map<string, number[]>();

  add(fc: FcFrame): void {
    const { header, seen } = fc;
    if (header.type !== FcType.FCP && header.type !== FcType.BLS) return;
    const fromResponder = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
    const key = keyOf(fromResponder ? header.dId : header.sId, header.oxId);
    const isCommand = header.rCtl === RCtl['Unsolicited Command'];
    let frames = this.#exchanges.get(key);
    // An OX_ID that is used again begins a new exchange; the same command seen at a second tap does not.
    if (frames === undefined || (isCommand && seen.direction === 'to-fcf')) {
      this.#exchanges.delete(key);
      frames = [];
      this.#exchanges.set(key, frames);
      if (this.#exchanges.size > EXCHANGES_MAX) {
        const oldest = this.#exchanges.keys().next().value;
        if (oldest !== undefined) this.#exchanges.delete(oldest);
      }
    }
    if (frames.length < FRAMES_PER_EXCHANGE_MAX) frames.push(seen.frame);
  }

  /** Frames of the latest exchange with this originator and OX_ID. */
  framesOf(originator: number, oxId: number): readonly number[] {
    return this.#exchanges.get(keyOf(originator, oxId)) ?? [];
  }
}

function keyOf(originator: number, oxId: number): string {
  return `${originator} ${oxId}`;
}
