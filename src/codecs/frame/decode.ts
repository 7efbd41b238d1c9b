/** `decodeFrame`: bytes of a link type to layers. */
import {
  arp,
  EtherType,
  ethernet,
  IpProtocol,
  ipv4,
  ipv6,
  LENGTH_MAX,
  macControl,
  sll,
  sll2,
  udp,
  VXLAN_PORT,
  VXLAN_PORT_LINUX,
  vlanTag,
  vnTag,
  vxlan,
} from '../ethernet/index.ts';
import { EcpOperation, EcpSubtype, ecp, lldpdu, vdpdu } from '../lldp/index.ts';
import type { Conversation } from './conversation.ts';
import { readFc2, readFc2WithDelimiters, readFcoe } from './fcoe.ts';
import { readFip } from './fip.ts';
import type { Frame } from './layer.ts';
import { FrameReader } from './reader.ts';

/** Link types of captures. Source: tcpdump.org, link-layer header types. */
export const LinkType = {
  ETHERNET: 1,
  LINUX_SLL: 113,
  FC_2: 224,
  FC_2_WITH_FRAME_DELIMS: 225,
  LINUX_SLL2: 276,
} as const;

/** Where the frame lies, what link it came over, and what is known of it. */
export interface DecodeOptions {
  /** Link type of the frame; Ethernet when left out. */
  readonly linkType?: number | undefined;
  /** The frame is `bytes[at, end)`; the whole array when left out. */
  readonly at?: number | undefined;
  readonly end?: number | undefined;
  /** Length of the frame on the wire, where the capture kept less of it. */
  readonly originalLength?: number | undefined;
  /** Requests seen before; requests of this frame are added. */
  readonly conversation?: Conversation | undefined;
  /** Compute the FC CRC; true when left out. */
  readonly checkCrc?: boolean | undefined;
}

/** Tags and tunnels inside one another end here. */
const NESTING_MAX = 8;
const FRAGMENT_NONE = 0;

function readVxlan(reader: FrameReader, depth: number): void {
  const { destinationPort } = reader.take('udp', udp);
  if (destinationPort === VXLAN_PORT || destinationPort === VXLAN_PORT_LINUX) {
    reader.take('vxlan', vxlan);
    readEthernet(reader, depth + 1);
  } else reader.raw('payload');
}

function readEcp(reader: FrameReader): void {
  reader.protocol = 'ecp';
  const { operation, subtype } = reader.take('ecp', ecp);
  const isRequest = operation === EcpOperation.Request && subtype === EcpSubtype.VDP;
  if (isRequest) reader.body('vdp', vdpdu);
}

function readIpv4(reader: FrameReader, depth: number): void {
  const { bytes, at } = reader;
  const headerEnd = Math.min(reader.end, at + (bytes[at]! & 0x0f) * 4);
  const outer = reader.end;
  reader.end = headerEnd;
  const header = reader.body('ipv4', ipv4);
  reader.end = outer;
  if (header?.protocol !== IpProtocol.UDP || header.fragmentOffset !== FRAGMENT_NONE) return;
  const end = Math.min(outer, at + header.totalLengthBytes);
  if (end > reader.at) reader.within(end, readVxlan, depth, undefined);
  reader.raw('pad');
}

function readIpv6(reader: FrameReader, depth: number): void {
  const header = reader.take('ipv6', ipv6);
  if (header.nextHeader !== IpProtocol.UDP) return;
  const end = Math.min(reader.end, reader.at + header.payloadLengthBytes);
  if (end > reader.at) reader.within(end, readVxlan, depth, undefined);
  reader.raw('pad');
}

/** Reads what an EtherType says is next, up to the reader's end. */
function readByEtherType(reader: FrameReader, first: number, depth: number): void {
  let etherType = first;
  for (let tags = 0; tags < NESTING_MAX; tags++) {
    if (etherType === EtherType.VLAN || etherType === EtherType['S-VLAN'])
      etherType = reader.take('vlan', vlanTag).etherType;
    else if (etherType === EtherType['VN-Tag']) etherType = reader.take('vn-tag', vnTag).etherType;
    else break;
  }
  switch (etherType) {
    case EtherType.FCoE:
      readFcoe(reader);
      break;
    case EtherType.FIP:
      readFip(reader);
      break;
    case EtherType.ARP:
    case EtherType.RARP:
      reader.protocol = etherType === EtherType.ARP ? 'arp' : 'rarp';
      reader.body(reader.protocol, arp);
      break;
    case EtherType.LLDP:
      reader.protocol = 'lldp';
      reader.body('lldp', lldpdu);
      break;
    case EtherType.ECP:
      readEcp(reader);
      break;
    case EtherType['MAC control']:
      reader.protocol = 'mac-control';
      reader.body('mac-control', macControl);
      break;
    case EtherType.IPv4:
      if (depth < NESTING_MAX) readIpv4(reader, depth);
      break;
    case EtherType.IPv6:
      if (depth < NESTING_MAX) readIpv6(reader, depth);
      break;
    default:
  }
  reader.raw(etherType <= LENGTH_MAX ? 'llc' : 'payload');
}

function readEthernet(reader: FrameReader, depth: number): void {
  readByEtherType(reader, reader.take('ethernet', ethernet).etherType, depth);
}

function readLink(reader: FrameReader, linkType: number): void {
  switch (linkType) {
    case LinkType.ETHERNET:
      readEthernet(reader, 0);
      break;
    case LinkType.LINUX_SLL:
      readByEtherType(reader, reader.take('sll', sll).protocol, 0);
      break;
    case LinkType.LINUX_SLL2:
      readByEtherType(reader, reader.take('sll2', sll2).protocol, 0);
      break;
    case LinkType.FC_2:
      readFc2(reader);
      break;
    case LinkType.FC_2_WITH_FRAME_DELIMS:
      readFc2WithDelimiters(reader);
      break;
    default:
      reader.raw('payload');
  }
}

/**
 * Decodes a frame into layers. Never throws for what the bytes are: a fault is in `malformed`, and
 * the bytes it concerns are a `raw` layer, so `encodeFrame` gives back every frame as it was.
 *
 * With a `conversation`, answers are decoded by the requests seen before.
 */
export function decodeFrame(bytes: Uint8Array, options: DecodeOptions = {}): Frame {
  const { linkType = LinkType.ETHERNET, at = 0, end = bytes.length } = options;
  const { originalLength } = options;
  const isCut = originalLength !== undefined && originalLength > end - at;
  const wireEnd = isCut ? at + originalLength : end;
  const reader = new FrameReader(
    bytes,
    at,
    end,
    wireEnd,
    options.conversation,
    options.checkCrc ?? true,
  );
  try {
    readLink(reader, linkType);
  } catch (fault) {
    reader.fail(fault);
  }
  reader.end = end;
  reader.raw('raw');
  return reader;
}
