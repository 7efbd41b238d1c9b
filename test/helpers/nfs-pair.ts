/** An NFS client and a server with nothing between them: every connection is the test's to break. */
import type { StorageEvent } from '../../src/history/storage.ts';
import type { Conn, StreamMachine } from '../../src/machine/stream-machine.ts';
import { NfsClient } from '../../src/port/nfs/client.ts';
import type { NfsDone, NfsResult } from '../../src/port/nfs/client-result.ts';
import type { NfsFileSystem } from '../../src/port/nfs/file-system.ts';
import type { NfsClientEvent, RpcClientTimes } from '../../src/port/nfs/rpc-client.ts';
import type { NfsServer, NfsServerOptions } from '../../src/port/nfs/server.ts';
import { serverOf } from './nfs.ts';

/** Where the client of a test looks for its server. */
export const SERVER = { address: '10.0.0.1', port: 2049 };
export const CALLER = { machineName: 'host', uid: 0, gid: 0, gids: [] };

export class NfsPair<C extends StreamMachine<NfsClientEvent> = NfsClient> {
  readonly client: C;
  server: NfsServer | undefined;
  now = 0;
  readonly told: NfsClientEvent[] = [];
  readonly serverTold: StorageEvent[] = [];
  /** Instants at which the client asked for a connection. */
  readonly connects: number[] = [];
  /** Bytes from the server are lost while this is so. */
  deaf = false;
  /** Bytes from the client are lost while this is so. */
  mute = false;
  /** Bytes from the client stay under way while this is so. */
  holding = false;
  readonly #held: { readonly conn: Conn; readonly bytes: Uint8Array }[] = [];
  #conns = 0;
  #conn: Conn | undefined;

  constructor(server: NfsServer | undefined, times: Partial<RpcClientTimes> = {}, client?: C) {
    this.server = server;
    this.client =
      client ??
      (new NfsClient({ server: SERVER, caller: CALLER, xid: 1000, times }) as unknown as C);
  }

  /** Carries bytes and connections until nobody has more to say. */
  settle(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (let out = this.client.poll(); out !== undefined; out = this.client.poll()) {
        busy = true;
        if ('event' in out) this.told.push(out.event);
        else if ('connect' in out) this.#connect(out.connect.id);
        else if ('send' in out) {
          if (this.holding) this.#held.push({ conn: out.conn, bytes: out.send });
          else if (!this.mute) this.server?.handleBytes(out.conn, out.send, this.now);
        } else if ('close' in out) this.server?.handleClosed(out.conn, out.close, this.now);
      }
      const { server } = this;
      for (let out = server?.poll(); out !== undefined; out = server?.poll()) {
        busy = true;
        if ('event' in out) this.serverTold.push(out.event);
        else if ('send' in out) {
          if (!this.deaf && out.conn === this.#conn)
            this.client.handleBytes(out.conn, out.send, this.now);
        } else if ('close' in out) this.client.handleClosed(out.conn, out.close, this.now);
      }
    }
  }

  #connect(id: number): void {
    this.connects.push(this.now);
    if (this.server === undefined) {
      this.client.handleUnreachable?.(id, this.now);
      return;
    }
    this.#conn = ++this.#conns;
    this.server.handleOpened(this.#conn, this.now);
    this.client.handleOpened?.(this.#conn, this.now);
  }

  /** The connection breaks, for both. */
  cut(): void {
    const conn = this.#conn;
    if (conn === undefined) return;
    this.#conn = undefined;
    this.server?.handleClosed(conn, 'reset', this.now);
    this.client.handleClosed(conn, 'reset', this.now);
    this.settle();
  }

  /** The client takes its connection for broken, of which the server does not hear. */
  abandon(): void {
    const conn = this.#conn;
    if (conn === undefined) return;
    this.#conn = undefined;
    this.client.handleClosed(conn, 'reset', this.now);
    this.settle();
  }

  /** What was held comes. */
  deliver(): void {
    for (const { bytes, conn } of this.#held.splice(0))
      this.server?.handleBytes(conn, bytes, this.now);
    this.settle();
  }

  /** Another server, or none, in the place of the one that is there. */
  restart(fileSystem: NfsFileSystem | undefined, options: Partial<NfsServerOptions> = {}): void {
    this.server = fileSystem === undefined ? undefined : serverOf({ fileSystem, ...options });
    this.cut();
  }

  /** Lets time pass. */
  wait(ns: number): void {
    const until = this.now + ns;
    for (;;) {
      const deadlines = [this.client.deadline, this.server?.deadline].filter(
        (at) => at !== undefined,
      );
      const next = Math.min(...deadlines);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      this.client.handleTimeout(this.now);
      this.server?.handleTimeout(this.now);
      this.settle();
    }
    this.now = until;
  }

  /** What something comes to; it is not over where that is `undefined`. */
  start<T>(ask: (done: NfsDone<T>) => void): { result: NfsResult<T> | undefined } {
    const asked: { result: NfsResult<T> | undefined } = { result: undefined };
    ask((result) => {
      asked.result = result;
    });
    this.settle();
    return asked;
  }

  /** The same where it is over at once, and went well. */
  ask<T>(ask: (done: NfsDone<T>) => void): T {
    const { result } = this.start(ask);
    if (result?.state !== 'done') throw new Error(JSON.stringify(result));
    return result.value;
  }
}
