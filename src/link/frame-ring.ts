/** Frames in the order they came, with what a channel keeps of each. */

import type { Instant } from '../machine/machine.ts';
import type { FrameFate } from './fault-lane.ts';

const RING_MIN = 4;
/** Numbers kept of each frame, which is itself not touched while it waits: it would be cold memory. */
const NUMBERS = 4;
const ORDINAL = 0;
const DUE_NS = 1;
const BYTES = 2;
/** Whether the frame was given away by its sender: 1, or 0. */
const GIVEN = 3;

/** A first-in first-out ring that grows; nothing is allocated for a frame. */
export class FrameRing {
  #frames: (Uint8Array | undefined)[] = new Array(RING_MIN).fill(undefined);
  /** Made with the first fate: most rings never have one. */
  #fates: (FrameFate | undefined)[] | undefined;
  #numbers = new Float64Array(RING_MIN * NUMBERS);
  #mask = RING_MIN - 1;
  #head = 0;
  #tail = 0;

  /** How many frames there are. */
  get length(): number {
    return this.#tail - this.#head;
  }

  /** The ordinal of the oldest frame; this and what follows only while there is one. */
  get headOrdinal(): number {
    return this.#numbers[(this.#head & this.#mask) * NUMBERS + ORDINAL]!;
  }

  /** When the oldest frame is due, as it was put in. */
  get headDueNs(): Instant {
    return this.#numbers[(this.#head & this.#mask) * NUMBERS + DUE_NS]!;
  }

  /** The length of the oldest frame. */
  get headBytes(): number {
    return this.#numbers[(this.#head & this.#mask) * NUMBERS + BYTES]!;
  }

  /** Whether the oldest frame was given away by its sender. */
  get headGiven(): boolean {
    return this.#numbers[(this.#head & this.#mask) * NUMBERS + GIVEN] === 1;
  }

  /** What awaits the oldest frame when it arrives. */
  get headFate(): FrameFate | undefined {
    return this.#fates?.[this.#head & this.#mask];
  }

  /** Puts a frame behind the others. `dueNs` is for the reader alone. */
  push(
    frame: Uint8Array,
    given: boolean,
    lengthBytes: number,
    ordinal: number,
    fate: FrameFate | undefined,
    dueNs: Instant,
  ): void {
    if (this.length > this.#mask) this.#grow();
    const at = this.#tail++ & this.#mask;
    this.#frames[at] = frame;
    if (fate !== undefined) {
      this.#fates ??= new Array(this.#mask + 1).fill(undefined);
      this.#fates[at] = fate;
    }
    this.#numbers[at * NUMBERS + ORDINAL] = ordinal;
    this.#numbers[at * NUMBERS + DUE_NS] = dueNs;
    this.#numbers[at * NUMBERS + BYTES] = lengthBytes;
    this.#numbers[at * NUMBERS + GIVEN] = given ? 1 : 0;
  }

  /** Takes out the oldest frame. */
  shift(): Uint8Array | undefined {
    if (this.#head === this.#tail) return undefined;
    const at = this.#head++ & this.#mask;
    const frame = this.#frames[at]!;
    this.#frames[at] = undefined;
    if (this.#fates !== undefined) this.#fates[at] = undefined;
    return frame;
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    const frames: (Uint8Array | undefined)[] = new Array(size).fill(undefined);
    const fates: (FrameFate | undefined)[] | undefined =
      this.#fates && new Array(size).fill(undefined);
    const numbers = new Float64Array(size * NUMBERS);
    const count = this.length;
    for (let i = 0; i < count; i++) {
      const at = (this.#head + i) & this.#mask;
      frames[i] = this.#frames[at];
      if (fates !== undefined) fates[i] = this.#fates?.[at];
      for (let n = 0; n < NUMBERS; n++) numbers[i * NUMBERS + n] = this.#numbers[at * NUMBERS + n]!;
    }
    this.#frames = frames;
    this.#fates = fates;
    this.#numbers = numbers;
    this.#mask = size - 1;
    this.#head = 0;
    this.#tail = count;
  }
}
