/** Timers of one machine, run in the order of time, then of setting. */
import { TimeHeap } from './heap.ts';
import type { Instant } from './machine.ts';

/** A pending timer; `cancel` is harmless after it has fired. */
export interface Timer {
  /** When it is due. */
  readonly at: Instant;
  /** Sees to it that the timer does not run. */
  cancel(): void;
}

/** Timers of one machine that may be pending at once; more is a leak. */
const TIMERS_MAX = 4_000_000;
/** Timers that one `run` runs: more set each other for now, without end. */
const RUNS_MAX = 1_000_000;
/** Cancelled timers that may lie in the heap before it is looked through. */
const CANCELLED_MIN = 64;

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
    this.#owner.noteCancelled(this.at);
  }
}

/** The pending timers; cancelled ones are dropped lazily. */
export class Timers {
  readonly #heap = new TimeHeap();
  /** By the number of their item in the heap. */
  readonly #timers: (PendingTimer | undefined)[] = [];
  /** Numbers that are free again. */
  readonly #free: number[] = [];
  #set = 0;
  #cancelled = 0;
  /** When the earliest timer is due; it is asked for far more often than it changes. */
  #deadline: Instant | undefined;

  /** How many timers are still to run. */
  get pending(): number {
    return this.#heap.size - this.#cancelled;
  }

  /** How many it has room for, cancelled ones that still lie in the heap included. */
  get held(): number {
    return this.#timers.length;
  }

  /** Sets a timer. Errors: `RangeError` when millions are pending: their owner leaks them. */
  set(at: Instant, run: () => void): Timer {
    if (this.#heap.size >= TIMERS_MAX)
      throw new RangeError(`more than ${TIMERS_MAX} timers pending`);
    const timer = new PendingTimer(this, at, run);
    const item = this.#free.pop() ?? this.#timers.length;
    this.#timers[item] = timer;
    this.#heap.add(at, this.#set++, item);
    if (this.#deadline === undefined || at < this.#deadline) this.#deadline = at;
    return timer;
  }

  /** When the earliest timer is due. */
  get deadline(): Instant | undefined {
    return this.#deadline;
  }

  /**
   * Runs what is due at `now`, in order; what it sets for `now` or earlier runs too. Errors: `RangeError`
   * when that has no end.
   */
  run(now: Instant): void {
    for (let runs = 0; this.#deadline !== undefined && this.#deadline <= now; runs++) {
      if (runs === RUNS_MAX) throw new RangeError(`timers set each other for ${now} without end`);
      const first = this.#timers[this.#heap.first]!;
      this.#removeFirst();
      this.#findDeadline();
      const { run } = first;
      first.run = undefined;
      run!();
    }
  }

  /** For a timer to say that it will not run. */
  noteCancelled(at: Instant): void {
    this.#cancelled++;
    if (this.#cancelled > CANCELLED_MIN && this.#cancelled * 2 > this.#heap.size) this.#compact();
    if (at === this.#deadline) this.#findDeadline();
  }

  #findDeadline(): void {
    if (this.#cancelled > 0) this.#dropCancelled();
    this.#deadline = this.#heap.size === 0 ? undefined : this.#heap.firstTime;
  }

  #removeFirst(): void {
    this.#release(this.#heap.first);
    this.#heap.removeFirst();
  }

  #release(item: number): void {
    this.#timers[item] = undefined;
    this.#free.push(item);
  }

  #dropCancelled(): void {
    while (this.#heap.size > 0 && this.#timers[this.#heap.first]!.run === undefined) {
      this.#removeFirst();
      this.#cancelled--;
    }
  }

  /** Most of the heap is cancelled. */
  #compact(): void {
    this.#cancelled = 0;
    this.#heap.keepOnly((item) => {
      if (this.#timers[item]!.run !== undefined) return true;
      this.#release(item);
      return false;
    });
  }
}
