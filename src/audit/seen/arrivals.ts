/**
 * The frames of a capture in the order in which they passed.
 *
 * A card with several queues, and a merge of captures, write frames slightly out of the order of
 * their stamps: a bounded window puts them right.
 */
import type { FramePlace } from '../../capture/index.ts';
import { type HeldFrame, HeldFrames } from './held-frames.ts';

/** Frames wait for earlier ones that long, by their stamps, so many of them, of so many bytes. */
const WINDOW_NS = 20e6;
const WINDOW_FRAMES = 8192;
const WINDOW_BYTES = 24 << 20;
/**
 * Behind so many frames in order so few wait, which stay in the processor's cache. The first one out of
 * order has all the others wait again that follow it.
 */
const IN_ORDER_FRAMES = 65_536;
const WINDOW_FRAMES_IN_ORDER = 512;
/** Stamps that go back further than this are a clock that was set. */
const CLOCK_STEP_NS = 1e9;

/** What was met of frames out of order. */
export interface ArrivalCounts {
  /** Frames that were put where their stamp belongs. */
  readonly sorted: number;
  /** Frames stamped so much too early that the window did not put them right. */
  readonly late: number;
}

/** Puts frames in order. */
export class Arrivals {
  readonly #take: (held: HeldFrame) => void;
  readonly #frames: HeldFrames;
  /** From `#first` on, by stamp, then as the file has them. */
  #held: HeldFrame[] = [];
  #first = 0;
  #heldBytes = 0;
  #framesMax = WINDOW_FRAMES;
  /** Frames since one was out of order. */
  #inOrder = 0;
  #startSeconds: number | undefined;
  #startNanoseconds = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #released = Number.NEGATIVE_INFINITY;
  #sorted = 0;
  #late = 0;

  /** `take` is handed the frames, and gives them back to `frames`. */
  constructor(take: (held: HeldFrame) => void, frames: HeldFrames = new HeldFrames()) {
    this.#take = take;
    this.#frames = frames;
  }

  get counts(): ArrivalCounts {
    return { sorted: this.#sorted, late: this.#late };
  }

  /** Takes the next frame of the capture, a copy of it. */
  add(place: FramePlace): void {
    const at = this.#timeOf(place);
    const held = this.#frames.hold(place, at);
    this.#noteOrder(at >= this.#newest);
    if (this.#newest - at > CLOCK_STEP_NS) {
      this.#late++;
      this.finish();
      this.#newest = at;
      this.#released = at;
    } else if (at < this.#released) {
      // As early as it can still be.
      this.#late++;
      this.#take(held);
      return;
    }
    this.#insert(held);
    if (at > this.#newest) this.#newest = at;
    while (this.#isFull()) this.#release();
  }

  #noteOrder(isInOrder: boolean): void {
    this.#inOrder = isInOrder ? this.#inOrder + 1 : 0;
    const isLong = this.#inOrder >= IN_ORDER_FRAMES;
    this.#framesMax = isLong ? WINDOW_FRAMES_IN_ORDER : WINDOW_FRAMES;
  }

  /** No frame follows: hands over those that still wait. */
  finish(): void {
    while (this.#first < this.#held.length) this.#release();
  }

  #isFull(): boolean {
    return (
      this.#newest - this.#held[this.#first]!.atNs > WINDOW_NS ||
      this.#held.length - this.#first > this.#framesMax ||
      (this.#heldBytes > WINDOW_BYTES && this.#held.length - this.#first > 1)
    );
  }

  /** A frame without a stamp stands where the file has it. */
  #timeOf({ seconds, nanoseconds }: FramePlace): number {
    if (seconds === 0 && nanoseconds === 0) return Math.max(this.#newest, 0);
    if (this.#startSeconds === undefined) {
      this.#startSeconds = seconds;
      this.#startNanoseconds = nanoseconds;
    }
    return (seconds - this.#startSeconds) * 1e9 + (nanoseconds - this.#startNanoseconds);
  }

  #insert(held: HeldFrame): void {
    const all = this.#held;
    let place = all.length;
    while (place > this.#first && all[place - 1]!.atNs > held.atNs) place--;
    this.#heldBytes += held.lengthBytes;
    if (place === all.length) all.push(held);
    else {
      this.#sorted++;
      all.splice(place, 0, held);
    }
  }

  #release(): void {
    const held = this.#held[this.#first++]!;
    if (this.#first >= this.#framesMax || this.#first === this.#held.length) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
    this.#heldBytes -= held.lengthBytes;
    this.#released = held.atNs;
    this.#take(held);
  }
}
