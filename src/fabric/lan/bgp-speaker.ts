/**
 * BGP-4 for Ethernet VPNs over byte streams: a speaker that tells its routes and hears those of others, or a reflector
 * that passes on what each client tells to all others.
 *
 * Ownership: it owns its sessions and what each peer has told. Whoever hears its events chooses among routes: there is no
 * policy here. A message that does not hold together ends its session, an UPDATE with a bad member is said and left out.
 * Source: RFC 4271, RFC 4456, RFC 4760, RFC 7432.
 */
import {
  BGP_HEADER_BYTES,
  BGP_TCP_PORT,
  type BgpMessage,
  type BgpMessageInput,
  type BgpMessageOf,
  bgpLengthAt,
  bgpMessage,
  CeaseSubcode,
  type EvpnRoute,
  type EvpnRouteInput,
  HeaderError,
  NotificationCode,
  OpenError,
  type PathAttribute,
  UpdateError,
} from '../../codecs/bgp/index.ts';
import { decodeBgp } from '../../codecs/frame/index.ts';
import { isCutValue } from '../../codecs/layout/index.ts';
import type { BgpSessionChanged } from '../../history/lan.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { ipv4Bytes, parseIpv4 } from '../../net/ipv4-address.ts';
import { attributesOf, EVPN, keyOf, type RouteOptions, reflect, type Told } from './bgp-routes.ts';

/** Source: RFC 4271, 10: suggested defaults; ConnectRetryTime of FRR. */
const HOLD_SECONDS = 180;
const CONNECT_RETRY_NS = 2 * SECOND;
/** A session that is not established by then ends. Source: RFC 4271, 8.2.2: a large hold time. */
const OPEN_TIMEOUT_NS = 240 * SECOND;
const HOLD_SECONDS_MIN = 3;
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

interface Session {
  readonly conn: Conn;
  /** Whom it was asked for; `undefined` for who called. */
  readonly address: string | undefined;
  peer: string;
  state: 'open-sent' | 'open-confirm' | 'established';
  buffer: Uint8Array;
  hold: Timer | undefined;
  holdNs: number;
  readonly told: Map<string, Told>;
}

/** A speaker or reflector as a machine. */
export class BgpSpeaker implements StreamMachine<BgpEvent> {
  readonly options: BgpSpeakerOptions;
  readonly #core = new StreamCore<BgpEvent>();
  readonly #sessions = new Map<Conn, Session>();
  readonly #own = new Map<string, Told>();
  #nextId = 1;
  readonly #asked = new Map<number, string>();

