/**
 * The contract of every protocol machine: no socket, no clock, no randomness inside.
 *
 * A driver (the simulator or the live driver) makes one change, by `handleFrame`, `handleLink` or
 * `handleTimeout`, and then drains `poll` until it returns `undefined`. Time is an argument, so the
 * same machine runs under virtual and under real time. `machineContract` in `src/testing` checks all
 * of it.
 *
 * Who has a frame: an array that is *given* belongs to its receiver alone, who may change it and send
 * it on. One that is not is *lent*: whoever has it may keep it, and nobody may change it any more.
 */

/** A moment in integer nanoseconds since the driver's start (2^53 ns is 104 days). */
export type Instant = number;

/** A microsecond in nanoseconds. */
export const MICROSECOND: Instant = 1_000;
/** A millisecond in nanoseconds. */
export const MILLISECOND: Instant = 1_000_000;
/** A second in nanoseconds. */
export const SECOND: Instant = 1_000_000_000;

/**
 * What a machine hands out: a frame to put on a port's link, or an event to tell its owner.
 *
 * `given`: the machine keeps nothing of the array and puts it out this once.
 */
export type Output<Event> =
  | { readonly port: number; readonly send: Uint8Array; readonly given: boolean }
  | { readonly event: Event };

/** A protocol machine whose ports carry frames; a machine without ports ignores frames and links. */
export interface Machine<Event = never> {
  /**
   * A whole frame arrived at a port, as the link carries it (Ethernet: without FCS).
   *
   * `given`: nobody else keeps the array, so the machine may change it and put it out again. If not,
   * the machine may keep it and must not change it. What comes of the frame is the same either way.
   */
  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void;

  /**
   * The link at a port went up or down. A driver tells a machine every change; told what it knows
   * already, the machine does nothing. What a port is taken for before, the machine's options say.
   */
  handleLink(port: number, up: boolean, now: Instant): void;

  /** Time has passed. Early and spurious calls do nothing. */
  handleTimeout(now: Instant): void;

  /** Takes the next output, oldest first; `undefined` when there is none. */
  poll(): Output<Event> | undefined;

  /** When `handleTimeout` is next due; `undefined` while the machine waits for nothing. */
  readonly deadline: Instant | undefined;
}
