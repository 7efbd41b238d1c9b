/**
 * Frames that a tap shows twice.
 *
 * A mirror port that copies what comes in and what goes out shows each frame again, byte for byte
 * and within a moment. The other side has not answered in between: an OX_ID that is used again, for
 * the very same command even, is used again after an answer.
 */
import { type FcHeader, fcHeader } from '../../codecs/fc/index.ts';
import { type Frame, layerValue } from '../../codecs/frame/index.ts';
import { remember } from '../ledger/remember.ts';
import { exchangeIdOf } from './exchange.ts';

/** A copy comes within that; so long, and so many, frames are kept. */
const COPY_NS = 1e6;
const FRAMES_MAX = 8192;
/** Exchanges whose speaker is remembered. */
const EXCHANGES_MAX = 10_000;
const HEAD_BYTES = 64;
const END_BYTES = 12;

/** An exchange on a link for as long as one end speaks: a new one when the other does. */
interface OneWay {
  readonly sId: number;
}

interface Shown {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly way: OneWay;
}

/** Tells the copies among the Fibre Channel frames of all taps. */
export class Copies {
  readonly #exchanges = new Map<string, OneWay>();
  /** What was shown of late, oldest first, by link and a number that copies share. */
  readonly #shown = new Map<string, Shown>();

  /** Whether the link has shown these bytes a moment before; `at` in nanoseconds. */
  has(frame: Frame, link: string, at: number): boolean {
    const header = layerValue(frame, fcHeader);
    // Hosts do send a FIP or LLDP frame twice on end, and it does no harm.
    if (header === undefined) return false;
    const way = this.#wayOf(link, header);
    const { bytes } = frame;
    const key = `${link} ${fingerprint(bytes)}`;
    const before = this.#shown.get(key);
    this.#forget(at);
    // The last of several copies counts, so that a copy of a copy is one too.
    remember(this.#shown, key, { at, bytes, way }, FRAMES_MAX);
    return (
      before !== undefined &&
      before.way === way &&
      isNear(before, at) &&
      isSame(before.bytes, bytes)
    );
  }

  /** What no copy can follow any more: a frame that is kept keeps its part of the file in memory. */
  #forget(at: number): void {
    for (const [key, shown] of this.#shown) {
      if (isNear(shown, at)) return;
      this.#shown.delete(key);
    }
  }

  #wayOf(link: string, header: FcHeader): OneWay {
    const { originator, responder, oxId } = exchangeIdOf(header);
    const key = `${link} ${originator} ${responder} ${oxId}`;
    let way = this.#exchanges.get(key);
    if (way === undefined || way.sId !== header.sId) {
      way = { sId: header.sId };
      remember(this.#exchanges, key, way, EXCHANGES_MAX);
    }
    return way;
  }
}

const isNear = (shown: Shown, at: number): boolean => Math.abs(at - shown.at) <= COPY_NS;

/** A number of the length, the beginning and the end, where the CRC stands. */
function fingerprint(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = length;
  const head = Math.min(length, HEAD_BYTES);
  for (let i = 0; i < head; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  for (let i = Math.max(head, length - END_BYTES); i < length; i++)
    hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
