/**
 * What every machine of the fabric is built on: an outbox and a set of timers.
 *
 * Ownership: a machine owns one `Core` and passes it to its parts; the parts send, emit and set
 * timers through it and never keep a clock of their own. `now` is the instant of the change that
 * is being handled.
 */
import type { Instant, Output } from './machine.ts';

/** A pending timer; `cancel` is harmless after it has fired. */
export interface Timer {
  readonly at: Instant;
  cancel(): void;
}

/** Timers of one machine that may be pending at once; more is a leak. */
const TIMERS_MAX = 4_000_000;

class PendingTimer implements Timer {
  readonly at: Instant;
  readonly sequence: number;
  run: (() => void) | undefined;
  #owner: Timers;

  constructor(owner: Timers, at: Instant, sequence: number, run: () => void) {
    this.#owner = owner;
    this.at = at;
    this.sequence = sequence;
    this.run = run;
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    this.#owner.noteCancelled();
  }
}

function before(a: PendingTimer, b: PendingTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

/** A binary heap of timers in the order (time, order of setting). Cancelled ones are dropped lazily. */
export class Timers {
  #heap: PendingTimer[] = [];
  #sequence = 0;
  #cancelled = 0;

  set(at: Instant, run: () => void): Timer {
    if (this.#heap.length >= TIMERS_MAX)
      throw new RangeError(`more than ${TIMERS_MAX} timers pending`);
    const timer = new PendingTimer(this, at, this.#sequence++, run);
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(timer);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent]!;
      if (!before(timer, above)) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = timer;
    return timer;
  }

  /** When the earliest timer is due. */
  get deadline(): Instant | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.at;
  }

  /** Runs what is due at `now`, in order; what it sets for `now` or earlier runs too. */
  run(now: Instant): void {
    for (;;) {
      this.#dropCancelled();
      const first = this.#heap[0];
      if (first === undefined || first.at > now) return;
      this.#removeFirst();
      const { run } = first;
      first.run = undefined;
      run?.();
    }
  }

  noteCancelled(): void {
    this.#cancelled++;
    if (this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.length) this.#compact();
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]!.run === undefined) {
      this.#removeFirst();
      this.#cancelled--;
    }
  }

  /** Most of the heap is cancelled: rebuild it from what still runs. A sorted array is a heap. */
  #compact(): void {
    this.#heap = this.#heap
      .filter((timer) => timer.run !== undefined)
      .sort((a, b) => (before(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
  }
}

/** Outbox, timers and the current instant of one machine. */
export class Core<Event> {
  readonly timers = new Timers();
  now: Instant = 0;
  #outbox: Output<Event>[] = [];
  #taken = 0;

  /** Puts a frame on a port's wire. The frame must not be changed any more. */
  send(port: number, frame: Uint8Array): void {
    this.#outbox.push({ port, send: frame });
  }

  /** Tells the machine's owner that something happened. */
  emit(event: Event): void {
    this.#outbox.push({ event });
  }

  /** Sets a timer `delayNs` from now. */
  after(delayNs: number, run: () => void): Timer {
    return this.timers.set(this.now + delayNs, run);
  }

  poll(): Output<Event> | undefined {
    if (this.#taken >= this.#outbox.length) {
      if (this.#taken > 0) {
        this.#outbox = [];
        this.#taken = 0;
      }
      return undefined;
    }
    return this.#outbox[this.#taken++];
  }

  get deadline(): Instant | undefined {
    return this.timers.deadline;
  }

  /** The machine's `handleTimeout`. */
  handleTimeout(now: Instant): void {
    this.now = now;
    this.timers.run(now);
  }
}

/** A named stream of random numbers, given to a machine from outside. */
export interface RandomStream {
  /** A whole number, 0 to `limit` - 1. */
  below(limit: number): number;
}
