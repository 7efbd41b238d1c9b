/**
 * The contract of a protocol machine that speaks byte streams: TCP connections, or whatever brings bytes
 * in order. As with `Machine`: no socket, no clock, no randomness inside.
 *
 * A driver makes one change, by `handleOpened`, `handleBytes`, `handleClosed` or `handleTimeout`, and
 * then drains `poll` until it returns `undefined`. How the bytes of a connection are cut into calls
 * means nothing: any split of them gives the same outputs. `streamContract` in `src/testing` checks it.
 */
import type { Instant } from './machine.ts';

/** A connection, by a number that its driver gives it and that no other connection ever has. */
export type Conn = number;

/** Where a machine wants a connection to; it chooses the id, which no other of its requests ever has. */
export interface ConnectRequest {
  readonly id: number;
  /** An address, as numbers. */
  readonly address: string;
  /** Of TCP. */
  readonly port: number;
}

/** How a stream ends: all was said (`end`), or nothing more can be said or heard (`reset`). */
export type StreamEnd = 'end' | 'reset';

/**
 * What a machine hands out: bytes for a connection; the end of what it says on one (`end`: what it sent
 * before still goes out; `reset`: the connection is over at once, both ways); that it wants a connection;
 * or an event to tell its owner. Bytes that were handed out are not changed any more.
 */
export type StreamOutput<Event> =
  | { readonly conn: Conn; readonly send: Uint8Array }
  | { readonly conn: Conn; readonly close: StreamEnd }
  | { readonly connect: ConnectRequest }
  | { readonly event: Event };

/**
 * A machine that serves or opens connections.
 *
 * The ends of a connection are apart: after the peer's `end` the machine may still send (half-open),
 * until it closes too. Behind its own close, and behind a `reset` from either side, it sends nothing
 * on that connection; behind its own `end` it still takes bytes until the peer's end.
 */
export interface StreamMachine<Event = never> {
  /** A connection is there; its number is new. `id`: it is the one that the machine asked for by that id. */
  handleOpened(conn: Conn, now: Instant, id?: number): void;

  /**
   * The connection that was asked for by this id cannot be had. A driver answers each request once, by this or
   * by `handleOpened`. Only machines that ask for connections have it.
   */
  handleUnreachable?(id: number, now: Instant): void;

  /**
   * Bytes came on a connection, one or more. They are lent: the machine may read them during the call and
   * takes a copy of what it keeps. Bytes for a connection that is over mean nothing.
   */
  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void;

  /** The peer has said all (`end`), or the connection broke (`reset`). At most one of each. */
  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void;

  /** Time has passed. Early and spurious calls do nothing. */
  handleTimeout(now: Instant): void;

  /** Takes the next output, oldest first; `undefined` when there is none. */
  poll(): StreamOutput<Event> | undefined;

  /** When `handleTimeout` is next due; `undefined` while the machine waits for nothing. */
  readonly deadline: Instant | undefined;
}
