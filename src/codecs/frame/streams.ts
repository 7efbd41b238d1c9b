/**
 * iSCSI, FCIP, ONC RPC (NFS) and BGP in the TCP connections of a capture: the segments of its frames put together, their
 * units decoded, each tied to the frame in which it ended.
 *
 * A connection is known by its port, or on any port by what it begins with. Memory is bounded: the
 * connection that was silent longest is forgotten first.
 */
import { BGP_TCP_PORT, bgpFramer } from '../bgp/index.ts';
import { formatEndpoint, type Ipv4, type Ipv6, type Tcp, TcpFlags } from '../ethernet/index.ts';
import { FCIP_TCP_PORT, fcipFramer, looksLikeFcip } from '../fcip/index.ts';
import { ISCSI_TCP_PORT, ISCSI_TCP_PORT_SYSTEM, looksLikeLogin } from '../iscsi/index.ts';
import { looksLikeCall, RPC_TCP_PORTS, rpcFramer } from '../rpc/index.ts';
import type { StreamUnit } from '../stream/index.ts';
import { StreamBudget, StreamReader } from '../stream/index.ts';
import { decodeBgp } from './bgp.ts';
import type { Conversation } from './conversation.ts';
import { decodeFcip } from './decode.ts';
import { decodeIscsiPdu } from './iscsi.ts';
import { IscsiConversation } from './iscsi-conversation.ts';
import type { Frame, Layer } from './layer.ts';
import { decodeRpc, RpcConversation } from './rpc.ts';
import { type CheckedSegment, SegmentCheck } from './segment-check.ts';

/** Connections that are followed at once. */
export const CONNECTIONS_MAX = 4096;
/** Bytes that wait for others, of all connections. */
export const STREAM_BYTES_MAX = 64 << 20;

/** What a connection that is followed carries. */
export type StreamProtocol = 'iscsi' | 'fcip' | 'rpc' | 'bgp';
/** What people call it. */
export const STREAM_NAMES: Readonly<Record<StreamProtocol, string>> = {
  iscsi: 'iSCSI',
  fcip: 'FCIP',
  rpc: 'RPC',
  bgp: 'BGP',
};

/** A connection that is followed. */
export interface StreamConnection {
  /** Counts the connections of the capture, from 1. */
  readonly number: number;
  readonly protocol: StreamProtocol;
  /** Who opened it, and who was called: address and port. */
  readonly client: string;
  readonly server: string;
  /** What is known of an iSCSI connection. */
  readonly iscsi: IscsiConversation | undefined;
}

/** A unit of a stream as a frame of its own. Its bytes are lent: they are others once it was told. */
export interface StreamPdu {
  readonly connection: StreamConnection;
  /** Sent by who opened the connection. */
  readonly fromClient: boolean;
  readonly frame: Frame;
  /** Bytes that it has, also where the capture has fewer. */
  readonly lengthBytes: number;
  /** The frames of the capture in which it began and ended. */
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Where it lies in the last one, if all that is there of it does. */
  readonly at: number | undefined;
}

/** What is told of streams. */
export interface StreamListener {
  pdu(pdu: StreamPdu): void;
  /** `lost`: so many bytes are not in the capture; `skipped`: so many are, and nobody knows what they are. */
  gap(gap: StreamGap): void;
  /** One end sends no more (FIN), or breaks the connection (RST). */
  closed?(connection: StreamConnection, fromClient: boolean, how: 'end' | 'reset'): void;
  /** A segment was damaged on its way: its receiver discards it, and so does who reads the stream. */
  damaged?(connection: StreamConnection, frame: number): void;
  /** A connection is followed no more: it is over, others are more recent, or the capture has ended. */
  ended?(connection: StreamConnection): void;
}

/** Bytes of a stream that could not be read. */
export interface StreamGap {
  readonly connection: StreamConnection;
  readonly fromClient: boolean;
  readonly what: 'lost' | 'skipped';
  readonly bytes: number;
  /** The frame that showed it. */
  readonly frame: number;
}

interface Followed extends StreamConnection {
  readonly rpc: RpcConversation | undefined;
  readonly clientIsFirst: boolean;
  readonly fromClient: StreamReader;
  readonly fromServer: StreamReader;
  readonly checks: { readonly fromClient: SegmentCheck; readonly fromServer: SegmentCheck };
}

/** A segment and its ends. */
interface TcpSegment extends CheckedSegment {
  readonly tcp: Tcp;
}

const MORE_FRAGMENTS = 1;

