/**
 * BGP-4 for Ethernet VPNs over byte streams: a speaker that tells its routes and hears those of others, or a reflector
 * that passes on what each client tells to all others.
 *
 * Ownership: it owns its sessions and what each peer has told. Whoever hears its events chooses among routes: there is no
 * policy here. A message that does not hold together ends its session, an UPDATE with a bad member is said and left out.
 * Source: RFC 4271, RFC 4456, RFC 4760, RFC 7432.
 */
import {
  BGP_TCP_PORT,
  type BgpMessageOf,
  CeaseSubcode,
  type EvpnRoute,
  type EvpnRouteInput,
  NotificationCode,
  type PathAttribute,
  UpdateError,
} from '../../codecs/bgp/index.ts';
import type { BgpSessionChanged } from '../../history/lan.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import { attributesOf, EVPN, keyOf, type RouteOptions, reflect, type Told } from './bgp-routes.ts';
import { BgpSession, type BgpSessionOwner } from './bgp-session.ts';

/** Source: ConnectRetryTime of FRR. */
const CONNECT_RETRY_NS = 2 * SECOND;
/** Routes that a peer may tell, and sessions. */
const ROUTES_MAX = 16_384;
const SESSIONS_MAX = 256;

/** What a speaker is told when it is made. */
export interface BgpSpeakerOptions {
  readonly as: number;
  /** Its router ID: IPv4. */
  readonly identifier: string;
  /** Passes routes of one client on to the others. */
  readonly isReflector: boolean;
  /** Whom it connects to. */
  readonly peers: readonly string[];
}

/** A peer told a route, or took one back. */
export interface BgpRouteHeard {
  readonly type: 'bgp-route';
  readonly peer: string;
  readonly step: 'reach' | 'unreach';
  readonly route: EvpnRoute;
  readonly nextHop: string;
  readonly sequence: number;
  readonly sticky: boolean;
}

/** What a speaker tells its owner. */
export type BgpEvent = BgpRouteHeard | BgpSessionChanged;

/** A speaker or reflector as a machine. */
export class BgpSpeaker implements StreamMachine<BgpEvent> {
  readonly options: BgpSpeakerOptions;
  readonly #core = new StreamCore<BgpEvent>();
  readonly #sessions = new Map<Conn, BgpSession>();
  readonly #own = new Map<string, Told>();
  #nextId = 1;
  readonly #asked = new Map<number, string>();

  readonly #owner: BgpSessionOwner;

