/**
 * TCP of one station: its connections by their ends, the ports that it listens on, and what no connection is
 * there for.
 *
 * Ownership: it owns the connections; who uses them has them by `TcpConnection` and hears of them as `TcpUser`.
 * Initial sequence numbers and its own ports come from the random stream that it was given.
 * Source: RFC 9293, 3.10.
 */
import { TcpFlags } from '../../codecs/ethernet/index.ts';
import type { RandomStream } from '../../machine/random.ts';
import type { Timer } from '../../machine/timers.ts';
import type { PacketTooBig } from '../icmp.ts';
import type { Ipv4Address } from '../ipv4-address.ts';
import {
  bare,
  type ConnectionOwner,
  type SegmentOut,
  TcpConnection,
  type TcpEnds,
} from './connection.ts';
import { TCP_DEFAULTS, type TcpConfig, type TcpOptions } from './options.ts';
import type { Segment } from './segment.ts';
import { isBefore, plus } from './sequence-number.ts';

/** What TCP asks of its station. */
export interface TcpOwner {
  readonly now: number;
  after(delayNs: number, run: () => void): Timer;
  /** Puts a segment on its way. */
  sendSegment(segment: Segment): void;
}

/** Who has connections, and hears of them. */
export interface TcpUser {
  opened(connection: TcpConnection): void;
  readable(connection: TcpConnection): void;
  unsent(connection: TcpConnection): void;
  ended(connection: TcpConnection): void;
  over(connection: TcpConnection, how: 'closed' | 'reset' | 'unreachable'): void;
}

const { ACK, FIN, RST, SYN } = TcpFlags;
/** Ports that a station takes for connections of its own. Source: RFC 6335, 6. */
const OWN_PORT_MIN = 49_152;
const OWN_PORTS = 65_536 - OWN_PORT_MIN;
/** Headers of IPv4 and TCP without options; segments below this are not cut further. Source: RFC 1191, 3; RFC 9293, 3.7.1. */
const HEADERS_BYTES = 40;
const PATH_MSS_MIN = 536;
/** Connections that are remembered, the newest ones. */
const REMEMBERED_MAX = 4096;

/** The connections of a station. */
export class Tcp implements ConnectionOwner {
  readonly config: TcpConfig;
  readonly #owner: TcpOwner;
  readonly #random: RandomStream;
  readonly #listeners = new Map<number, TcpUser>();
  readonly #connections = new Map<string, TcpConnection>();
  readonly #users = new Map<TcpConnection, TcpUser>();
  /** In SYN-RECEIVED. */
  readonly #halfOpen = new Set<TcpConnection>();
  /** In TIME-WAIT, the oldest first. */
  readonly #remembered = new Set<TcpConnection>();
  #nextPort: number;

  constructor(options: TcpOptions, owner: TcpOwner, random: RandomStream) {
    this.config = { ...TCP_DEFAULTS, ...options };
    this.#owner = owner;
    this.#random = random;
    this.#nextPort = random.below(OWN_PORTS);
  }

  /** Connections that are there or come about. */
  get size(): number {
    return this.#connections.size - this.#remembered.size;
  }

  /** Connections that are over and still answer. */
  get remembered(): number {
    return this.#remembered.size;
  }

  /** All connections, also those that are remembered. */
  get connections(): IterableIterator<TcpConnection> {
    return this.#connections.values();
  }

  /** Whoever connects to a port is this user's. */
  listen(port: number, user: TcpUser): void {
    this.#listeners.set(port, user);
  }

  /** A connection to somewhere else; `undefined` where there is no room for one. */
  connect(ends: Omit<TcpEnds, 'localPort'>, user: TcpUser): TcpConnection | undefined {
    const localPort = this.#freePort(ends);
    if (localPort === undefined || this.size >= this.config.connectionsMax) return undefined;
    return this.#add({ ...ends, localPort }, user);
  }

  #freePort(ends: Omit<TcpEnds, 'localPort'>): number | undefined {
    for (let tried = 0; tried < OWN_PORTS; tried++) {
      const localPort = OWN_PORT_MIN + this.#nextPort;
      this.#nextPort = (this.#nextPort + 1) % OWN_PORTS;
      if (!this.#connections.has(keyOf({ ...ends, localPort }))) return localPort;
    }
    return undefined;
  }

  #add(ends: TcpEnds, user: TcpUser, syn?: Segment): TcpConnection {
    const connection = new TcpConnection(this, ends, this.#random.nextU32(), syn);
    this.#connections.set(keyOf(ends), connection);
    this.#users.set(connection, user);
    if (syn !== undefined) this.#halfOpen.add(connection);
    connection.start();
    return connection;
  }

  /** A segment for this station came. */
  handleSegment(segment: Segment): void {
    const ends = endsOf(segment);
    const connection = this.#connections.get(keyOf(ends));
    const isNew = connection === undefined || this.#takesItsPlace(connection, segment);
    if (!isNew) connection.handle(segment);
    else this.#handleStranger(ends, segment);
  }