/** The innermost TCP segment of a frame; `undefined` where it has none, or a part of one. */
function segmentIn(frame: Frame): TcpSegment | undefined {
  const { layers } = frame;
  let i = layers.length - 1;
  while (i > 0 && layers[i]!.layer !== 'tcp') i--;
  const tcpLayer = layers[i];
  if (tcpLayer?.layer !== 'tcp') return undefined;
  const tcp = tcpLayer.value as Partial<Tcp>;
  let ip: Layer | undefined;
  for (let k = i - 1; k >= 0 && ip === undefined; k--)
    if (layers[k]!.layer === 'ipv4' || layers[k]!.layer === 'ipv6') ip = layers[k];
  if (ip === undefined || tcp.options === undefined) return undefined;
  const at = tcpLayer.offset + tcpLayer.length;
  const payload = layers[i + 1];
  const end = payload?.layer === 'payload' ? payload.offset + payload.length : at;
  const { source, destination } = ip.value as Ipv4 | Ipv6;
  if (ip.layer === 'ipv4' && ((ip.value as Ipv4).flags & MORE_FRAGMENTS) !== 0) return undefined;
  const ipEnd = endOfPacket(ip, frame.wireEnd);
  const lengthBytes = Math.max(end - at, ipEnd - at);
  const headerAt = tcpLayer.offset;
  return { tcp: tcp as Tcp, source, destination, headerAt, at, end, lengthBytes };
}

/** Where a packet ends on the wire, by its own length. */
function endOfPacket({ layer, value, offset, length }: Layer, wireEnd: number): number {
  if (layer === 'ipv6') return offset + length + (value as Ipv6).payloadLengthBytes;
  const { totalLengthBytes } = value as Ipv4;
  return totalLengthBytes === 0 ? wireEnd : offset + totalLengthBytes;
}

const FRAMERS = { fcip: fcipFramer, rpc: rpcFramer, bgp: bgpFramer } as const;

const isIscsiPort = (port: number): boolean =>
  port === ISCSI_TCP_PORT || port === ISCSI_TCP_PORT_SYSTEM;

/** Which protocol a segment is of, and whether it came from who opened the connection. */
function recognize(
  { tcp, at, end }: TcpSegment,
  bytes: Uint8Array,
): { protocol: StreamProtocol; fromClient: boolean } | undefined {
  const { sourcePort, destinationPort, flags } = tcp;
  const opens = (flags & (TcpFlags.SYN | TcpFlags.ACK)) === TcpFlags.SYN;
  if (isIscsiPort(destinationPort)) return { protocol: 'iscsi', fromClient: true };
  if (isIscsiPort(sourcePort)) return { protocol: 'iscsi', fromClient: false };
  if (destinationPort === FCIP_TCP_PORT)
    return { protocol: 'fcip', fromClient: opens || sourcePort !== FCIP_TCP_PORT };
  if (sourcePort === FCIP_TCP_PORT) return { protocol: 'fcip', fromClient: false };
  if (RPC_TCP_PORTS.includes(destinationPort)) return { protocol: 'rpc', fromClient: true };
  if (RPC_TCP_PORTS.includes(sourcePort)) return { protocol: 'rpc', fromClient: false };
  if (destinationPort === BGP_TCP_PORT) return { protocol: 'bgp', fromClient: true };
  if (sourcePort === BGP_TCP_PORT) return { protocol: 'bgp', fromClient: false };
  if (at === end) return undefined;
  if (looksLikeCall(bytes, at, end)) return { protocol: 'rpc', fromClient: true };
  if (looksLikeLogin(bytes, at, end)) return { protocol: 'iscsi', fromClient: true };
  return looksLikeFcip(bytes, at, end) ? { protocol: 'fcip', fromClient: true } : undefined;
}

/** A SYN that opens another connection between the ends of one that is followed. */
function isAnother(
  { clientIsFirst, fromClient, fromServer }: Followed,
  isFirst: boolean,
  { flags, sequenceNumber }: Tcp,
): boolean {
  if ((flags & (TcpFlags.SYN | TcpFlags.ACK)) !== TcpFlags.SYN) return false;
  const reader = clientIsFirst === isFirst ? fromClient : fromServer;
  return !reader.isBegunBy(sequenceNumber);
}

const checkOf = ({ checks, clientIsFirst }: Followed, isFirst: boolean): SegmentCheck =>
  clientIsFirst === isFirst ? checks.fromClient : checks.fromServer;

/** One end of a connection, as a key. */
const endOf = (address: Uint8Array, port: number): string =>
  String.fromCharCode(...address, port >> 8, port & 0xff);

/** Follows the connections of a capture. */
export class TcpStreams {
  readonly #listener: StreamListener;
  /** Requests of Fibre Channel that FCIP carries. */
  readonly #fibreChannel: Conversation | undefined;
  readonly #budget = new StreamBudget(STREAM_BYTES_MAX);
  /** By both ends, the one used longest ago first. */
  readonly #connections = new Map<string, Followed>();
  #count = 0;
  #frame = 0;

  constructor(listener: StreamListener, fibreChannel?: Conversation) {
    this.#listener = listener;
    this.#fibreChannel = fibreChannel;
  }

