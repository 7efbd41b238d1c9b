/**
 * TCP segments in IPv4 on Ethernet, read and written whole: one segment a frame.
 *
 * IPv4 without options and without fragments; options of TCP are the maximum segment size and the window
 * scale, others are passed over. What does not hold together, its checksums too, is no segment.
 */
import {
  addWords,
  checksumOf,
  ETHERTYPE_VLAN,
  EtherType,
  ethernet,
  IpProtocol,
  ipv4,
  TcpFlags,
  tcp,
  vlanTag,
} from '../../codecs/ethernet/index.ts';
import { roomFor } from '../../machine/slab.ts';
import { type Ipv4Address, ipv4At, ipv4Bytes } from '../ipv4-address.ts';

/** One segment, and between whom it passes. */
export interface Segment {
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  /** Counts with the ACK flag only. */
  readonly ack: number;
  /** `TcpFlags`. */
  readonly flags: number;
  /** As it stands in the header: not scaled. */
  readonly window: number;
  /** Of SYNs only. */
  readonly mss?: number | undefined;
  /** Of SYNs only: shift of the windows that follow. */
  readonly windowScale?: number | undefined;
  readonly payload: Uint8Array;
}

/** What a frame needs to be put on its way, beside its segment. */
export interface FramePlace {
  readonly destination: string;
  readonly source: string;
  /** 0: untagged. */
  readonly vlan: number;
  /** The identification of the datagram. */
  readonly identification: number;
}

/** Where the IPv4 packet of a frame begins, or the ARP packet. */
export interface PacketPlace {
  readonly etherType: number;
  readonly vlan: number;
  readonly at: number;
}

const ETHERNET_BYTES = 14;
const TAG_BYTES = 4;
const IPV4_BYTES = 20;
const TCP_BYTES = 20;
const IPV4_WORDS = 5;
const DONT_FRAGMENT = 2;
/** Kinds of options. Source: RFC 9293, 3.2; RFC 7323, 2.2. */
const Option = { END: 0, NO_OPERATION: 1, MAXIMUM_SEGMENT_SIZE: 2, WINDOW_SCALE: 3 } as const;
const MSS_OPTION_BYTES = 4;
const WINDOW_SCALE_OPTION_BYTES = 3;
const NOTHING = new Uint8Array(0);

/** What a frame carries; `undefined` for one that is too short. */
export function packetOf(frame: Uint8Array): PacketPlace | undefined {
  if (frame.length < ETHERNET_BYTES) return undefined;
  const { etherType } = ethernet.view(frame);
  if (etherType !== ETHERTYPE_VLAN) return { etherType, vlan: 0, at: ETHERNET_BYTES };
  if (frame.length < ETHERNET_BYTES + TAG_BYTES) return undefined;
  const tag = vlanTag.view(frame, ETHERNET_BYTES);
  return { etherType: tag.etherType, vlan: tag.vid, at: ETHERNET_BYTES + TAG_BYTES };
}

/** Writes Ethernet header and tag into a frame that has room for `bytes` more. */
export function frameFor(
  { destination, source, vlan }: Omit<FramePlace, 'identification'>,
  etherType: number,
  bytes: number,
): { frame: Uint8Array; at: number } {
  const at = ETHERNET_BYTES + (vlan === 0 ? 0 : TAG_BYTES);
  const frame = roomFor(at + bytes);
  const outer = vlan === 0 ? etherType : ETHERTYPE_VLAN;
  ethernet.write(frame, 0, { destination, source, etherType: outer });
  if (vlan !== 0) vlanTag.write(frame, ETHERNET_BYTES, { vid: vlan, etherType });
  return { frame, at };
}