  constructor(options: BgpSpeakerOptions) {
    this.options = options;
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
    const session: Session = {
      conn,
      address,
      peer: address ?? '',
      state: 'open-sent',
      buffer: new Uint8Array(0),
      hold: undefined,
      holdNs: OPEN_TIMEOUT_NS,
      told: new Map(),
    };
    this.#sessions.set(conn, session);
    this.#holdOn(session);
    this.#send(session, {
      kind: 'OPEN',
      myAs: this.options.as,
      holdTimeSeconds: HOLD_SECONDS,
      bgpIdentifier: ipv4Bytes(parseIpv4(this.options.identifier)),
      parameters: [
        {
          kind: 'capabilities',
          capabilities: [
            { kind: 'multiprotocol', ...EVPN },
            { kind: 'fourOctetAs', as: this.options.as },
          ],
        },
      ],
    });
  }

  handleUnreachable(id: number, now: Instant): void {
    this.#core.now = now;
    const address = this.#asked.get(id);
    this.#asked.delete(id);
    if (address !== undefined) this.#connectLater(address);
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.#core.now = now;
    const session = this.#sessions.get(conn);
    if (session === undefined) return;
    const whole = new Uint8Array(session.buffer.length + bytes.length);
    whole.set(session.buffer);
    whole.set(bytes, session.buffer.length);
    let at = 0;
    while (whole.length - at >= BGP_HEADER_BYTES) {
      const length = bgpLengthAt(whole, at);
      if (length === undefined) {
        this.#fail(
          session,
          NotificationCode['Message Header Error'],
          HeaderError['Bad Message Length'],
          'what it sends is no message',
        );
        return;
      }
      if (whole.length - at < length) break;
      this.#take(session, whole.subarray(at, at + length));
      if (this.#sessions.get(conn) !== session) return;
      at += length;
    }
    session.buffer = whole.slice(at);
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.#core.now = now;
    const session = this.#sessions.get(conn);
    if (session === undefined) return;
    if (how === 'end') this.#core.close(conn, 'end');
    this.#enterClosed(session, how === 'end' ? 'the peer has ended it' : 'the connection broke');
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

  #established(): Session[] {
    return [...this.#sessions.values()].filter(({ state }) => state === 'established');
  }

  #connect(address: string): void {
    const id = this.#nextId++;
    this.#asked.set(id, address);
    this.#core.connect({ id, address, port: BGP_TCP_PORT });
  }

  #connectLater(address: string): void {
    this.#core.after(CONNECT_RETRY_NS, () => this.#connect(address));
  }

  #send({ conn }: Session, message: BgpMessageInput): void {
    this.#core.send(conn, bgpMessage.encode(message));
  }

  #holdOn(session: Session): void {
    session.hold?.cancel();
    session.hold = this.#core.after(session.holdNs, () =>
      this.#fail(session, NotificationCode['Hold Timer Expired'], 0, 'the peer is silent'),
    );
  }

  #take(session: Session, bytes: Uint8Array): void {
    this.#holdOn(session);
    const frame = decodeBgp(bytes);
    const message =
      frame.layers[0]?.layer === 'bgp' ? (frame.layers[0].value as BgpMessage) : undefined;
    if (message === undefined || message.kind === 'unknown' || isCutValue(message)) {
      this.#fail(
        session,
        NotificationCode['Message Header Error'],
        HeaderError['Bad Message Type'],
        'what it sends is no message',
      );
      return;
    }
    switch (message.kind) {
      case 'OPEN':
        this.#open(session, message);
        return;
      case 'KEEPALIVE':
        if (session.state === 'open-confirm') this.#enterEstablished(session);
        return;
      case 'UPDATE':
        if (session.state === 'established') this.#update(session, message);
        else
          this.#fail(
            session,
            NotificationCode['Finite State Machine Error'],
            0,
            'an UPDATE before the session',
          );
        return;
      case 'NOTIFICATION':
        this.#core.close(session.conn, 'end');
        this.#enterClosed(session, `the peer says ${message.errorCode}/${message.errorSubcode}`);
        return;
      case 'ROUTE-REFRESH':
        if (session.state === 'established') this.#tellAll(session);
    }
  }

  #open(session: Session, open: BgpMessageOf<'OPEN'>): void {
    const refused = NotificationCode['OPEN Message Error'];
    if (session.state !== 'open-sent') {
      this.#fail(session, NotificationCode['Finite State Machine Error'], 0, 'a second OPEN');
      return;
    }
    const capabilities = open.parameters.flatMap((one) =>
      one.kind === 'capabilities' ? one.capabilities : [],
    );
    const four = capabilities.find((one) => one.kind === 'fourOctetAs');
    const as = four?.kind === 'fourOctetAs' ? four.as : open.myAs;
    if (as !== this.options.as) {
      this.#fail(session, refused, OpenError['Bad Peer AS'], `its AS is ${as}`);
      return;
    }
    if (open.holdTimeSeconds !== 0 && open.holdTimeSeconds < HOLD_SECONDS_MIN) {
      this.#fail(
        session,
        refused,
        OpenError['Unacceptable Hold Time'],
        `its hold time is ${open.holdTimeSeconds} s`,
      );
      return;
    }
    session.peer = open.bgpIdentifier.join('.');
    const holdSeconds = Math.min(HOLD_SECONDS, open.holdTimeSeconds);
    session.holdNs = holdSeconds === 0 ? OPEN_TIMEOUT_NS * 1e6 : holdSeconds * SECOND;
    session.state = 'open-confirm';
    this.#holdOn(session);
    this.#send(session, { kind: 'KEEPALIVE' });
    if (holdSeconds > 0) this.#keepAlive(session, (holdSeconds * SECOND) / 3);
  }

  #keepAlive(session: Session, everyNs: number): void {
    this.#core.after(Math.round(everyNs), () => {
      if (this.#sessions.get(session.conn) !== session) return;
      this.#send(session, { kind: 'KEEPALIVE' });
      this.#keepAlive(session, everyNs);
    });
  }

  #enterEstablished(session: Session): void {
    session.state = 'established';
    this.#core.emit({ type: 'bgp-session', peer: session.peer, state: 'established', reason: '' });
    this.#tellAll(session);
  }

  #tellAll(session: Session): void {
    for (const told of this.#own.values()) this.#reach(session, told);
    if (!this.options.isReflector) return;
    for (const other of this.#established())
      if (other !== session) for (const told of other.told.values()) this.#reach(session, told);
  }

  #reach(session: Session, { attributes }: Told): void {
    this.#send(session, { kind: 'UPDATE', attributes });
  }

  #unreach(session: Session, route: EvpnRouteInput): void {
    this.#send(session, {
      kind: 'UPDATE',
      attributes: [{ kind: 'mpUnreach', ...EVPN, routes: [route] }],
    });
  }

  #update(session: Session, { attributes }: BgpMessageOf<'UPDATE'>): void {
    if (attributes.some((one) => one.kind === 'unknown' && one.fault !== undefined)) {
      this.#fail(
        session,
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

  #heardUnreach(session: Session, route: EvpnRoute): void {
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
    session: Session,
    route: EvpnRoute,
    nextHop: Uint8Array,
    attributes: readonly PathAttribute[],
  ): void {
    if (route.kind === 'unknown' || nextHop.length !== 4) return;
    const key = keyOf(route);
    if (!session.told.has(key) && session.told.size >= ROUTES_MAX) {
      this.#fail(
        session,
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

  #fail(session: Session, errorCode: number, errorSubcode: number, reason: string): void {
    this.#send(session, { kind: 'NOTIFICATION', errorCode, errorSubcode, data: new Uint8Array(0) });
    this.#core.close(session.conn, 'end');
    this.#enterClosed(session, reason);
  }

  #enterClosed(session: Session, reason: string): void {
    const { address, conn, peer, told } = session;
    session.hold?.cancel();
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
