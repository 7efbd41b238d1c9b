/**
 * The frames of a capture in the order in which they passed.
 *
 * A card with several queues, and a merge of captures, write frames slightly out of the order of
 * their stamps: a bounded window puts them right.
 */
import type { TimedFrame } from '../../capture/index.ts';

/** Frames wait for earlier ones that long, by their stamps, and so many of them. */
const WINDOW_NS = 20e6;
const WINDOW_FRAMES = 8192;
/** Stamps that go back further than this are a clock that was set. */
const CLOCK_STEP_NS = 1e9;

/** What was met of frames out of order. */
export interface ArrivalCounts {
  /** Frames that were put where their stamp belongs. */
  readonly sorted: number;
  /** Frames stamped so much too early that the window did not put them right. */
  readonly late: number;
}

interface Held {
  readonly timed: TimedFrame;
  /** Nanoseconds since the first frame. */
  readonly at: number;
}

/** Puts frames in order. */
export class Arrivals {
  readonly #take: (timed: TimedFrame) => void;
  /** From `#first` on, by stamp, then as the file has them. */
  #held: Held[] = [];
  #first = 0;
  #startNs: bigint | undefined;
  #newest = Number.NEGATIVE_INFINITY;
  #released = Number.NEGATIVE_INFINITY;
  #sorted = 0;
  #late = 0;

  /** `take` is handed the frames. */
  constructor(take: (timed: TimedFrame) => void) {
    this.#take = take;
  }

  get counts(): ArrivalCounts {
    return { sorted: this.#sorted, late: this.#late };
  }

  /** Takes the next frame of the capture. */
  add(timed: TimedFrame): void {
    const at = this.#placeOf(timed);
    const held = { timed, at };
    if (this.#newest - at > CLOCK_STEP_NS) {
      this.#late++;
      this.finish();
      this.#newest = at;
      this.#released = at;
    } else if (at < this.#released) {
      // As early as it can still be.
      this.#late++;
      this.#take(held.timed);
      return;
    }
    this.#insert(held);
    if (at > this.#newest) this.#newest = at;
    while (
      this.#newest - this.#held[this.#first]!.at > WINDOW_NS ||
      this.#held.length - this.#first > WINDOW_FRAMES
    ) {
      this.#release();
    }
  }

  /** No frame follows: hands over those that still wait. */
  finish(): void {
    while (this.#first < this.#held.length) this.#release();
  }

  /** A frame without a stamp stands where the file has it. */
  #placeOf({ timeNs }: TimedFrame): number {
    if (timeNs === 0n) return Math.max(this.#newest, 0);
    this.#startNs ??= timeNs;
    return Number(timeNs - this.#startNs);
  }

  #insert(held: Held): void {
    const all = this.#held;
    let place = all.length;
    while (place > this.#first && all[place - 1]!.at > held.at) place--;
    if (place === all.length) all.push(held);
    else {
      this.#sorted++;
      all.splice(place, 0, held);
    }
  }

  #release(): void {
    const held = this.#held[this.#first++]!;
    if (this.#first >= WINDOW_FRAMES || this.#first === this.#held.length) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
    this.#released = held.at;
    this.#take(held.timed);
  }
}
