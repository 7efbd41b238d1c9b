/** Clients of NFS version 4.1 and their sessions, as a capture shows them named, made and ended. Source: RFC 8881, 2.4 and 2.10. */
import { formatHex } from '../../../codecs/layout/index.ts';
import { type InitiatorDevice, nfsClient, nfsServer } from '../../../history/index.ts';
import { remember } from '../../ledger/remember.ts';
import {
  addressOf,
  isOver,
  isSurelyBefore,
  type SeenMoment,
  type SeenSession,
  type SessionChecks,
  type SessionEnd,
  type SessionListener,
} from '../session.ts';
import { SessionSlots, type SlotSink } from './slots.ts';

/** Clients and sessions that are remembered. */
const CLIENTS_MAX = 10_000;
const SESSIONS_MAX = 10_000;

/** Both ends of a connection: address and port. */
export interface Ends {
  readonly number: number;
  readonly client: string;
  readonly server: string;
}

/** A session, and what only its own calls care about. */
export interface Session4Seen {
  readonly session: SeenSession;
  /** Names the client among those of the capture; empty where its login was not seen. */
  readonly client: string;
  readonly slots: SessionSlots;
  /** Connections that carry its calls and are open. */
  readonly connections: Set<number>;
  /** The last call of it that was answered well. */
  heard: SeenMoment | undefined;
}

interface Client {
  /** `co_ownerid` in hex. */
  readonly owner: string;
}

/** What is needed to follow them. */
export interface Clients4Options {
  readonly tell: SessionListener;
  readonly checks: SessionChecks;
  readonly nextNumber: () => number;
  /** What slots of a session tell. */
  readonly slotSink: (of: () => Session4Seen) => SlotSink;
}

/** Follows them. */
export class Clients4 {
  readonly #options: Clients4Options;
  /** By server and client identifier. */
  readonly #clients = new Map<string, Client>();
  /** By server and session identifier; one of several servers also without. */
  readonly #sessions = new Map<string, Session4Seen>();

  constructor(options: Clients4Options) {
    this.#options = options;
  }

  /** EXCHANGE_ID was answered well. */
  named(server: string, clientId: bigint, ownerId: Uint8Array): void {
    remember(this.#clients, `${server} ${clientId}`, { owner: formatHex(ownerId) }, CLIENTS_MAX);
  }

  /** CREATE_SESSION was answered well: a client that has started anew ends the sessions that it had. */
  created(ends: Ends, clientId: bigint, sessionId: Uint8Array, at: SeenMoment): void {
    const server = addressOf(ends.server);
    const key = `${server} ${formatHex(sessionId)}`;
    // The answer to the same call again.
    if (this.#sessions.get(key)?.session.began !== undefined) return;
    const client = `${server} ${clientId}`;
    const owner = this.#clients.get(client)?.owner;
    const made = this.#begin(ends, key, client, owner, at);
    if (owner === undefined) return;
    for (const one of this.#sessions.values()) {
      if (one === made || !one.client.startsWith(`${server} `) || one.client === client) continue;
      if (this.#clients.get(one.client)?.owner !== owner) continue;
      const { began, ended } = one.session;
      if (ended === undefined && began !== undefined && isSurelyBefore(began, at))
        this.#end(one.session, at, 'reinstated', made.session);
    }
  }

  /** The session of a call; one that was not seen to begin is met by its first call. */
  sessionOf(ends: Ends, sessionId: Uint8Array): Session4Seen {
    const id = formatHex(sessionId);
    const key = `${addressOf(ends.server)} ${id}`;
    let known = this.#sessions.get(key);
    if (known === undefined) {
      // A client may reach its session by another address of the server.
      known = [...this.#sessions].find(
        ([one, { session }]) => one.endsWith(` ${id}`) && session.ended === undefined,
      )?.[1];
      if (known === undefined) known = this.#begin(ends, key, '', undefined, undefined);
      else {
        known.session.isShared = true;
        remember(this.#sessions, key, known, SESSIONS_MAX);
      }
    }
    if (!known.connections.has(ends.number)) {
      known.connections.add(ends.number);
      if (known.connections.size > 1) known.session.isShared = true;
    }
    return known;
  }

  /** The client of a session; empty where nobody knows. */
  clientOf(server: string, sessionId: Uint8Array): string {
    return this.#sessions.get(`${server} ${formatHex(sessionId)}`)?.client ?? '';
  }

  /** DESTROY_SESSION was answered well. */
  destroyed(server: string, sessionId: Uint8Array, at: SeenMoment): void {
    const session = this.#sessions.get(`${server} ${formatHex(sessionId)}`)?.session;
    if (session !== undefined && session.ended === undefined)
      this.#end(session, at, 'logged out', undefined);
  }

  /** A connection is over: its sessions go on without it. */
  closed(connection: number): void {
    for (const one of this.#sessions.values()) one.connections.delete(connection);
  }

  /** Calls to a server may be missing, of whatever session; to all of them where it is left out. */
  lose(server?: string): void {
    for (const one of this.#sessions.values())
      if (server === undefined || addressOf(one.session.server) === server) one.slots.lose();
  }

  /** When a client was last heard of. */
  heard(client: string): SeenMoment | undefined {
    let last: SeenMoment | undefined;
    for (const one of this.#sessions.values())
      if (one.client === client && one.heard !== undefined && (last?.at ?? -1) < one.heard.at)
        last = one.heard;
    return last;
  }

  #begin(
    { client: address, server }: Ends,
    key: string,
    client: string,
    owner: string | undefined,
    began: SeenMoment | undefined,
  ): Session4Seen {
    const { nextNumber, slotSink, tell } = this.#options;
    const session: SeenSession = {
      number: nextNumber(),
      carrier: 'NFS 4.1',
      initiator: nfsClient(addressOf(address)),
      target: nfsServer(addressOf(server)),
      device: (owner ?? addressOf(address)) as InitiatorDevice,
      client: address,
      server,
      began,
      isShared: false,
      ended: undefined,
    };
    const made: Session4Seen = {
      session,
      client,
      slots: new SessionSlots(
        slotSink(() => made),
        began !== undefined,
      ),
      connections: new Set(),
      heard: undefined,
    };
    remember(this.#sessions, key, made, SESSIONS_MAX);
    tell({ type: 'began', session });
    return made;
  }

  #end(session: SeenSession, at: SeenMoment, how: SessionEnd, by: SeenSession | undefined): void {
    session.ended = { ...at, how, by };
    if (isOver(session)) this.#options.checks.count('dead');
    this.#options.tell({ type: 'ended', session });
  }
}
