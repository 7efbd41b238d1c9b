/**
 * The simulator's event queue: everything pending, in the total order (time, sequence number).
 *
 * Two parts. Events before `#horizonNs` lie in a small 4-ary heap, ordered exactly. All later ones
 * lie unordered in a wheel: five levels of 1,024 lists, a list of the lowest level spanning
 * 1,024 ns, one of each higher level 1,024 times as long. When the heap runs dry the next list is
 * opened: one of a higher level is spread over the level below, one of the lowest is poured into
 * the heap. An event is touched a few times however many are pending, where a heap of all of them
 * would touch a chain of cold cache lines.
 *
 * Events are records of 40 bytes in one typed array; nothing is allocated for an event.
 */

import { TimeHeap } from '../machine/heap.ts';
import { OccupiedLists } from './occupied-lists.ts';

/** A pending event's name, for `cancel`; stays harmless after the event is gone. */
export type EventHandle = number;

/** Where `popInto` writes the event it takes. */
export interface QueuedEvent {
  /** When it is due, integer nanoseconds. */
  timeNs: number;
  /** What the caller put in, 32-bit integers. */
  kind: number;
  a: number;
  b: number;
}

/** The most events that can be pending at once. */
export const EVENTS_PENDING_MAX = 2 ** 24;

const LEVEL_BITS = 10;
const LEVEL_LISTS = 1 << LEVEL_BITS;
const LEVELS = 5;
const GRAIN_NS = 2 ** 10;
/** `WIDTH_NS[l]`: the time one list of level l spans. */
const WIDTH_NS = Array.from({ length: LEVELS }, (_, level) => GRAIN_NS * LEVEL_LISTS ** level);
const PER_NS = WIDTH_NS.map((width) => 1 / width);
/** The level of an event whose time first differs from the wheel's base in bit n. */
const LEVEL_OF_BIT = Uint8Array.from({ length: 64 }, (_, bit) =>
  Math.min(LEVELS - 1, Math.max(0, Math.floor((bit - LEVEL_BITS) / LEVEL_BITS))),
);

// A record: f64 time, f64 sequence, then six i32.
const RECORD_F64 = 5;
const RECORD_I32 = 10;
const NEXT = 4;
const PREVIOUS = 5;
const GENERATION = 6;
const KIND = 7;
const A = 8;
const B = 9;

const NONE = -1;
// PREVIOUS also says where a record is: a record (>= 0), these, or the list it heads (below them).
const IN_HEAP = -1;
const CANCELLED_IN_HEAP = -2;
const FREE = -3;
const HEAD_OF_LIST = -4;

const GENERATIONS = 2 ** 29;
const HEAP_CANCELLED_MIN = 64;

/** A priority queue of events by (time, order of scheduling), for millions of pending events. */
export class EventQueue {
  #f64: Float64Array;
  #i32: Int32Array;
  #capacity: number;
  #used = 0;
  #free = NONE;
  #size = 0;
  #sequence = 0;

  /** An item per event due before the horizon, cancelled ones included. */
  readonly #heap = new TimeHeap(256);
  #heapCancelled = 0;

  // The wheel: list heads, and which of them hold something.
  readonly #heads = new Int32Array(LEVELS * LEVEL_LISTS).fill(NONE);
  readonly #occupied = new OccupiedLists(LEVELS, LEVEL_BITS);
  #baseLow = 0;
  #baseHigh = 0;
  #horizonNs = 0;

  /** `capacity` is how many events there is room for at first; the queue grows by itself. */
  constructor(capacity = 1024) {
    if (!Number.isSafeInteger(capacity) || capacity < 1 || capacity > EVENTS_PENDING_MAX) {
      throw new RangeError(`event queue: capacity ${capacity} is not 1..${EVENTS_PENDING_MAX}`);
    }
    this.#capacity = capacity;
    const buffer = new ArrayBuffer(capacity * RECORD_F64 * 8);
    this.#f64 = new Float64Array(buffer);
    this.#i32 = new Int32Array(buffer);
  }

