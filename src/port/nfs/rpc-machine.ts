/** A client of RPC as a machine: what every version of NFS does with connections, bytes and time. */
import type { Instant } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import type { NfsClientEvent, RpcClient } from './rpc-client.ts';

/** What is the same for every client. */
export abstract class RpcMachine implements StreamMachine<NfsClientEvent> {
  protected readonly core: StreamCore<NfsClientEvent> = new StreamCore<NfsClientEvent>();
  /** Its calls, on one connection after the other. */
  protected abstract readonly rpc: RpcClient;

  /** The instant of its last change. */
  get now(): Instant {
    return this.core.now;
  }

  handleOpened(conn: Conn, now: Instant, _id?: number): void {
    this.core.now = now;
    this.rpc.opened(conn);
  }

  handleUnreachable(_id: number, now: Instant): void {
    this.core.now = now;
    this.rpc.connectFailed();
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.core.now = now;
    this.rpc.received(conn, bytes);
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.core.now = now;
    this.rpc.closed(conn, how);
  }

  handleTimeout(now: Instant): void {
    this.core.handleTimeout(now);
  }

  poll(): StreamOutput<NfsClientEvent> | undefined {
    return this.core.poll();
  }

  get deadline(): Instant | undefined {
    return this.core.deadline;
  }
}
