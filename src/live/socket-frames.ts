/**
 * What a socket carries as Ethernet frames, for a capture: TCP segments as the two ends would have sent them.
 *
 * The system keeps the real segments to itself. These have its addresses, ports, bytes and order; sequence numbers
 * begin at 0, nothing is lost, and MAC addresses are made up.
 */
import { isIPv6 } from 'node:net';
import {
  addWords,
  checksumOf,
  EtherType,
  ethernet,
  IpProtocol,
  ipv4,
  ipv6,
  TcpFlags,
  tcp,
} from '../codecs/ethernet/index.ts';
import type { Mac } from '../codecs/layout/index.ts';

/** An end of a TCP connection. */
export interface SocketEnd {
  readonly address: string;
  readonly port: number;
}

/** Takes a frame: `in` for one that came from the peer. */
export type SocketFrameSink = (direction: 'in' | 'out', frame: Uint8Array) => void;

/** Data of one segment, as on an Ethernet with jumbo frames. */
const SEGMENT_BYTES_MAX = 8960;
const WINDOW = 0xffff;
const NO_DATA = new Uint8Array(0);
const PEER_MAC: Mac = '02:00:00:00:00:01';
const LOCAL_MAC: Mac = '02:00:00:00:00:02';
const IPV4_HEADER_BYTES = 20;
const CHECKSUM_AT = 16;

/** One direction of a connection. */
interface Way {
  readonly from: SocketEnd;
  readonly to: SocketEnd;
  readonly sourceMac: Mac;
  readonly destinationMac: Mac;
  /** The next byte's sequence number. */
  next: number;
  hasEnded: boolean;
}

/** The frames of one connection. */
export class SocketFrames {
  readonly #in: Way;
  readonly #out: Way;
  readonly #sink: SocketFrameSink;
  #isReset = false;

  /** `isOurs`: we have connected to the peer; else the peer to us. */
  constructor(local: SocketEnd, peer: SocketEnd, isOurs: boolean, sink: SocketFrameSink) {
    this.#in = way(peer, local, PEER_MAC, LOCAL_MAC);
    this.#out = way(local, peer, LOCAL_MAC, PEER_MAC);
    this.#sink = sink;
    const [first, second] = isOurs ? (['out', 'in'] as const) : (['in', 'out'] as const);
    this.#send(first, TcpFlags.SYN);
    this.#send(second, TcpFlags.SYN | TcpFlags.ACK);
    this.#send(first, TcpFlags.ACK);
  }

  /** Bytes went one way. */
  carried(direction: 'in' | 'out', bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES_MAX) {
      const end = Math.min(bytes.length, at + SEGMENT_BYTES_MAX);
      const push = end === bytes.length ? TcpFlags.PSH : 0;
      this.#send(direction, TcpFlags.ACK | push, bytes.subarray(at, end));
    }
  }

  /** No more goes this way. */
  ended(direction: 'in' | 'out'): void {
    if (this.#way(direction).hasEnded || this.#isReset) return;
    this.#send(direction, TcpFlags.FIN | TcpFlags.ACK);
    this.#way(direction).hasEnded = true;
  }

  /** It is over both ways, by this end; nothing is said where both had ended. */
  reset(direction: 'in' | 'out'): void {
    if (this.#isReset || (this.#in.hasEnded && this.#out.hasEnded)) return;
    this.#send(direction, TcpFlags.RST | TcpFlags.ACK);
    this.#isReset = true;
  }

  #way(direction: 'in' | 'out'): Way {
    return direction === 'in' ? this.#in : this.#out;
  }

  #send(direction: 'in' | 'out', flags: number, data: Uint8Array = NO_DATA): void {
    const mine = this.#way(direction);
    const theirs = direction === 'in' ? this.#out : this.#in;
    const hasAck = (flags & TcpFlags.ACK) !== 0;
    this.#sink(direction, frameOf(mine, hasAck ? theirs.next : 0, flags, data));
    const takesOne = (flags & (TcpFlags.SYN | TcpFlags.FIN)) !== 0;
    mine.next = (mine.next + data.length + (takesOne ? 1 : 0)) >>> 0;
  }
}

const way = (from: SocketEnd, to: SocketEnd, sourceMac: Mac, destinationMac: Mac): Way => ({
  from,
  to,
  sourceMac,
  destinationMac,
  next: 0,
  hasEnded: false,
});

function frameOf(one: Way, acknowledgmentNumber: number, flags: number, data: Uint8Array) {
  const { from, to, next } = one;
  const isV6 = isIPv6(from.address);
  const [source, destination] = [addressBytes(from.address), addressBytes(to.address)];
  const segment = joined(
    tcp.encode({
      sourcePort: from.port,
      destinationPort: to.port,
      sequenceNumber: next,
      acknowledgmentNumber,
      flags,
      window: WINDOW,
      options: NO_DATA,
    }),
    data,
  );
  // The pseudo header: addresses, protocol, length. Source: RFC 9293, 3.1.
  const pseudo = IpProtocol.TCP + segment.length + sumOf(source) + sumOf(destination);
  put16(segment, CHECKSUM_AT, checksumOf(pseudo + sumOf(segment)));
  const header = isV6
    ? ipv6.encode({
        payloadLengthBytes: segment.length,
        nextHeader: IpProtocol.TCP,
        source,
        destination,
      })
    : ipv4Header(segment.length, source, destination);
  return joined(
    ethernet.encode({
      destination: one.destinationMac,
      source: one.sourceMac,
      etherType: isV6 ? EtherType.IPv6 : EtherType.IPv4,
    }),
    header,
    segment,
  );
}

function ipv4Header(bytes: number, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const header = ipv4.encode({
    totalLengthBytes: IPV4_HEADER_BYTES + bytes,
    protocol: IpProtocol.TCP,
    source,
    destination,
    options: NO_DATA,
  });
  put16(header, 10, checksumOf(sumOf(header)));
  return header;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const sumOf = (bytes: Uint8Array): number => addWords(bytes, 0, bytes.length);

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value & 0xff;
}

/** An address as the system writes it, in bytes. */
function addressBytes(text: string): Uint8Array {
  if (!isIPv6(text)) return Uint8Array.from(text.split('.'), Number);
  const [head = '', tail] = text.replace(/%.*$/, '').split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = new Array<string>(8 - front.length - back.length).fill('0');
  return Uint8Array.from(
    [...front, ...zeros, ...back].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >>> 8, value & 0xff];
    }),
  );
}