  /** Takes a decoded frame of the capture, and its number. True where it is of a connection that is followed. */
  take(frame: Frame, number: number): boolean {
    if (frame.protocol !== 'tcp') return false;
    this.#frame = number;
    const segment = segmentIn(frame);
    if (segment === undefined) return false;
    const { tcp, source, destination, at, end, lengthBytes } = segment;
    const { bytes } = frame;
    const from = endOf(source, tcp.sourcePort);
    const to = endOf(destination, tcp.destinationPort);
    const isFirst = from < to;
    const key = isFirst ? from + to : to + from;
    const { flags, sequenceNumber } = tcp;
    let followed = this.#connections.get(key);
    if (followed !== undefined && checkOf(followed, isFirst).isDamaged(segment, bytes)) {
      this.#listener.damaged?.(followed, number);
      return true;
    }
    if (followed !== undefined && isAnother(followed, isFirst, tcp)) {
      this.#forget(key, followed);
      followed = undefined;
    }
    followed ??= this.#follow(key, segment, frame, isFirst);
    if (followed === undefined) return false;
    this.#connections.delete(key);
    this.#connections.set(key, followed);
    const fromClient = followed.clientIsFirst === isFirst;
    const reader = fromClient ? followed.fromClient : followed.fromServer;
    const other = fromClient ? followed.fromServer : followed.fromClient;
    if ((flags & TcpFlags.SYN) !== 0) reader.begin(sequenceNumber, number);
    if ((flags & TcpFlags.ACK) !== 0) other.acknowledged(tcp.acknowledgmentNumber, number);
    if (lengthBytes > 0 && (flags & (TcpFlags.SYN | TcpFlags.RST)) === 0)
      reader.take({ sequence: sequenceNumber, bytes, at, end, lengthBytes, frame: number });
    const isReset = (flags & TcpFlags.RST) !== 0;
    if (isReset || (flags & TcpFlags.FIN) !== 0)
      this.#listener.closed?.(followed, fromClient, isReset ? 'reset' : 'end');
    if (isReset) this.#forget(key, followed);
    return true;
  }

  /** No frame follows. */
  finish(): void {
    for (const [key, followed] of this.#connections) this.#forget(key, followed);
  }

  #forget(key: string, followed: Followed): void {
    followed.fromClient.finish(this.#frame);
    followed.fromServer.finish(this.#frame);
    this.#connections.delete(key);
    this.#listener.ended?.(followed);
  }

  #follow(key: string, segment: TcpSegment, frame: Frame, isFirst: boolean): Followed | undefined {
    const known = recognize(segment, frame.bytes);
    if (known === undefined) return undefined;
    if (this.#connections.size >= CONNECTIONS_MAX) {
      const [oldest, one] = this.#connections.entries().next().value!;
      this.#forget(oldest, one);
    }
    const { protocol, fromClient } = known;
    const { tcp, source, destination } = segment;
    const ends = [
      formatEndpoint(source, tcp.sourcePort),
      formatEndpoint(destination, tcp.destinationPort),
    ] as const;
    const iscsi = protocol === 'iscsi' ? new IscsiConversation() : undefined;
    const rpc = protocol === 'rpc' ? new RpcConversation() : undefined;
    const framer = protocol === 'iscsi' ? iscsi!.framer : FRAMERS[protocol];
    const readerOf = (sentByClient: boolean): StreamReader =>
      new StreamReader(framer, this.#budget, {
        unit: (unit, number) => this.#unit(followed, sentByClient, unit, number),
        lost: (bytes, number) => this.#gap(followed, sentByClient, 'lost', bytes, number),
        skipped: (bytes, number) => this.#gap(followed, sentByClient, 'skipped', bytes, number),
      });
    const followed: Followed = {
      number: ++this.#count,
      protocol,
      client: fromClient ? ends[0] : ends[1],
      server: fromClient ? ends[1] : ends[0],
      iscsi,
      rpc,
      clientIsFirst: fromClient === isFirst,
      fromClient: readerOf(true),
      fromServer: readerOf(false),
      checks: { fromClient: new SegmentCheck(), fromServer: new SegmentCheck() },
    };
    this.#connections.set(key, followed);
    checkOf(followed, isFirst).isDamaged(segment, frame.bytes);
    return followed;
  }

  #gap(
    connection: StreamConnection,
    fromClient: boolean,
    what: StreamGap['what'],
    bytes: number,
    frame: number,
  ): void {
    this.#listener.gap({ connection, fromClient, what, bytes, frame });
  }

  #unit(connection: Followed, fromClient: boolean, unit: StreamUnit, lastFrame: number): void {
    const { bytes, at, end, lengthBytes, firstFrame, frameAt } = unit;
    const own = bytes.subarray(at, end);
    const { iscsi, rpc, protocol } = connection;
    let frame: Frame;
    if (iscsi !== undefined) frame = decodeIscsiPdu(own, { lengthBytes, conversation: iscsi });
    else if (rpc !== undefined)
      frame = decodeRpc(own, { lengthBytes, conversation: rpc, fromClient });
    else if (protocol === 'bgp') frame = decodeBgp(own, { lengthBytes });
    else frame = decodeFcip(own, { originalLength: lengthBytes, conversation: this.#fibreChannel });
    this.#listener.pdu({
      connection,
      fromClient,
      frame,
      lengthBytes,
      firstFrame,
      lastFrame,
      at: frameAt,
    });
  }
}
