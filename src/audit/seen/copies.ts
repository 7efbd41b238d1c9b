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

/** A copy comes within that. */
const COPY_NS = 1e6;
/** Exchanges, and frames of one way in each, that are remembered. */
const EXCHANGES_MAX = 10_000;
const FRAMES_MAX = 256;
const HEAD_BYTES = 64;
const END_BYTES = 12;

interface Shown {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What an exchange has shown since its other end spoke last. */
interface OneWay {
  readonly sId: number;
  /** Frames by a number that copies share. */
  readonly shows: Map<number, Shown>;
}

/** Tells the copies among the Fibre Channel frames of all taps. */
export class Copies {
  readonly #exchanges = new Map<string, OneWay>();

  /** Whether the link has shown these bytes a moment before; `at` in nanoseconds. */
  has(frame: Frame, link: string, at: number): boolean {
    const header = layerValue(frame, fcHeader);
    // Hosts do send a FIP or LLDP frame twice on end, and it does no harm.
    if (header === undefined) return false;
    const { shows } = this.#wayOf(link, header);
    const { bytes } = frame;
    const key = fingerprint(bytes);
    const before = shows.get(key);
    // The last of several copies counts, so that a copy of a copy is one too.
    remember(shows, key, { at, bytes }, FRAMES_MAX);
    return before !== undefined && at - before.at <= COPY_NS && isSame(before.bytes, bytes);
  }

  #wayOf(link: string, header: FcHeader): OneWay {
    const { originator, responder, oxId } = exchangeIdOf(header);
    const key = `${link} ${originator} ${responder} ${oxId}`;
    let way = this.#exchanges.get(key);
    if (way === undefined || way.sId !== header.sId) {
      way = { sId: header.sId, shows: new Map() };
      remember(this.#exchanges, key, way, EXCHANGES_MAX);
    }
    return way;
  }
}

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
