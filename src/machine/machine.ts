/**
 * The contract of every protocol machine: no socket, no clock, no randomness inside.
 *
 * A driver (the simulator or the live driver) makes one change, by `handleFrame` or
 * `handleTimeout`, and then drains `poll` until it returns `undefined`. Time is an argument,
 * so the same machine runs under virtual and under real time.
 */

/** A moment in integer nanoseconds since the driver's start (2^53 ns is 104 days). */
export type Instant = number;

export const MICROSECOND: Instant = 1_000;
export const MILLISECOND: Instant = 1_000_000;
export const SECOND: Instant = 1_000_000_000;

/** What a machine hands out: a frame to put on a port's wire, or an event to tell its owner. */
export type Output<Event> =
  | { readonly port: number; readonly send: Uint8Array }
  | { readonly event: Event };

export interface Machine<Event = never> {
  /**
   * A whole Ethernet frame (without FCS) arrived at a port. The machine may keep the array and
   * must not change it; a frame is immutable once sent.
   */
  handleFrame(port: number, frame: Uint8Array, now: Instant): void;

  /**
   * The same for a frame that nobody else keeps: the machine may change it, and put it out again. A
   * driver that is not sure calls `handleFrame`.
   */
  takeFrame?(port: number, frame: Uint8Array, now: Instant): void;

  /** It puts out every array once and keeps none of it, so that its receiver may have it whole. */
  readonly givesFramesAway?: boolean;

  /** Time has passed. Early and spurious calls do nothing. */
  handleTimeout(now: Instant): void;

  /** Takes the next output, oldest first; `undefined` when there is none. */
  poll(): Output<Event> | undefined;

  /** When `handleTimeout` is next due; `undefined` while the machine waits for nothing. */
  readonly deadline: Instant | undefined;
}