  constructor(options: BgpSpeakerOptions) {
    this.options = options;
    const core = this.#core;
    this.#owner = {
      ...{ as: options.as, identifier: options.identifier },
      after: (delayNs, run) => core.after(delayNs, run),
      send: (conn, bytes) => core.send(conn, bytes),
      close: (conn) => core.close(conn, 'end'),
      established: (session) => this.#sessionEstablished(session),
      update: (session, message) => this.#update(session, message),
      refresh: (session) => this.#tellAll(session),
      closed: (session, reason) => this.#sessionClosed(session, reason),
    };
  }

  /** Connects to its peers. */
  start(now: Instant): void {
    this.#core.now = now;
    for (const address of this.options.peers) this.#connect(address);
  }

  /** Tells everybody of a route, or of what has changed about it. */
  advertise(route: EvpnRouteInput, options: RouteOptions, now: Instant): void {
    this.#core.now = now;
    const told = { route, attributes: attributesOf(route, options, this.options.as) };
    this.#own.set(keyOf(route), told);
    for (const session of this.#established()) this.#reach(session, told);
  }

  /** Takes a route back. */
  withdraw(route: EvpnRouteInput, now: Instant): void {
    this.#core.now = now;
    if (!this.#own.delete(keyOf(route))) return;
    for (const session of this.#established()) this.#unreach(session, route);
  }

  handleOpened(conn: Conn, now: Instant, id?: number): void {
    this.#core.now = now;
    if (this.#sessions.size >= SESSIONS_MAX) {
      this.#core.close(conn, 'reset');
      return;
    }
    const address = id === undefined ? undefined : this.#asked.get(id);
    if (id !== undefined) this.#asked.delete(id);
    const session = new BgpSession(conn, address, this.#owner);
    this.#sessions.set(conn, session);
    session.start();
  }

  handleUnreachable(id: number, now: Instant): void {
    this.#core.now = now;
    const address = this.#asked.get(id);
    this.#asked.delete(id);
    if (address !== undefined) this.#connectLater(address);
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.#core.now = now;
    this.#sessions.get(conn)?.handleBytes(bytes);
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.#core.now = now;
    const session = this.#sessions.get(conn);
    if (session === undefined) return;
    if (how === 'end') this.#core.close(conn, 'end');
    session.enterClosed(how === 'end' ? 'the peer has ended it' : 'the connection broke');
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): StreamOutput<BgpEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    let routes = 0;
    for (const { told } of this.#sessions.values()) routes += told.size;
    return { sessions: this.#sessions.size, routes, timers: this.#core.timers.pending };
  }

  #established(): BgpSession[] {
    return [...this.#sessions.values()].filter(({ isEstablished }) => isEstablished);
  }

  #connect(address: string): void {
    const id = this.#nextId++;
    this.#asked.set(id, address);
    this.#core.connect({ id, address, port: BGP_TCP_PORT });
  }

  #connectLater(address: string): void {
    this.#core.after(CONNECT_RETRY_NS, () => this.#connect(address));
  }

  #sessionEstablished(session: BgpSession): void {
    this.#core.emit({ type: 'bgp-session', peer: session.peer, state: 'established', reason: '' });
    this.#tellAll(session);
  }

  #tellAll(session: BgpSession): void {
    for (const told of this.#own.values()) this.#reach(session, told);
    if (!this.options.isReflector) return;
    for (const other of this.#established())
      if (other !== session) for (const told of other.told.values()) this.#reach(session, told);
  }

  #reach(session: BgpSession, { attributes }: Told): void {
    session.send({ kind: 'UPDATE', attributes });
  }

  #unreach(session: BgpSession, route: EvpnRouteInput): void {
    session.send({
      kind: 'UPDATE',
      attributes: [{ kind: 'mpUnreach', ...EVPN, routes: [route] }],
    });
  }

  #update(session: BgpSession, { attributes }: BgpMessageOf<'UPDATE'>): void {
    if (attributes.some((one) => one.kind === 'unknown' && one.fault !== undefined)) {
      session.fail(
        NotificationCode['UPDATE Message Error'],
        UpdateError['Optional Attribute Error'],
        'its UPDATE does not hold together',
      );
      return;
    }
    for (const one of attributes) {
      if (one.kind === 'mpUnreach')
        for (const route of one.routes ?? []) this.#heardUnreach(session, route);
      if (one.kind === 'mpReach')
        for (const route of one.routes ?? [])
          this.#heardReach(session, route, one.nextHop, attributes);
    }
  }

  #heardUnreach(session: BgpSession, route: EvpnRoute): void {
    if (route.kind === 'unknown' || !session.told.delete(keyOf(route))) return;
    this.#core.emit({
      type: 'bgp-route',
      peer: session.peer,
      step: 'unreach',
      route,
      nextHop: '',
      sequence: 0,
      sticky: false,
    });
    if (this.options.isReflector)
      for (const other of this.#established()) if (other !== session) this.#unreach(other, route);
  }

  #heardReach(
    session: BgpSession,
    route: EvpnRoute,
    nextHop: Uint8Array,
    attributes: readonly PathAttribute[],
  ): void {
    if (route.kind === 'unknown' || nextHop.length !== 4) return;
    const key = keyOf(route);
    if (!session.told.has(key) && session.told.size >= ROUTES_MAX) {
      session.fail(
        NotificationCode.Cease,
        CeaseSubcode['Maximum Number of Prefixes Reached'],
        'it tells too many routes',
      );
      return;
    }
    // What comes back to where it began is a loop. Source: RFC 4456, clause 8.
    const own = this.options.identifier;
    for (const one of attributes) {
      if (one.kind === 'originatorId' && one.routerId.join('.') === own) return;
      if (one.kind === 'clusterList' && one.clusterIds.some((id) => id.join('.') === own)) return;
    }
    const reflected = reflect(route, attributes, session.peer, own);
    session.told.set(key, { route, attributes: reflected });
    const mobility = attributes
      .flatMap((one) => (one.kind === 'extendedCommunities' ? one.communities : []))
      .find((one) => one.kind === 'macMobility');
    const { sequenceNumber = 0, flags = 0 } = mobility?.kind === 'macMobility' ? mobility : {};
    this.#core.emit({
      type: 'bgp-route',
      peer: session.peer,
      step: 'reach',
      route,
      nextHop: nextHop.join('.'),
      sequence: sequenceNumber,
      sticky: (flags & 1) !== 0,
    });
    if (this.options.isReflector)
      for (const other of this.#established())
        if (other !== session) this.#reach(other, { route, attributes: reflected });
  }

  /** A peer that has begun anew told a route in its new session before its old one was over: the newer word counts. */
  #isToldAgain(peer: string, key: string): boolean {
    return this.#established().some((one) => one.peer === peer && one.told.has(key));
  }

  #sessionClosed(session: BgpSession, reason: string): void {
    const { address, conn, peer, told } = session;
    this.#sessions.delete(conn);
    this.#core.emit({ type: 'bgp-session', peer, state: 'closed', reason });
    for (const [key, { route }] of told) {
      if (this.#isToldAgain(peer, key)) continue;
      this.#core.emit({
        type: 'bgp-route',
        peer,
        step: 'unreach',
        route: route as EvpnRoute,
        nextHop: '',
        sequence: 0,
        sticky: false,
      });
      if (this.options.isReflector)
        for (const other of this.#established()) this.#unreach(other, route);
    }
    if (address !== undefined) this.#connectLater(address);
  }
}
