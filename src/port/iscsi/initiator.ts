/**
 * An iSCSI initiator as a machine: sessions with portals of targets, and discoveries.
 *
 * Ownership: it owns its sessions and their connections, which it asks its driver for. One connection a session, error
 * recovery level 0.
 * Source: RFC 7143.
 */
import type { Instant } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import type { ConnectionHost, InitiatorConnection } from './initiator-connection.ts';
import { type Discovery, InitiatorDiscovery } from './initiator-discovery.ts';
import {
  INITIATOR_TIMES,
  type InitiatorTimes,
  type IscsiInitiatorOptions,
} from './initiator-options.ts';
import { InitiatorSession, type SessionListener, type SessionTarget } from './initiator-session.ts';

/** What an initiator tells: what came contradicts what should have. */
export interface IscsiInitiatorEvent {
  readonly type: 'contradiction';
  readonly what: string;
}

/** An initiator and its sessions. */
export class IscsiInitiator implements StreamMachine<IscsiInitiatorEvent>, ConnectionHost {
  readonly options: IscsiInitiatorOptions;
  readonly times: InitiatorTimes;
  readonly core = new StreamCore<IscsiInitiatorEvent>();
  readonly #asked = new Map<number, InitiatorConnection>();
  readonly #connections = new Map<Conn, InitiatorConnection>();
  #ids = 0;
  #sessions = 0;

  constructor(options: IscsiInitiatorOptions) {
    this.options = options;
    this.times = { ...INITIATOR_TIMES, ...options.times };
  }

  // What its owner asks.

  /** Logs in to a portal, and keeps the session until it is logged out or given up. */
  login(target: SessionTarget, listener: SessionListener, now: Instant): InitiatorSession {
    this.core.now = now;
    return new InitiatorSession(this, target, listener, ++this.#sessions);
  }

  /** Asks a portal which targets there are; `done` is called once, in a later change of the machine. */
  discover(
    portal: { readonly address: string; readonly port: number },
    now: Instant,
    done: (result: Discovery) => void,
  ): void {
    this.core.now = now;
    new InitiatorDiscovery(this, portal, ++this.#sessions, done);
  }

  /** What sessions and their nexuses are asked for from now on happens at this time. */
  setTime(now: Instant): void {
    this.core.now = now;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    return {
      connections: this.#connections.size,
      'connections asked for': this.#asked.size,
      timers: this.core.timers.pending,
    };
  }

  // The machine contract.

  handleOpened(conn: Conn, now: Instant, id?: number): void {
    this.core.now = now;
    const connection = id === undefined ? undefined : this.#asked.get(id);
    // Nobody calls an initiator; one that was asked for and is not wanted any more came late.
    if (connection === undefined) {
      this.core.close(conn, 'reset');
      return;
    }
    this.#asked.delete(id!);
    this.#connections.set(conn, connection);
    connection.opened(conn);
  }

  handleUnreachable(id: number, now: Instant): void {
    this.core.now = now;
    const connection = this.#asked.get(id);
    this.#asked.delete(id);
    connection?.unreachable();
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.core.now = now;
    this.#connections.get(conn)?.received(bytes);
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.core.now = now;
    this.#connections.get(conn)?.closed(how);
  }

  handleTimeout(now: Instant): void {
    this.core.handleTimeout(now);
  }

  poll(): StreamOutput<IscsiInitiatorEvent> | undefined {
    return this.core.poll();
  }

  get deadline(): Instant | undefined {
    return this.core.deadline;
  }

  // What its connections ask.

  connect(connection: InitiatorConnection, address: string, port: number): void {
    const id = ++this.#ids;
    this.#asked.set(id, connection);
    this.core.connect({ id, address, port });
  }

  forget(connection: InitiatorConnection): void {
    for (const [id, one] of this.#asked) if (one === connection) this.#asked.delete(id);
    for (const [conn, one] of this.#connections)
      if (one === connection) this.#connections.delete(conn);
  }

  contradiction(what: string): void {
    this.core.emit({ type: 'contradiction', what });
  }
}
