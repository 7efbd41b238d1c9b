/**
 * Frames that two captures of one event both have, and by how much their clocks differ: a frame is told
 * by its FC header and the beginning of its payload, for its addresses change from link to link.
 */
import type { TimedFrame } from '../../capture/index.ts';
import { decodeFrame } from '../../codecs/frame/index.ts';

/** Frames of a capture that are remembered; behind them none is compared. */
const FRAMES_MAX = 1_000_000;
/** Of a frame so many bytes are compared: a snap length may have cut the rest. */
const COMPARED_BYTES = 24 + 32;
/** A frame passes both taps within that. */
const TOGETHER_NS = 5_000_000n;
/** One frame in so many, at least, is in both while both run. */
const SHARE = 4;
/** Fewer frames in both are chance. */
const COMMON_MIN = 3;

/** How the clock of a capture stands to that of another. */
export interface ClockOffset {
  /** Frames that are in both, once in each. */
  readonly commonFrames: number;
  /** What is to be added to its stamps; 0 where too few frames are in both to tell. */
  readonly offsetNs: bigint;
  /** How far the frames in both differ in that. */
  readonly spreadNs: bigint;
}

/** Twice in a capture: it tells no time. */
const TWICE = Symbol('twice');

/** Frames of one capture by what is compared of them. */
export class FrameTimes {
  readonly #times = new Map<number, bigint | typeof TWICE>();
  firstNs: bigint | undefined;
  lastNs: bigint | undefined;
  frames = 0;

  /** Takes the next frame. */
  add(timed: TimedFrame): void {
    const { timeNs } = timed;
    this.frames++;
    if (this.firstNs === undefined || timeNs < this.firstNs) this.firstNs = timeNs;
    if (this.lastNs === undefined || timeNs > this.lastNs) this.lastNs = timeNs;
    const key = keyOf(timed);
    if (key === undefined || this.#times.size >= FRAMES_MAX) return;
    this.#times.set(key, this.#times.has(key) ? TWICE : timeNs);
  }

  /** Frames that stand, with the offset, within the time of the other capture. */
  #within({ firstNs = 0n, lastNs = 0n }: FrameTimes, offsetNs: bigint): number {
    let count = 0;
    for (const timeNs of this.#times.values())
      if (typeof timeNs === 'bigint' && timeNs + offsetNs >= firstNs && timeNs + offsetNs <= lastNs)
        count++;
    return count;
  }

  /** How the clock of this capture stands to that of `other`. */
  against(other: FrameTimes): ClockOffset {
    const offsets: bigint[] = [];
    for (const [key, timeNs] of this.#times) {
      const there = other.#times.get(key);
      if (typeof timeNs === 'bigint' && typeof there === 'bigint') offsets.push(there - timeNs);
    }
    offsets.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const found = closest(offsets);
    return found.commonFrames * SHARE >= this.#within(other, found.offsetNs) ? found : NONE;
  }
}

const NONE: ClockOffset = { commonFrames: 0, offsetNs: 0n, spreadNs: 0n };

/**
 * The most offsets that lie together. Others are chance: a login that is tried again with the same
 * OX_ID is the same frame at another time.
 */
function closest(offsets: readonly bigint[]): ClockOffset {
  let best = { from: 0, to: 0 };
  for (let from = 0, to = 0; to < offsets.length; to++) {
    while (offsets[to]! - offsets[from]! > TOGETHER_NS) from++;
    if (to + 1 - from > best.to - best.from) best = { from, to: to + 1 };
  }
  const commonFrames = best.to - best.from;
  if (commonFrames < COMMON_MIN) return NONE;
  return {
    commonFrames,
    offsetNs: offsets[(best.from + best.to - 1) >> 1]!,
    spreadNs: offsets[best.to - 1]! - offsets[best.from]!,
  };
}

function keyOf({ bytes, linkType, originalLength, fcsBytes }: TimedFrame): number | undefined {
  const frame = decodeFrame(bytes, { linkType, originalLength, fcsBytes, checkCrc: false });
  const fc = frame.layers.find(({ layer, inside }) => layer === 'fc' && !inside);
  const from = fc?.offset ?? frame.layers.find(({ layer }) => layer === 'fip')?.offset;
  if (from === undefined) return undefined;
  const to = Math.min(bytes.length, from + COMPARED_BYTES);
  let low = 0x811c_9dc5;
  let high = 0x1234_5678;
  for (let i = from; i < to; i++) {
    low = Math.imul(low ^ bytes[i]!, 0x0100_0193);
    high = Math.imul(high ^ bytes[i]!, 0x85eb_ca6b) ^ (high >>> 13);
  }
  return (low >>> 0) * 0x10_0000 + ((high >>> 0) & 0xf_ffff);
}
