/** IP, and the Ethernet frames that travel inside it. */
import {
  ErspanFrameType,
  EtherType,
  erspan2,
  erspan3,
  GENEVE_PORT,
  geneve,
  gre,
  IpProtocol,
  icmpv6,
  ipv4,
  ipv6,
  ipv6Extension,
  ipv6Fragment,
  tcp,
  udp,
  VXLAN_GPE_PORT,
  VXLAN_PORT,
  VXLAN_PORT_LINUX,
  VxlanGpeProtocol,
  vxlan,
  vxlanGpe,
} from '../ethernet/index.ts';
import type { FrameReader } from './reader.ts';

/** Reads what an EtherType says is next; Ethernet itself goes by 6558h. */
export type ReadNext = (reader: FrameReader, etherType: number, depth: number) => void;

/** Where a packet lies in its frame: how deep, and what reads what is inside it. */
interface Nested {
  readonly depth: number;
  readonly next: ReadNext;
}

const FRAGMENT_NONE = 0;
/** Extension headers in a row end here. */
const EXTENSIONS_MAX = 8;
const ETHERNET = EtherType['Transparent Ethernet'];

const GPE: Readonly<Record<number, number>> = {
  [VxlanGpeProtocol.IPv4]: EtherType.IPv4,
  [VxlanGpeProtocol.IPv6]: EtherType.IPv6,
  [VxlanGpeProtocol.Ethernet]: ETHERNET,
};

function inner(reader: FrameReader, etherType: number | undefined, { depth, next }: Nested): void {
  if (etherType === undefined) reader.raw('payload');
  else next(reader, etherType, depth + 1);
}

function readUdp(reader: FrameReader, nested: Nested): void {
  const { destinationPort } = reader.take('udp', udp);
  switch (destinationPort) {
    case VXLAN_PORT:
    case VXLAN_PORT_LINUX:
      reader.take('vxlan', vxlan);
      inner(reader, ETHERNET, nested);
      break;
    case VXLAN_GPE_PORT:
      inner(reader, GPE[reader.take('vxlan', vxlanGpe).nextProtocol], nested);
      break;
    case GENEVE_PORT:
      inner(reader, reader.takeVariable('geneve', geneve).protocol, nested);
      break;
    default:
      reader.raw('payload');
  }
}

function readGre(reader: FrameReader, nested: Nested): void {
  const { protocol, sequencePresent, version, routingPresent } = reader.takeVariable('gre', gre);
  if (version !== 0 || routingPresent === 1) reader.raw('payload');
  else if (protocol === EtherType.ERSPAN) {
    // Type I has no header of its own, and no sequence number in front of it.
    if (sequencePresent === 1) reader.take('erspan', erspan2);
    inner(reader, ETHERNET, nested);
  } else if (protocol === EtherType['ERSPAN III']) {
    const { frameType } = reader.takeVariable('erspan', erspan3);
    inner(reader, frameType === ErspanFrameType.Ethernet ? ETHERNET : undefined, nested);
  } else inner(reader, protocol, nested);
}

/** A segment by itself: what its bytes are is told by the stream that it belongs to. */
function readTcp(reader: FrameReader): void {
  reader.protocol = 'tcp';
  reader.takeVariable('tcp', tcp);
  reader.raw('payload');
}

/** Protocols that are read. */
const READ: ReadonlySet<number> = new Set([
  IpProtocol.UDP,
  IpProtocol.GRE,
  IpProtocol.TCP,
  IpProtocol.ICMPv6,
]);

function readByProtocol(reader: FrameReader, protocol: number, nested: Nested): void {
  switch (protocol) {
    case IpProtocol.UDP:
      readUdp(reader, nested);
      break;
    case IpProtocol.GRE:
      readGre(reader, nested);
      break;
    case IpProtocol.TCP:
      readTcp(reader);
      break;
    default:
      reader.protocol = 'icmpv6';
      reader.body('icmpv6', icmpv6);
  }
}

/** Reads up to the packet's own end; what is behind it pads the frame. */
function readPacket(reader: FrameReader, end: number, protocol: number, nested: Nested): void {
  if (end > reader.at) reader.within(end, readByProtocol, protocol, nested);
  reader.raw('pad');
}

/** Reads an IPv4 packet up to the reader's end. */
export function readIpv4(reader: FrameReader, depth: number, next: ReadNext): void {
  const { bytes, at } = reader;
  const outer = reader.end;
  reader.end = Math.min(outer, at + (bytes[at]! & 0x0f) * 4);
  const header = reader.body('ipv4', ipv4);
  reader.end = outer;
  if (header === undefined || header.fragmentOffset !== FRAGMENT_NONE) return;
  if (!READ.has(header.protocol)) return;
  // A card that cuts segments for its host shows them before: their length is not known yet.
  const length = header.totalLengthBytes === 0 ? outer - at : header.totalLengthBytes;
  const end = Math.min(outer, at + length);
  readPacket(reader, end, header.protocol, { depth, next });
}

/** Reads an IPv6 packet, its extension headers included, up to the reader's end. */
export function readIpv6(reader: FrameReader, depth: number, next: ReadNext): void {
  const header = reader.take('ipv6', ipv6);
  const end = Math.min(reader.end, reader.at + header.payloadLengthBytes);
  let protocol = header.nextHeader;
  for (let count = 0; count < EXTENSIONS_MAX; count++) {
    if (protocol === IpProtocol.fragment) {
      const fragment = reader.take('ipv6-extension', ipv6Fragment);
      if (fragment.fragmentOffset !== FRAGMENT_NONE) return;
      protocol = fragment.nextHeader;
    } else if (
      protocol === IpProtocol['hop-by-hop options'] ||
      protocol === IpProtocol.routing ||
      protocol === IpProtocol['destination options']
    )
      protocol = reader.takeVariable('ipv6-extension', ipv6Extension).nextHeader;
    else break;
  }
  if (!READ.has(protocol)) return;
  readPacket(reader, end, protocol, { depth, next });
}
