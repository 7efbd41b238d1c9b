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
const EXCHANGES_MAX = 10_000;
const HEAD_BYTES = 64;
const END_BYTES = 12;

/** An exchange on a link for as long as one end speaks: a new turn when the other does. */
interface Turn {
  readonly sId: number;
  readonly number: number;
}

/** Tells the copies among the Fibre Channel frames of all taps. */
export class Copies {
  readonly #frames: HeldFrames;
  readonly #links = new Numbers();
  /** By link, originator, responder and OX_ID. */
  readonly #turns = new IdMap<Turn>(EXCHANGES_MAX);
  /** What was shown of late, by link and a number that copies share. */
  readonly #shown = new IdMap<HeldFrame>(FRAMES_MAX);
  #turnCount = 0;

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
    const mark = fingerprint(held);
    const before = this.#shown.get(linkNumber, mark);
    held.turn = turn;
    // The last of several copies counts, so that a copy of a copy is one too.
    this.#giveBack(this.#shown.set(linkNumber, mark, 0, 0, held));
    const isCopy =
      before !== undefined && before.turn === turn && isNear(before, held) && isSame(before, held);
    this.#giveBack(before);
    this.#forget(held);
    return isCopy;
  }

  /** What no copy can follow any more. */
  #forget(now: HeldFrame): void {
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
    const turn = this.#turns.get(link, originator, responder, oxId);
    if (turn?.sId === sId) return turn.number;
    const number = ++this.#turnCount;
    this.#turns.set(link, originator, responder, oxId, { sId, number });
    return number;
  }
}

const isNear = (shown: HeldFrame, now: HeldFrame): boolean =>
  Math.abs(now.atNs - shown.atNs) <= COPY_NS;

/** A number of the length, the beginning and the end, where the CRC stands. */
function fingerprint({ place }: HeldFrame): number {
  const { bytes, at, end } = place;
  const headEnd = end - at < HEAD_BYTES ? end : at + HEAD_BYTES;
  const hash = taken(end - at, bytes, at, headEnd);
  return taken(hash, bytes, headEnd > end - END_BYTES ? headEnd : end - END_BYTES, end);
}

/** Takes bytes into a hash, four at a time. */
function taken(before: number, bytes: Uint8Array, from: number, end: number): number {
  let hash = before;
  let i = from;
  for (; i + 4 <= end; i += 4) {
    const word = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    hash = Math.imul(hash ^ word, 0x0100_0193);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  return hash | 0;
}

function isSame({ place: a }: HeldFrame, { place: b }: HeldFrame): boolean {
  const length = a.end - a.at;
  if (length !== b.end - b.at) return false;
  for (let i = 0; i < length; i++) {
    if (a.bytes[a.at + i] !== b.bytes[b.at + i]) return false;
  }
  return true;
}
