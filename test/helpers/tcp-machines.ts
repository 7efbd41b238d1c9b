/** Small machines that speak byte streams, to try TCP with. */
import type { Instant } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { StreamCore } from '../../src/machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine } from '../../src/machine/stream-machine.ts';
import { StreamNode } from '../../src/net/stream-node.ts';
import type { TcpOptions } from '../../src/net/tcp/options.ts';

/** Notes what happens to it. */
export class Talker implements StreamMachine {
  readonly core = new StreamCore<never>();
  /** What happened, in order. */
  readonly log: string[] = [];
  /** What came, by connection. */
  readonly came = new Map<Conn, number[]>();
  conn: Conn = 0;
  /** Called when a connection is there. */
  onOpened: (conn: Conn) => void = () => {};
  onBytes: (conn: Conn, bytes: Uint8Array) => void = () => {};
  onEnd: (conn: Conn) => void = () => {};

  connect(address: string, port: number, id = 1): void {
    this.core.connect({ id, address, port });
  }

  handleOpened(conn: Conn, now: Instant, id?: number): void {
    this.core.now = now;
    this.conn = conn;
    this.came.set(conn, []);
    this.log.push(id === undefined ? 'accepted' : `opened ${id}`);
    this.onOpened(conn);
  }

  handleUnreachable(id: number, now: Instant): void {
    this.core.now = now;
    this.log.push(`unreachable ${id}`);
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.core.now = now;
    this.came.get(conn)?.push(...bytes);
    this.onBytes(conn, bytes);
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.core.now = now;
    this.log.push(how);
    if (how === 'end') this.onEnd(conn);
  }

  handleTimeout(now: Instant): void {
    this.core.handleTimeout(now);
  }

  poll() {
    return this.core.poll();
  }

  get deadline() {
    return this.core.deadline;
  }

  /** All that came on its last connection. */
  get bytes(): Uint8Array {
    return Uint8Array.from(this.came.get(this.conn) ?? []);
  }
}

/** The address of a station. */
export const addressOf = (number: number): string => `10.0.0.${number}`;
/** The hardware address of a station. */
export const macOf = (number: number): string =>
  `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;

/** A station with a machine on it. */
export function station(
  number: number,
  machine: StreamMachine,
  { tcp, listens, seed = 1 }: { tcp?: TcpOptions; listens?: readonly number[]; seed?: number } = {},
): StreamNode<never> {
  return new StreamNode({
    port: { mac: macOf(number), address: addressOf(number), ...(tcp === undefined ? {} : { tcp }) },
    machine,
    ...(listens === undefined ? {} : { listens }),
    random: streams(seed).stream(`station ${number}`),
  });
}

/** Bytes that tell their place: none of the first 65,536 pairs is there twice. */
export function marked(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i & 1 ? i >> 9 : i >> 1) & 0xff);
}
