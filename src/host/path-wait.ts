/**
 * A guest's I/O that waits for a path: it fails when the guest gives it up, and, where the host does
 * not queue, when its logical unit has had no path for long enough.
 */
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { PathOptions } from './path-options.ts';
import type { GuestIo } from './workload.ts';

/** What the wait needs around it. */
export interface PathWaitOwner {
  readonly now: Instant;
  readonly guestTimeoutNs: Instant;
  readonly noPathRetryNs: PathOptions['noPathRetryNs'];
  /** I/O that waits, the oldest not always first. */
  readonly pending: GuestIo[];
  after(delayNs: number, run: () => void): Timer;
  /** False while the guest stands still: then nothing is given up. */
  isRunning(): boolean;
  /** Whether a path may soon serve a logical unit. */
  isServedSoon(luName: string): boolean;
  /** This I/O will not be sent any more. */
  fail(io: GuestIo, reason: string): void;
}

/** Watches over the I/O that waits for a path. Costs nothing while none does. */
export class PathWait {
  readonly #owner: PathWaitOwner;
  /** Since when a logical unit has had no path. */
  readonly #without = new Map<string, Instant>();
  #timer: Timer | undefined;

  constructor(owner: PathWaitOwner) {
    this.#owner = owner;
  }

  /** Fails what has waited too long, and looks again when the next may have. */
  watch(): void {
    const { pending, now } = this.#owner;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!this.#owner.isRunning()) return;
    this.#note();
    const over: { readonly io: GuestIo; readonly reason: string }[] = [];
    let next = Infinity;
    for (const io of pending) {
      const { at, reason } = this.#limitOf(io);
      if (at <= now) over.push({ io, reason });
      else next = Math.min(next, at);
    }
    for (const { io, reason } of over) {
      pending.splice(pending.indexOf(io), 1);
      this.#owner.fail(io, reason);
    }
    if (next === Infinity) return;
    this.#timer = this.#owner.after(next - now, () => this.watch());
  }

  /** Which logical units have no path, and since when. */
  #note(): void {
    const { pending, now } = this.#owner;
    const units = new Set(pending.map(({ luName }) => luName));
    for (const luName of [...this.#without.keys()]) {
      if (!units.has(luName) || this.#owner.isServedSoon(luName)) this.#without.delete(luName);
    }
    for (const luName of units) {
      if (!this.#without.has(luName) && !this.#owner.isServedSoon(luName)) {
        this.#without.set(luName, now);
      }
    }
  }

  /** When an I/O is given up, and why. */
  #limitOf({ luName, submittedAt }: GuestIo): { readonly at: Instant; readonly reason: string } {
    const { guestTimeoutNs, noPathRetryNs } = this.#owner;
    const since = this.#without.get(luName);
    const byGuest = submittedAt + guestTimeoutNs;
    const byHost =
      since === undefined || noPathRetryNs === 'queue' ? Infinity : since + noPathRetryNs;
    if (byHost < byGuest) return { at: byHost, reason: 'no path to the logical unit' };
    const why = since === undefined ? 'waiting for a path' : 'no path to the logical unit';
    return { at: byGuest, reason: `not done within the guest's time-out (${why})` };
  }
}
