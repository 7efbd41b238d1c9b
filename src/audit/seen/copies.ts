/**
 * Frames that a tap shows twice.
 *
 * A mirror port that copies what comes in and what goes out shows each frame again, byte for byte
 * and within a moment. The other side has not answered in between: an OX_ID that is used again, for
 * the very same command even, is used again after an answer.
 */
import type { FcHeader } from '../../codecs/fc/index.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import { isFromResponder } from './exchange.ts';
import type { HeldFrame, HeldFrames } from './held-frames.ts';

/** A copy comes within that; so long, and so many, frames are kept. */
const COPY_NS = 1e6;
const FRAMES_MAX = 8192;
/** Exchanges whose speaker is remembered. */
const EXCHANGES_MAX = 4096;
/** Old frames are given back together: their memory is far away, and several are fetched at a time. */
const FORGET_EVERY = 64;

/** Tells the copies among the Fibre Channel frames of all taps. */
export class Copies {
  readonly #frames: HeldFrames;
  readonly #links = new Numbers();
  /**
   * By link, originator, responder and OX_ID: a number for as long as one end speaks, another when
   * the other does; odd where it is the responder.
   */
  readonly #turns = new IdMap<number>(EXCHANGES_MAX);
  /** What was shown of late, by link and a number that copies share. */
  readonly #shown = new IdMap<HeldFrame>(FRAMES_MAX);
  #turnCount = 0;
  #sinceForgot = 0;

  /** Frames that no copy can follow any more are given back to `frames`. */
  constructor(frames: HeldFrames) {
    this.#frames = frames;
  }

  /**
   * Whether the link has shown the bytes of a Fibre Channel frame a moment before. Of other
   * protocols hosts do send a frame twice on end, and it does no harm. Keeps the frame.
   */
  has(held: HeldFrame, header: FcHeader, link: string): boolean {
    const linkNumber = this.#links.of(link);
    const turn = this.#turnOf(linkNumber, header);
    const { mark } = held;
    const before = this.#shown.get(linkNumber, mark);
    held.turn = turn;
    // The last of several copies counts, so that a copy of a copy is one too.
    this.#giveBack(this.#shown.set(linkNumber, mark, 0, 0, held));
    const isCopy =
      before !== undefined && before.turn === turn && isNear(before, held) && isSame(before, held);
    this.#giveBack(before);
    if (++this.#sinceForgot >= FORGET_EVERY) this.#forget(held);
    return isCopy;
  }

  /** What no copy can follow any more. */
  #forget(now: HeldFrame): void {
    this.#sinceForgot = 0;
    for (;;) {
      const { oldest } = this.#shown;
      if (oldest === undefined || isNear(oldest, now)) return;
      this.#giveBack(this.#shown.forgetOldest());
    }
  }

  #giveBack(held: HeldFrame | undefined): void {
    if (held !== undefined) this.#frames.giveBack(held);
  }

  #turnOf(link: number, header: FcHeader): number {
    const { sId, dId, oxId } = header;
    const answers = isFromResponder(header);
    const originator = answers ? dId : sId;
    const responder = answers ? sId : dId;
    const side = answers ? 1 : 0;
    const known = this.#turns.get(link, originator, responder, oxId);
    if (known !== undefined && known % 2 === side) return known;
    this.#turnCount += 2;
    const turn = this.#turnCount + side;
    this.#turns.set(link, originator, responder, oxId, turn);
    return turn;
  }
}

const isNear = (shown: HeldFrame, now: HeldFrame): boolean =>
  Math.abs(now.atNs - shown.atNs) <= COPY_NS;

/** Byte for byte; the payload of data that nobody reads by its CRC, which is good. */
function isSame(a: HeldFrame, b: HeldFrame): boolean {
  const length = a.end - a.at;
  if (length !== b.end - b.at || a.isBrief !== b.isBrief) return false;
  if (a.isBrief && a.payloadEnd !== b.payloadEnd) return false;
  for (let i = 0; i < length; i++) {
    if (a.bytes[a.at + i] !== b.bytes[b.at + i]) return false;
  }
  return true;
}