/** The segment of the IPv4 packet at a byte; `undefined` where there is none, or a checksum is wrong. */
export function readSegment(frame: Uint8Array, at: number): Segment | undefined {
  if (frame.length - at < IPV4_BYTES + TCP_BYTES) return undefined;
  const ip = ipv4.view(frame, at);
  const end = at + ip.totalLengthBytes;
  const isWhole = (ip.flags & ~DONT_FRAGMENT) === 0 && ip.fragmentOffset === 0;
  if (ip.version !== 4 || ip.headerWords !== IPV4_WORDS || ip.protocol !== IpProtocol.TCP)
    return undefined;
  if (!isWhole || end > frame.length || end - at < IPV4_BYTES + TCP_BYTES) return undefined;
  if (checksumOf(addWords(frame, at, at + IPV4_BYTES)) !== 0) return undefined;
  const tcpAt = at + IPV4_BYTES;
  if (checksumOf(addWords(frame, tcpAt, end, pseudoHeader(frame, at, end - tcpAt))) !== 0)
    return undefined;
  const header = tcp.view(frame, tcpAt);
  const dataAt = tcpAt + header.dataOffsetWords * 4;
  if (dataAt < tcpAt + TCP_BYTES || dataAt > end) return undefined;
  const isSyn = (header.flags & TcpFlags.SYN) !== 0;
  return {
    source: ipv4At(frame, at + 12),
    destination: ipv4At(frame, at + 16),
    sourcePort: header.sourcePort,
    destinationPort: header.destinationPort,
    seq: header.sequenceNumber,
    ack: header.acknowledgmentNumber,
    flags: header.flags,
    window: header.window,
    ...(isSyn ? readOptions(frame, tcpAt + TCP_BYTES, dataAt) : {}),
    payload: frame.subarray(dataAt, end),
  };
}

/** The sum of the words that stand for addresses, protocol and length. Source: RFC 9293, 3.1. */
const pseudoHeader = (frame: Uint8Array, ipAt: number, tcpBytes: number): number =>
  addWords(frame, ipAt + 12, ipAt + IPV4_BYTES, IpProtocol.TCP + tcpBytes);

function readOptions(frame: Uint8Array, at: number, end: number) {
  let mss: number | undefined;
  let windowScale: number | undefined;
  for (let i = at; i < end; ) {
    const kind = frame[i]!;
    if (kind === Option.END) break;
    if (kind === Option.NO_OPERATION) {
      i++;
      continue;
    }
    const bytes = i + 1 < end ? frame[i + 1]! : 0;
    if (bytes < 2 || i + bytes > end) break;
    if (kind === Option.MAXIMUM_SEGMENT_SIZE && bytes === MSS_OPTION_BYTES)
      mss = (frame[i + 2]! << 8) | frame[i + 3]!;
    if (kind === Option.WINDOW_SCALE && bytes === WINDOW_SCALE_OPTION_BYTES)
      windowScale = frame[i + 2]!;
    i += bytes;
  }
  return { mss, windowScale };
}

function optionsOf({ mss, windowScale }: Segment): Uint8Array {
  if (mss === undefined) return NOTHING;
  const size = [Option.MAXIMUM_SEGMENT_SIZE, MSS_OPTION_BYTES, mss >> 8, mss & 0xff];
  const scale =
    windowScale === undefined
      ? []
      : [Option.NO_OPERATION, Option.WINDOW_SCALE, WINDOW_SCALE_OPTION_BYTES, windowScale];
  return Uint8Array.from([...size, ...scale]);
}

/** The frame of a segment, with its checksums. */
export function writeSegment(place: FramePlace, segment: Segment): Uint8Array {
  const options = optionsOf(segment);
  const tcpBytes = TCP_BYTES + options.length + segment.payload.length;
  const { frame, at } = frameFor(place, EtherType.IPv4, IPV4_BYTES + tcpBytes);
  ipv4.write(frame, at, {
    totalLengthBytes: IPV4_BYTES + tcpBytes,
    identification: place.identification,
    flags: DONT_FRAGMENT,
    protocol: IpProtocol.TCP,
    source: ipv4Bytes(segment.source),
    destination: ipv4Bytes(segment.destination),
    options: NOTHING,
  });
  const tcpAt = at + IPV4_BYTES;
  const dataAt = tcp.write(frame, tcpAt, {
    sourcePort: segment.sourcePort,
    destinationPort: segment.destinationPort,
    sequenceNumber: segment.seq,
    acknowledgmentNumber: segment.ack,
    flags: segment.flags,
    window: segment.window,
    options,
  });
  frame.set(segment.payload, dataAt);
  putWord(frame, at + 10, checksumOf(addWords(frame, at, tcpAt)));
  const sum = addWords(frame, tcpAt, tcpAt + tcpBytes, pseudoHeader(frame, at, tcpBytes));
  putWord(frame, tcpAt + 16, checksumOf(sum));
  return frame;
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >> 8;
  bytes[at + 1] = word;
}