  /** How many events are pending. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds an event due at `timeNs`. Events of one time come out in the order they went in.
   *
   * Errors: `RangeError` when the time is no safe integer >= 0 or the queue is full.
   */
  schedule(timeNs: number, kind: number, a: number, b: number): EventHandle {
    if (!Number.isSafeInteger(timeNs) || timeNs < 0) {
      throw new RangeError(`event queue: time ${timeNs} is not an integer of nanoseconds >= 0`);
    }
    let slot = this.#free;
    if (slot === NONE) {
      if (this.#used === this.#capacity) this.#grow();
      slot = this.#used++;
    } else {
      this.#free = this.#i32[slot * RECORD_I32 + NEXT]!;
    }
    const at = slot * RECORD_I32;
    this.#f64[slot * RECORD_F64] = timeNs;
    this.#f64[slot * RECORD_F64 + 1] = this.#sequence++;
    this.#i32[at + KIND] = kind;
    this.#i32[at + A] = a;
    this.#i32[at + B] = b;
    this.#size++;
    this.#place(slot, timeNs);
    return this.#i32[at + GENERATION]! * EVENTS_PENDING_MAX + slot;
  }

  /** Takes a pending event out; `false`, and nothing done, when it is no longer pending. */
  cancel(handle: EventHandle): boolean {
    const slot = this.#slotOf(handle);
    if (slot === NONE) return false;
    const at = slot * RECORD_I32;
    this.#size--;
    if (this.#i32[at + PREVIOUS] === IN_HEAP) {
      this.#i32[at + PREVIOUS] = CANCELLED_IN_HEAP;
      this.#i32[at + GENERATION] = (this.#i32[at + GENERATION]! + 1) % GENERATIONS;
      this.#heapCancelled++;
      // A caller that schedules and cancels for ever must not make the heap grow for ever.
      if (this.#heapCancelled > HEAP_CANCELLED_MIN && this.#heapCancelled * 2 > this.#heap.size) {
        this.#sweepHeap();
      }
      return true;
    }
    this.#unlink(slot);
    this.#i32[at + GENERATION] = (this.#i32[at + GENERATION]! + 1) % GENERATIONS;
    this.#release(slot);
    return true;
  }

  /**
   * Moves a pending event to another time, behind the events already due then. The old handle is
   * spent; `undefined` when the event was no longer pending.
   */
  reschedule(handle: EventHandle, timeNs: number): EventHandle | undefined {
    const slot = this.#slotOf(handle);
    if (slot === NONE) return undefined;
    const at = slot * RECORD_I32;
    const kind = this.#i32[at + KIND]!;
    const a = this.#i32[at + A]!;
    const b = this.#i32[at + B]!;
    const moved = this.schedule(timeNs, kind, a, b);
    this.cancel(handle);
    return moved;
  }

  /** Whether the event is still to come. */
  isPending(handle: EventHandle): boolean {
    return this.#slotOf(handle) !== NONE;
  }

  /**
   * Takes the next event if it is due at or before `untilNs` (default: whenever) and writes it to
   * `event`; `false`, and `event` untouched, when there is none.
   */
  popInto(event: QueuedEvent, untilNs = Infinity): boolean {
    if (this.#heapCancelled !== 0) this.#dropCancelledRoots();
    while (this.#heap.size === 0) {
      if (this.#size === 0 || !this.#openNextList(untilNs)) return false;
    }
    const timeNs = this.#heap.firstTime;
    if (timeNs > untilNs) return false;
    const slot = this.#heap.first;
    this.#heap.removeFirst();
    const at = slot * RECORD_I32;
    event.timeNs = timeNs;
    event.kind = this.#i32[at + KIND]!;
    event.a = this.#i32[at + A]!;
    event.b = this.#i32[at + B]!;
    this.#i32[at + GENERATION] = (this.#i32[at + GENERATION]! + 1) % GENERATIONS;
    this.#release(slot);
    this.#size--;
    return true;
  }

  #slotOf(handle: EventHandle): number {
    const slot = handle % EVENTS_PENDING_MAX;
    if (!(slot >= 0 && slot < this.#used)) return NONE;
    const at = slot * RECORD_I32;
    const generation = (handle - slot) / EVENTS_PENDING_MAX;
    if (this.#i32[at + GENERATION] !== generation) return NONE;
    const state = this.#i32[at + PREVIOUS]!;
    return state === FREE || state === CANCELLED_IN_HEAP ? NONE : slot;
  }

  #grow(): void {
    if (this.#capacity === EVENTS_PENDING_MAX) {
      throw new RangeError(`event queue: more than ${EVENTS_PENDING_MAX} events pending`);
    }
    this.#capacity = Math.min(this.#capacity * 2, EVENTS_PENDING_MAX);
    const f64 = new Float64Array(this.#capacity * RECORD_F64);
    f64.set(this.#f64);
    this.#f64 = f64;
    this.#i32 = new Int32Array(f64.buffer);
  }

  #release(slot: number): void {
    this.#i32[slot * RECORD_I32 + PREVIOUS] = FREE;
    this.#i32[slot * RECORD_I32 + NEXT] = this.#free;
    this.#free = slot;
  }

  /** Puts a record where its time belongs: the heap before the horizon, else a list. */
  #place(slot: number, timeNs: number): void {
    if (timeNs < this.#horizonNs) {
      this.#i32[slot * RECORD_I32 + PREVIOUS] = IN_HEAP;
      this.#heap.add(timeNs, this.#f64[slot * RECORD_F64 + 1]!, slot);
      return;
    }
    // The highest bit in which the time differs from the base names the level.
    const high = ((timeNs / 2 ** 32) | 0) ^ this.#baseHigh;
    const low = (timeNs | 0) ^ this.#baseLow;
    const bit = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low | 1);
    const level = LEVEL_OF_BIT[bit]!;
    const index = (timeNs * PER_NS[level]!) & (LEVEL_LISTS - 1);
    const list = level * LEVEL_LISTS + index;
    const first = this.#heads[list]!;
    const at = slot * RECORD_I32;
    this.#i32[at + NEXT] = first;
    this.#i32[at + PREVIOUS] = HEAD_OF_LIST - list;
    this.#heads[list] = slot;
    if (first === NONE) this.#occupied.add(list);
    else this.#i32[first * RECORD_I32 + PREVIOUS] = slot;
  }

  #unlink(slot: number): void {
    const next = this.#i32[slot * RECORD_I32 + NEXT]!;
    const previous = this.#i32[slot * RECORD_I32 + PREVIOUS]!;
    if (next !== NONE) this.#i32[next * RECORD_I32 + PREVIOUS] = previous;
    if (previous >= 0) {
      this.#i32[previous * RECORD_I32 + NEXT] = next;
      return;
    }
    const list = HEAD_OF_LIST - previous;
    this.#heads[list] = next;
    if (next === NONE) this.#occupied.remove(list);
  }

  /**
   * Empties the earliest list into the level below or the heap; `false` when that list starts
   * after `untilNs`, so that the wheel never runs ahead of the time the caller has reached.
   */
  #openNextList(untilNs: number): boolean {
    const list = this.#occupied.first();
    const level = list >> LEVEL_BITS;
    let slot = this.#heads[list]!;
    const widthNs = WIDTH_NS[level]!;
    const startNs = Math.floor(this.#f64[slot * RECORD_F64]! * PER_NS[level]!) * widthNs;
    if (startNs > untilNs) return false;
    this.#heads[list] = NONE;
    this.#occupied.remove(list);
    this.#baseHigh = (startNs / 2 ** 32) | 0;
    this.#baseLow = startNs | 0;
    // Only the lowest level is poured into the heap: the horizon then stays at most a grain ahead.
    this.#horizonNs = level === 0 ? startNs + widthNs : startNs;
    while (slot !== NONE) {
      const next = this.#i32[slot * RECORD_I32 + NEXT]!;
      this.#place(slot, this.#f64[slot * RECORD_F64]!);
      slot = next;
    }
    return true;
  }

  #dropCancelledRoots(): void {
    while (this.#heap.size !== 0 && this.#isCancelled(this.#heap.first)) {
      const slot = this.#heap.first;
      this.#heap.removeFirst();
      this.#heapCancelled--;
      this.#release(slot);
    }
  }

  /** Takes the cancelled entries out of the heap. */
  #sweepHeap(): void {
    this.#heapCancelled = 0;
    this.#heap.keepOnly((slot) => {
      if (!this.#isCancelled(slot)) return true;
      this.#release(slot);
      return false;
    });
  }

  #isCancelled(slot: number): boolean {
    return this.#i32[slot * RECORD_I32 + PREVIOUS] === CANCELLED_IN_HEAP;
  }
}
