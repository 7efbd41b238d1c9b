/**
 * Clients of NFS version 4.1 and their sessions: who a client is, and that each call runs once.
 *
 * A slot remembers its last reply. A call that comes again gets that reply and is not run; one that comes late,
 * behind its successor, is refused. A client that starts anew, under its name with another verifier, ends what it
 * had: its sessions are unknown then, and so is every call that is still under way in one.
 * Source: RFC 8881, 2.4, 2.10 and 18.35 to 18.37, 18.46.
 */

import { formatHex } from '../../codecs/layout/index.ts';
import { ExchangeIdFlags4, NfsStat4, SESSION_ID_BYTES } from '../../codecs/nfs4/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { SECOND } from '../../machine/machine.ts';
import { NfsFault } from '../nfs/file-operations.ts';

/** Clients that are remembered; beyond that those whose lease is over go, the longest silent first. */
export const CLIENTS4_MAX = 1024;
/** Sessions of a client. */
const SESSIONS_MAX = 16;
/** Slots of a session, which is how many calls may be under way. */
export const SLOTS4_MAX = 64;
/** A client that says nothing for so long may be forgotten: a choice of ours, which clients are told (`lease_time`). */
export const LEASE4_SECONDS = 90;
/** A reply of so many bytes is kept whether the client asks for it or not. */
const KEPT_BYTES = 1024;

/** The last call of a slot. */
interface Slot {
  sequenceId: number;
  /** The reply, as long as it is kept. */
  reply: Uint8Array | undefined;
  /** The call, shortened: a call that comes again must be the same one. */
  call: string;
}

/** A client that has said who it is. */
export interface Client4 {
  readonly id: bigint;
  /** Its name, in hex. */
  readonly owner: string;
  readonly verifier: string;
  confirmed: boolean;
  /** Of the next CREATE_SESSION. */
  sequence: number;
  /** What the last CREATE_SESSION was answered. */
  created: Session4 | undefined;
  seenAt: Instant;
  /** It has said that it has nothing more to reclaim. */
  reclaimed: boolean;
  sessions: number;
}

/** A session. */
export interface Session4 {
  readonly id: Uint8Array;
  readonly client: Client4;
  readonly slots: readonly Slot[];
  /** Replies up to so many bytes are kept. */
  readonly cachedBytesMax: number;
}

/** What a SEQUENCE comes to: the call runs, or its reply of before goes out. */
export type Sequenced =
  | { readonly session: Session4; readonly slot: number }
  | { readonly reply: Uint8Array };

/** All clients of a server. */
export class Sessions4 {
  readonly #clients = new Map<bigint, Client4>();
  readonly #sessions = new Map<string, Session4>();
  /** Eight bytes that no server before had: state of an earlier one is known by it. */
  readonly #boot: Uint8Array;
  readonly #ended: (client: Client4) => void;
  readonly #destroyed: (session: Session4) => void;
  #counter = 0;

  /** `ended` hears of each client that is forgotten, `destroyed` of each session. */
  constructor(
    boot: Uint8Array,
    ended: (client: Client4) => void,
    destroyed: (session: Session4) => void = () => {},
  ) {
    this.#boot = boot;
    this.#ended = ended;
    this.#destroyed = destroyed;
  }

