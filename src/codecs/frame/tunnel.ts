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
  ipv4,
  ipv6,
  ipv6Extension,
  ipv6Fragment,
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

/** TCP port of FCIP: Fibre Channel in a byte stream, which no frame shows whole. Source: RFC 3821. */
const FCIP_TCP_PORT = 3225;

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

function readByProtocol(reader: FrameReader, protocol: number, nested: Nested): void {
  if (protocol === IpProtocol.UDP) readUdp(reader, nested);
  else if (protocol === IpProtocol.GRE) readGre(reader, nested);
  else reader.raw('payload');
}

/** Reads up to the packet's own end; what is behind it pads the frame. */
function readPacket(reader: FrameReader, end: number, protocol: number, nested: Nested): void {
  if (end > reader.at) reader.within(end, readByProtocol, protocol, nested);
  reader.raw('pad');
}

/** Says so where a TCP segment is one of FCIP: source and destination port are its first two words. */
function noteFcip(reader: FrameReader): void {
  const { bytes, at, end } = reader;
  if (end - at < 4) return;
  const source = (bytes[at]! << 8) | bytes[at + 1]!;
  const destination = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (source === FCIP_TCP_PORT || destination === FCIP_TCP_PORT)
    reader.unread ??= { what: 'TCP port', code: FCIP_TCP_PORT };
}

/** Reads an IPv4 packet up to the reader's end. */
export function readIpv4(reader: FrameReader, depth: number, next: ReadNext): void {
  const { bytes, at } = reader;
  const outer = reader.end;
  reader.end = Math.min(outer, at + (bytes[at]! & 0x0f) * 4);
  const header = reader.body('ipv4', ipv4);
  reader.end = outer;
  if (header === undefined || header.fragmentOffset !== FRAGMENT_NONE) return;
  if (header.protocol === IpProtocol.TCP) noteFcip(reader);
  if (header.protocol !== IpProtocol.UDP && header.protocol !== IpProtocol.GRE) return;
  const end = Math.min(outer, at + header.totalLengthBytes);
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
  if (protocol === IpProtocol.TCP) noteFcip(reader);
  if (protocol !== IpProtocol.UDP && protocol !== IpProtocol.GRE) return;
  readPacket(reader, end, protocol, { depth, next });
}
