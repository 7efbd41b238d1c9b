/** One run of a machine that speaks byte streams, for the rules of its contract. */
import type { Instant } from '../machine/machine.ts';
import type {
  Conn,
  ConnectRequest,
  StreamMachine,
  StreamOutput,
} from '../machine/stream-machine.ts';
import { Broken, show } from './check.ts';

/** More outputs than this from one change are an endless loop. */
const OUTPUTS_MAX = 100_000;
/** Timeouts after a conversation: more that lead nowhere are an endless loop. */
const TIMEOUTS_MAX = 1_000;

const TCP_PORT_MAX = 0xffff;

/** What a machine said on its connections: each one's bytes joined, and how it closed them. */
class Said {
  readonly bytes = new Map<Conn, Uint8Array[]>();
  readonly closed = new Map<Conn, string>();
  readonly events: string[] = [];
  bytesOut = 0;
  /** Connections on which nothing may be said any more. */
  readonly over = new Set<Conn>();
  /** Ids by which it asked for connections; what it asked for and was not answered, oldest first. */
  readonly asked = new Set<number>();
  readonly waiting: ConnectRequest[] = [];

  take(output: StreamOutput<unknown>): void {
    if ('event' in output) {
      this.events.push(show(output.event));
      return;
    }
    if ('connect' in output) {
      this.#takeRequest(output.connect);
      return;
    }
    const { conn } = output;
    if (this.over.has(conn)) throw new Broken(`says ${show(output)} on a connection that is over`);
    if ('send' in output) {
      const parts = this.bytes.get(conn) ?? [];
      this.bytes.set(conn, parts);
      parts.push(output.send);
      this.bytesOut += output.send.length;
      if (output.send.length === 0) throw new Broken('sends no bytes at all');
      return;
    }
    this.closed.set(conn, output.close);
    this.over.add(conn);
  }

  #takeRequest(request: ConnectRequest): void {
    const { id, address, port } = request;
    if (this.asked.has(id)) throw new Broken(`asks twice for a connection by the id ${id}`);
    if (address === '' || !Number.isInteger(port) || port < 1 || port > TCP_PORT_MAX)
      throw new Broken(`asks for a connection to nowhere: ${show(request)}`);
    this.asked.add(id);
    this.waiting.push(request);
    this.events.push(`connect ${address} ${port}`);
  }

  /** All of it as text: the same for the same bytes, however they were cut. */
  text(): string {
    const conns = [...new Set([...this.bytes.keys(), ...this.closed.keys()])].sort((a, b) => a - b);
    const lines = conns.map((conn) => {
      const bytes = (this.bytes.get(conn) ?? []).flatMap((part) => [...part]);
      return `${conn}: ${bytes.join(' ')} ${this.closed.get(conn) ?? 'open'}`;
    });
    return [...lines, ...this.events].join('\n');
  }
}

/** A machine, what it has said, and the connections that its driver has. */
export class StreamRun {
  readonly said = new Said();
  now: Instant = 0;
  bytesIn = 0;
  readonly #machine: StreamMachine<unknown>;
  #conns = 0;

  constructor(machine: StreamMachine<unknown>) {
    this.#machine = machine;
    this.drain();
  }

  /** A connection: the one that the machine has asked for, or one that a peer opens. */
  open(): Conn {
    const conn = ++this.#conns;
    const request = this.said.waiting.shift();
    if (request === undefined) this.#machine.handleOpened(conn, this.now);
    else this.#machine.handleOpened(conn, this.now, request.id);
    this.drain();
    return conn;
  }

  bytes(conn: Conn, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.bytesIn += bytes.length;
    // What is lent is gone after the call.
    const lent = bytes.slice();
    this.#machine.handleBytes(conn, lent, this.now);
    lent.fill(0xa5);
    this.drain();
  }

  close(conn: Conn, how: 'end' | 'reset'): void {
    if (how === 'reset') this.said.over.add(conn);
    this.#machine.handleClosed(conn, how, this.now);
    this.drain();
  }

  /** Every connection that the machine asked for and has not cannot be had. */
  refuse(): void {
    for (const { id } of this.said.waiting.splice(0)) {
      if (this.#machine.handleUnreachable === undefined)
        throw new Broken('asks for connections, and does not hear that one cannot be had');
      this.#machine.handleUnreachable(id, this.now);
      this.drain();
    }
  }

  /** Lets time pass until the machine waits for nothing, or `untilNs`; nobody answers meanwhile. */
  wait(untilNs = Number.POSITIVE_INFINITY): void {
    for (let i = 0; i < TIMEOUTS_MAX; i++) {
      this.refuse();
      const { deadline } = this.#machine;
      if (deadline === undefined || deadline > untilNs) return;
      if (!Number.isSafeInteger(deadline) || deadline < 0)
        throw new Broken(`a deadline of ${deadline} is no whole nanosecond`);
      this.now = Math.max(this.now, deadline);
      this.#machine.handleTimeout(this.now);
      this.drain();
      const { deadline: next } = this.#machine;
      if (next !== undefined && next <= this.now)
        throw new Broken(`still due at ${next} after the timeout at ${this.now}`);
    }
  }

  drain(): void {
    let outputs = 0;
    for (let output = this.#machine.poll(); output !== undefined; output = this.#machine.poll()) {
      this.said.take(output);
      if (++outputs > OUTPUTS_MAX)
        throw new Error(`poll gives more than ${OUTPUTS_MAX} outputs for one change`);
    }
  }

  /** A timeout that is not due changes nothing. */
  wakeEarly(): void {
    const { deadline } = this.#machine;
    if (deadline !== undefined && deadline <= this.now) return;
    this.#machine.handleTimeout(this.now);
    const output = this.#machine.poll();
    if (output !== undefined)
      throw new Broken(`a timeout at ${this.now}, due at ${deadline}, gives ${show(output)}`);
    if (this.#machine.deadline !== deadline)
      throw new Broken(`a timeout at ${this.now} moves the deadline from ${deadline}`);
  }
}