  get clients(): number {
    return this.#clients.size;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** EXCHANGE_ID. Errors: `NfsFault`. */
  exchangeId(verifier: Uint8Array, ownerId: Uint8Array, flags: number, now: Instant): Client4 {
    const owner = formatHex(ownerId);
    const mine = [...this.#clients.values()].filter((one) => one.owner === owner);
    const confirmed = mine.find((one) => one.confirmed);
    const isSame = confirmed?.verifier === formatHex(verifier);
    if ((flags & ExchangeIdFlags4.UPD_CONFIRMED_REC_A) !== 0) {
      if (confirmed === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOENT);
      if (!isSame) throw new NfsFault(NfsStat4.NFS4ERR_NOT_SAME);
    }
    if (confirmed !== undefined && isSame) {
      confirmed.seenAt = now;
      return confirmed;
    }
    for (const one of mine) if (!one.confirmed) this.forget(one);
    this.#makeRoom(now);
    const client: Client4 = {
      id: this.#nextId(),
      owner,
      verifier: formatHex(verifier),
      confirmed: false,
      sequence: 1,
      created: undefined,
      seenAt: now,
      reclaimed: false,
      sessions: 0,
    };
    this.#clients.set(client.id, client);
    return client;
  }

  #nextId(): bigint {
    const view = new DataView(this.#boot.buffer, this.#boot.byteOffset, this.#boot.length);
    return (BigInt(view.getUint32(4)) << 32n) | BigInt(++this.#counter);
  }

  #makeRoom(now: Instant): void {
    if (this.#clients.size < CLIENTS4_MAX) return;
    const over = [...this.#clients.values()]
      .filter((one) => !one.confirmed || now - one.seenAt > LEASE4_SECONDS * SECOND)
      .sort((a, b) => a.seenAt - b.seenAt)[0];
    if (over === undefined) throw new NfsFault(NfsStat4.NFS4ERR_DELAY);
    this.forget(over);
  }

  /** CREATE_SESSION: `undefined` where it came before, and what was made then still stands. Errors: `NfsFault`. */
  createSession(
    clientId: bigint,
    sequence: number,
    limits: { readonly slots: number; readonly cachedBytesMax: number },
    now: Instant,
  ): Session4 {
    const client = this.#clients.get(clientId);
    if (client === undefined) throw new NfsFault(NfsStat4.NFS4ERR_STALE_CLIENTID);
    if (client.created !== undefined && sequence === (client.sequence + 0xffff_ffff) % 2 ** 32)
      return client.created;
    if (sequence !== client.sequence) throw new NfsFault(NfsStat4.NFS4ERR_SEQ_MISORDERED);
    if (client.sessions >= SESSIONS_MAX) throw new NfsFault(NfsStat4.NFS4ERR_NOSPC);
    if (!client.confirmed) {
      // The client of this name that was before has started anew: all that it had is over.
      for (const one of [...this.#clients.values()])
        if (one !== client && one.owner === client.owner) this.forget(one);
      client.confirmed = true;
    }
    client.seenAt = now;
    client.sequence = (client.sequence + 1) % 2 ** 32;
    const id = new Uint8Array(SESSION_ID_BYTES);
    id.set(this.#boot);
    new DataView(id.buffer).setBigUint64(this.#boot.length, this.#nextId());
    const slots = Array.from(
      { length: Math.max(1, Math.min(limits.slots, SLOTS4_MAX)) },
      (): Slot => ({ sequenceId: 0, reply: undefined, call: '' }),
    );
    const session = { id, client, slots, cachedBytesMax: limits.cachedBytesMax };
    this.#sessions.set(formatHex(id), session);
    client.created = session;
    client.sessions += 1;
    return session;
  }

  /** The session of an identifier. Errors: `NfsFault`. */
  sessionOf(id: Uint8Array): Session4 {
    const session = this.#sessions.get(formatHex(id));
    if (session === undefined) throw new NfsFault(NfsStat4.NFS4ERR_BADSESSION);
    return session;
  }

  /** All sessions of a client. */
  sessionsOf(client: Client4): Session4[] {
    return [...this.#sessions.values()].filter((session) => session.client === client);
  }

  /** SEQUENCE: `call` names what is called, shortened. Errors: `NfsFault`. */
  sequence(
    at: { readonly sessionId: Uint8Array; readonly sequenceId: number; readonly slotId: number },
    call: string,
    now: Instant,
  ): Sequenced {
    const session = this.sessionOf(at.sessionId);
    const slot = session.slots[at.slotId];
    if (slot === undefined) throw new NfsFault(NfsStat4.NFS4ERR_BADSLOT);
    session.client.seenAt = now;
    if (at.sequenceId === slot.sequenceId) {
      if (slot.call !== call) throw new NfsFault(NfsStat4.NFS4ERR_SEQ_FALSE_RETRY);
      if (slot.reply === undefined) throw new NfsFault(NfsStat4.NFS4ERR_RETRY_UNCACHED_REP);
      return { reply: slot.reply };
    }
    if (at.sequenceId !== (slot.sequenceId + 1) % 2 ** 32)
      throw new NfsFault(NfsStat4.NFS4ERR_SEQ_MISORDERED);
    slot.sequenceId = at.sequenceId;
    slot.reply = undefined;
    slot.call = call;
    return { session, slot: at.slotId };
  }

  /** Keeps the reply of a call that ran, where it is asked for or small. */
  answered(session: Session4, slotId: number, isAsked: boolean, reply: Uint8Array): void {
    const most = isAsked ? session.cachedBytesMax : KEPT_BYTES;
    const slot = session.slots[slotId]!;
    slot.reply = reply.length <= most ? reply : undefined;
  }

  /** DESTROY_SESSION. Errors: `NfsFault`. */
  destroySession(id: Uint8Array): void {
    const session = this.sessionOf(id);
    this.#sessions.delete(formatHex(id));
    this.#destroyed(session);
    session.client.sessions -= 1;
    if (session.client.created === session) session.client.created = undefined;
  }

  /** DESTROY_CLIENTID. Errors: `NfsFault`. */
  destroyClient(id: bigint): void {
    const client = this.#clients.get(id);
    if (client === undefined) throw new NfsFault(NfsStat4.NFS4ERR_STALE_CLIENTID);
    if (client.sessions > 0) throw new NfsFault(NfsStat4.NFS4ERR_CLIENTID_BUSY);
    this.forget(client);
  }

  /** A client and all that it had are no more. */
  forget(client: Client4): void {
    this.#clients.delete(client.id);
    for (const session of this.sessionsOf(client)) {
      this.#sessions.delete(formatHex(session.id));
      this.#destroyed(session);
    }
    this.#ended(client);
  }
}
