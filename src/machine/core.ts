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
  run: (() => void) | undefined;
  readonly #owner: Timers;

  constructor(owner: Timers, at: Instant, run: () => void) {
    this.#owner = owner;
    this.at = at;
    this.run = run;
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    this.#owner.noteCancelled();
  }
}

const PLACES_MIN = 8;
/** Cancelled timers that may lie in the heap before it is looked through. */
const CANCELLED_MIN = 64;

/**
 * A heap of timers in the order (time, order of setting), four children to a place. Times and
 * order lie in arrays of numbers, so that a timer that moves touches no other timer's object.
 * Cancelled ones are dropped lazily.
 */
export class Timers {
  #at = new Float64Array(PLACES_MIN);
  #order = new Float64Array(PLACES_MIN);
  #timers: (PendingTimer | undefined)[] = new Array(PLACES_MIN).fill(undefined);
  #size = 0;
  #set = 0;
  #cancelled = 0;

  set(at: Instant, run: () => void): Timer {
    if (this.#size >= TIMERS_MAX) throw new RangeError(`more than ${TIMERS_MAX} timers pending`);
    const timer = new PendingTimer(this, at, run);
    if (this.#size === this.#timers.length) this.#grow();
    this.#siftUp(this.#size++, at, this.#set++, timer);
    return timer;
  }

  /** When the earliest timer is due. */
  get deadline(): Instant | undefined {
    if (this.#cancelled > 0) this.#dropCancelled();
    return this.#size === 0 ? undefined : this.#at[0]!;
  }

  /** Runs what is due at `now`, in order; what it sets for `now` or earlier runs too. */
  run(now: Instant): void {
    for (;;) {
      if (this.#cancelled > 0) this.#dropCancelled();
      if (this.#size === 0 || this.#at[0]! > now) return;
      const first = this.#timers[0]!;
      this.#removeFirst();
      const { run } = first;
      first.run = undefined;
      run!();
    }
  }

  noteCancelled(): void {
    this.#cancelled++;
    if (this.#cancelled > CANCELLED_MIN && this.#cancelled * 2 > this.#size) this.#compact();
  }

  #dropCancelled(): void {
    while (this.#size > 0 && this.#timers[0]!.run === undefined) {
      this.#removeFirst();
      this.#cancelled--;
    }
  }

  /** Most of the heap is cancelled: rebuilds it from what still runs. */
  #compact(): void {
    const size = this.#size;
    this.#size = 0;
    this.#cancelled = 0;
    for (let i = 0; i < size; i++) {
      const timer = this.#timers[i]!;
      this.#timers[i] = undefined;
      if (timer.run !== undefined) this.#siftUp(this.#size++, this.#at[i]!, this.#order[i]!, timer);
    }
  }

  #grow(): void {
    const at = new Float64Array(this.#size * 2);
    const order = new Float64Array(this.#size * 2);
    at.set(this.#at);
    order.set(this.#order);
    this.#at = at;
    this.#order = order;
    for (let i = this.#size; i < at.length; i++) this.#timers.push(undefined);
  }

  #siftUp(from: number, at: Instant, order: number, timer: PendingTimer): void {
    const times = this.#at;
    const orders = this.#order;
    const timers = this.#timers;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentAt = times[parent]!;
      if (parentAt < at || (parentAt === at && orders[parent]! < order)) break;
      times[hole] = parentAt;
      orders[hole] = orders[parent]!;
      timers[hole] = timers[parent];
      hole = parent;
    }
    times[hole] = at;
    orders[hole] = order;
    timers[hole] = timer;
  }

  #removeFirst(): void {
    const size = --this.#size;
    const times = this.#at;
    const orders = this.#order;
    const timers = this.#timers;
    const at = times[size]!;
    const order = orders[size]!;
    const timer = timers[size];
    timers[size] = undefined;
    if (size === 0) return;
    let hole = 0;
    for (;;) {
      const first = hole * 4 + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      let leastAt = times[first]!;
      for (let child = first + 1; child < end; child++) {
        const childAt = times[child]!;
        if (childAt < leastAt || (childAt === leastAt && orders[child]! < orders[least]!)) {
          least = child;
          leastAt = childAt;
        }
      }
      if (at < leastAt || (at === leastAt && order < orders[least]!)) break;
      times[hole] = leastAt;
      orders[hole] = orders[least]!;
      timers[hole] = timers[least];
      hole = least;
    }
    times[hole] = at;
    orders[hole] = order;
    timers[hole] = timer;
  }
}

/** Outbox, timers and the current instant of one machine. */
export class Core<Event> {
  readonly timers = new Timers();
  now: Instant = 0;
  /** Outputs from `#taken` to `#put` wait; the array is used again once they are taken. */
  readonly #outbox: (Output<Event> | undefined)[] = [];
  #put = 0;
  #taken = 0;

  /** Puts a frame on a port's link: `given` away, or lent and not changed any more. */
  send(port: number, frame: Uint8Array, given: boolean): void {
    this.#outbox[this.#put++] = { port, send: frame, given };
  }

  /** Tells the machine's owner that something happened. */
  emit(event: Event): void {
    this.#outbox[this.#put++] = { event };
  }

  /** Sets a timer `delayNs` from now. */
  after(delayNs: number, run: () => void): Timer {
    return this.timers.set(this.now + delayNs, run);
  }

  poll(): Output<Event> | undefined {
    if (this.#taken === this.#put) {
      this.#taken = 0;
      this.#put = 0;
      return undefined;
    }
    const output = this.#outbox[this.#taken];
    this.#outbox[this.#taken++] = undefined;
    return output;
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
