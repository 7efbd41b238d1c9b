/** A small machine that speaks byte streams: it sends back what it is sent, message by message. */
import type { Instant } from '../../src/machine/machine.ts';
import { SECOND } from '../../src/machine/machine.ts';
import type {
  Conn,
  StreamEnd,
  StreamMachine,
  StreamOutput,
} from '../../src/machine/stream-machine.ts';

export type EchoEvent = { readonly conn: Conn; readonly bytes: number };

const PREFIX_BYTES = 2;
/** Longer messages break the connection. */
export const ECHO_BYTES_MAX = 64;
/** A connection without a whole message for so long is closed. */
export const ECHO_IDLE_NS = 30 * SECOND;

export interface EchoConnection {
  /** What came and is no whole message yet. */
  waiting: Uint8Array;
  dueAt: Instant;
}

/** Messages are a length of two bytes and so many bytes of text, 64 at most. */
export class LengthEcho implements StreamMachine<EchoEvent> {
  readonly connections = new Map<Conn, EchoConnection>();
  readonly outputs: StreamOutput<EchoEvent>[] = [];

  handleOpened(conn: Conn, now: Instant): void {
    this.connections.set(conn, { waiting: new Uint8Array(0), dueAt: now + ECHO_IDLE_NS });
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    const connection = this.connections.get(conn);
    if (connection === undefined) return;
    const joined = new Uint8Array(connection.waiting.length + bytes.length);
    joined.set(connection.waiting);
    joined.set(bytes, connection.waiting.length);
    let at = 0;
    while (joined.length - at >= PREFIX_BYTES) {
      const length = joined[at]! * 256 + joined[at + 1]!;
      if (length > ECHO_BYTES_MAX) {
        this.close(conn, 'reset');
        return;
      }
      const end = at + PREFIX_BYTES + length;
      if (end > joined.length) break;
      this.answer(conn, joined.slice(at, end));
      connection.dueAt = now + ECHO_IDLE_NS;
      at = end;
    }
    connection.waiting = joined.slice(at);
  }

  handleClosed(conn: Conn, how: StreamEnd, _now: Instant): void {
    const connection = this.connections.get(conn);
    if (connection === undefined) return;
    if (how === 'reset') this.connections.delete(conn);
    else this.close(conn, connection.waiting.length === 0 ? 'end' : 'reset');
  }

  handleTimeout(now: Instant): void {
    for (const [conn, { dueAt }] of this.connections) if (dueAt <= now) this.close(conn, 'end');
  }

  poll(): StreamOutput<EchoEvent> | undefined {
    return this.outputs.shift();
  }

  get deadline(): Instant | undefined {
    const due = Math.min(...[...this.connections.values()].map(({ dueAt }) => dueAt));
    return Number.isFinite(due) ? due : undefined;
  }

  answer(conn: Conn, message: Uint8Array): void {
    this.outputs.push({ conn, send: message });
    this.outputs.push({ event: { conn, bytes: message.length } });
  }

  close(conn: Conn, close: StreamEnd): void {
    this.connections.delete(conn);
    this.outputs.push({ conn, close });
  }
}

/** Messages of these texts, as a peer sends them. */
export const echoMessages = (...texts: string[]): Uint8Array =>
  Uint8Array.from(
    texts.flatMap((text) => [text.length >> 8, text.length & 0xff, ...Buffer.from(text)]),
  );
