/**
 * What machines that speak byte streams are built on: an outbox, a set of timers and the current instant.
 *
 * Ownership: a machine owns one `StreamCore` and passes it to its parts, as with `MachineCore`.
 */
import type { Instant } from './machine.ts';
import type { Conn, ConnectRequest, StreamEnd, StreamOutput } from './stream-machine.ts';
import { type Timer, Timers } from './timers.ts';

/** Outbox, timers and the current instant of one machine that speaks byte streams. */
export class StreamCore<Event> {
  readonly timers = new Timers();
  now: Instant = 0;
  /** Outputs from `#taken` on wait. */
  #outputs: StreamOutput<Event>[] = [];
  #taken = 0;
  #waitingBytes = 0;

  /** How many bytes wait to be sent. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** How many outputs wait. */
  get waiting(): number {
    return this.#outputs.length - this.#taken;
  }

  /** Says something on a connection. The bytes are not changed any more. */
  send(conn: Conn, bytes: Uint8Array): void {
    this.#waitingBytes += bytes.length;
    this.#outputs.push({ conn, send: bytes });
  }

  /** Says no more on a connection; see `StreamEnd`. */
  close(conn: Conn, how: StreamEnd): void {
    this.#outputs.push({ conn, close: how });
  }

  /** Asks for a connection. */
  connect(request: ConnectRequest): void {
    this.#outputs.push({ connect: request });
  }

  /** Tells the machine's owner that something happened. */
  emit(event: Event): void {
    this.#outputs.push({ event });
  }

  /** The machine's `poll`. */
  poll(): StreamOutput<Event> | undefined {
    if (this.#taken === this.#outputs.length) {
      this.#outputs = [];
      this.#taken = 0;
      return undefined;
    }
    const output = this.#outputs[this.#taken++]!;
    if ('send' in output) this.#waitingBytes -= output.send.length;
    return output;
  }

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
