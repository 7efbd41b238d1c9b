/**
 * What every machine is built on: an outbox, a set of timers and the current instant.
 *
 * Ownership: a machine owns one `MachineCore` and passes it to its parts; the parts send, emit and
 * set timers through it and never keep a clock of their own. `now` is the instant of the change that
 * is being handled.
 */
import type { Instant } from './machine.ts';
import { Outbox } from './outbox.ts';
import { type Timer, Timers } from './timers.ts';

/** Outbox, timers and the current instant of one machine. */
export class MachineCore<Event> extends Outbox<Event> {
  readonly timers = new Timers();
  now: Instant = 0;

  /** Sets a timer `delayNs` from now. */
  after(delayNs: number, run: () => void): Timer {
    return this.timers.set(this.now + delayNs, run);
  }

  /** The machine's `deadline`. */
  get deadline(): Instant | undefined {
    return this.timers.deadline;
  }

  /** The machine's `handleTimeout`. */
  handleTimeout(now: Instant): void {
    this.now = now;
    this.timers.run(now);
  }
}