  /** A new connection between ends of one that is remembered. Source: RFC 9293, 3.6.1. */
  #takesItsPlace(connection: TcpConnection, { flags, seq }: Segment): boolean {
    const isSyn = (flags & (SYN | ACK | RST)) === SYN;
    if (!isSyn || connection.state !== 'TIME-WAIT') return false;
    if (!isBefore(connection.receiveNext, seq)) return false;
    connection.enterClosed('closed');
    return true;
  }

  #handleStranger(ends: TcpEnds, segment: Segment): void {
    const { flags } = segment;
    if ((flags & RST) !== 0) return;
    const user = this.#listeners.get(ends.localPort);
    const isSyn = (flags & (SYN | ACK)) === SYN;
    if (user === undefined || !isSyn) {
      if ((flags & SYN) === 0 || (flags & ACK) !== 0 || user === undefined)
        this.#refuse(ends, segment);
      return;
    }
    const hasRoom =
      this.size < this.config.connectionsMax && this.#halfOpen.size < this.config.backlogMax;
    // Without an answer it comes again, and there may be room then.
    if (hasRoom) this.#add(ends, user, segment);
  }

  /** Nothing is there for it. Source: RFC 9293, 3.10.7.1. */
  #refuse(ends: TcpEnds, { flags, seq, ack, payload }: Segment): void {
    const numbers = payload.length + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1);
    this.#put(
      ends,
      (flags & ACK) !== 0 ? bare(ack, 0, RST) : bare(0, plus(seq, numbers), RST | ACK),
    );
  }

  #put(ends: TcpEnds, segment: SegmentOut): void {
    this.#owner.sendSegment({
      ...segment,
      source: ends.local,
      sourcePort: ends.localPort,
      destination: ends.remote,
      destinationPort: ends.remotePort,
    });
  }

  /**
   * A packet of a connection was too large for its way. Who forges that must know what is under way; and segments are
   * never cut below what TCP of old takes. Source: RFC 5927, 7.2; RFC 9293, 3.7.1.
   */
  tooBig({ destination, destinationPort, nextHopMtu, seq, sourcePort }: PacketTooBig): void {
    const ends = { localPort: sourcePort, remote: destination, remotePort: destinationPort };
    const sender = this.#connections.get(keyOf({ local: 0, ...ends }))?.sender;
    if (sender === undefined || isBefore(seq, sender.oldest) || !isBefore(seq, sender.most)) return;
    sender.shrinkTo(Math.max(nextHopMtu - HEADERS_BYTES, PATH_MSS_MIN));
  }

  /** Nobody answers at an address: what waits for an answer from there is over. */
  unreachable(remote: Ipv4Address): void {
    for (const connection of [...this.#connections.values()]) {
      if (connection.ends.remote === remote && connection.state === 'SYN-SENT')
        connection.enterClosed('unreachable');
    }
  }

  /** The station loses its power: nobody is told, on either side. */
  drop(): void {
    this.#users.clear();
    for (const connection of [...this.#connections.values()]) connection.enterClosed('reset');
    this.#listeners.clear();
  }

  // What connections ask for.

  get now(): number {
    return this.#owner.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#owner.after(delayNs, run);
  }

  send({ ends }: TcpConnection, segment: SegmentOut): void {
    this.#put(ends, segment);
  }

  opened(connection: TcpConnection): void {
    this.#halfOpen.delete(connection);
    this.#users.get(connection)?.opened(connection);
  }

  readable(connection: TcpConnection): void {
    this.#users.get(connection)?.readable(connection);
  }

  unsent(connection: TcpConnection): void {
    this.#users.get(connection)?.unsent(connection);
  }

  ended(connection: TcpConnection): void {
    this.#users.get(connection)?.ended(connection);
  }

  over(connection: TcpConnection, how: 'closed' | 'reset' | 'unreachable'): void {
    const user = this.#users.get(connection);
    const wasOpen = !this.#halfOpen.delete(connection);
    this.#users.delete(connection);
    if (connection.state === 'TIME-WAIT') this.#remember(connection);
    else {
      this.#remembered.delete(connection);
      this.#connections.delete(keyOf(connection.ends));
    }
    // Who never heard of it need not hear of its end.
    if (wasOpen) user?.over(connection, how);
  }

  #remember(connection: TcpConnection): void {
    this.#remembered.add(connection);
    if (this.#remembered.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#remembered;
    oldest!.enterClosed('closed');
  }
}

const endsOf = (segment: Segment): TcpEnds => ({
  local: segment.destination,
  localPort: segment.destinationPort,
  remote: segment.source,
  remotePort: segment.sourcePort,
});

const keyOf = ({ localPort, remote, remotePort }: TcpEnds): string =>
  `${localPort} ${remote} ${remotePort}`;
