/** `decodeFrame`: bytes of a link type to layers. */

import {
  arp,
  ciscoMetaData,
  cnTag,
  EtherType,
  ethernet,
  LENGTH_MAX,
  loopback,
  loopbackLittle,
  macControl,
  rTag,
  sll,
  sll2,
  VLAN_ETHERTYPES,
  vlanTag,
  vnTag,
} from '../ethernet/index.ts';
import { isLinkFrame } from '../fc/link-frame.ts';
import { ETHERTYPE_MDS, mdsHeader, mdsTrailer } from '../fc/mds.ts';
import { EcpOperation, EcpSubtype, ecp, lldpdu, vdpdu } from '../lldp/index.ts';
import type { Conversation } from './conversation.ts';
import { readFc2, readFc2WithDelimiters, readFcip, readFcoe, readMds } from './fcoe.ts';
import { readFip } from './fip.ts';
import type { Frame } from './layer.ts';
import { FrameReader } from './reader.ts';
import { readIpv4, readIpv6 } from './tunnel.ts';

/** Link types of captures. Source: tcpdump.org, link-layer header types. */
export const LinkType = {
  NULL: 0,
  ETHERNET: 1,
  /** Raw IP as some systems number it; files say 101. */
  RAW_12: 12,
  RAW_14: 14,
  RAW: 101,
  LOOP: 108,
  LINUX_SLL: 113,
  FC_2: 224,
  FC_2_WITH_FRAME_DELIMS: 225,
  IPV4: 228,
  IPV6: 229,
  LINUX_SLL2: 276,
} as const;

/** The link type of a frame as a machine puts it on its link: native Fibre Channel, or Ethernet. */
export function linkTypeOf(frame: Uint8Array): number {
  return isLinkFrame(frame) ? LinkType.FC_2_WITH_FRAME_DELIMS : LinkType.ETHERNET;
}

/** Where the frame lies, what link it came over, and what is known of it. */
export interface DecodeOptions {
  /** Link type of the frame; Ethernet when left out. */
  readonly linkType?: number | undefined;
  /** The frame is `bytes[at, end)`; the whole array when left out. */
  readonly at?: number | undefined;
  readonly end?: number | undefined;
  /** Length of the frame on the wire, where the capture kept less of it. */
  readonly originalLength?: number | undefined;
  /**
   * Bytes of Ethernet FCS at the end, where the capture says how many were kept; left out, the FC
   * CRC shows it.
   */
  readonly fcsBytes?: number | undefined;
  /** Requests seen before; requests of this frame are added. */
  readonly conversation?: Conversation | undefined;
  /** Compute the FC CRC; true when left out. */
  readonly checkCrc?: boolean | undefined;
}

/** Tags and tunnels inside one another end here. */
const NESTING_MAX = 8;

function readEcp(reader: FrameReader): void {
  reader.protocol = 'ecp';
  const { operation, subtype } = reader.take('ecp', ecp);
  const isRequest = operation === EcpOperation.Request && subtype === EcpSubtype.VDP;
  if (isRequest) reader.body('vdp', vdpdu);
}

/** The EtherType behind a tag; the same one where it is no tag's. */
function readTag(reader: FrameReader, etherType: number): number {
  if (VLAN_ETHERTYPES.has(etherType)) return reader.take('vlan', vlanTag).etherType;
  switch (etherType) {
    case EtherType['VN-Tag']:
      return reader.take('vn-tag', vnTag).etherType;
    case EtherType['CN-Tag']:
      return reader.take('cn-tag', cnTag).etherType;
    case EtherType['R-TAG']:
      return reader.take('r-tag', rTag).etherType;
    case EtherType['Cisco MetaData']:
      return reader.take('cmd', ciscoMetaData).etherType;
    default:
      return etherType;
  }
}

/** Some MDS analysers write 0 for their EtherType; the header's length tells that it is theirs. */
function isMds({ bytes, at, end, wireEnd }: FrameReader, etherType: number): boolean {
  if (etherType === ETHERTYPE_MDS) return true;
  if (etherType !== 0 || end - at < mdsHeader.headBytes) return false;
  const lengthBytes = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const isWhole = lengthBytes === wireEnd - at - mdsHeader.headBytes;
  return isWhole && lengthBytes > mdsTrailer.headBytes && bytes[at] === 0 && bytes[at + 1]! <= 8;
}

/** Reads what an EtherType says is next, up to the reader's end. */
function readByEtherType(reader: FrameReader, first: number, depth: number): void {
  if (depth >= NESTING_MAX) return;
  let etherType = first;
  for (let tags = 0; tags < NESTING_MAX; tags++) {
    const { at } = reader;
    etherType = readTag(reader, etherType);
    if (reader.at === at) break;
  }
  readKnown(reader, etherType, depth);
  reader.raw(etherType <= LENGTH_MAX ? 'llc' : 'payload');
}

function readKnown(reader: FrameReader, etherType: number, depth: number): void {
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
      readIpv4(reader, depth, readByEtherType);
      break;
    case EtherType.IPv6:
      readIpv6(reader, depth, readByEtherType);
      break;
    case EtherType['Transparent Ethernet']:
      if (depth > 0) readEthernet(reader, depth);
      break;
    default:
      if (isMds(reader, etherType)) readMds(reader);
      else if (etherType > LENGTH_MAX) reader.unread ??= { what: 'EtherType', code: etherType };
  }
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
    case LinkType.RAW_12:
    case LinkType.RAW_14:
    case LinkType.RAW:
    case LinkType.IPV4:
    case LinkType.IPV6:
      readIp(reader);
      break;
    case LinkType.NULL:
    case LinkType.LOOP: {
      // The family stands in the byte order of the capturing host: no family has more than a byte.
      const little = linkType === LinkType.NULL && reader.bytes[reader.at] !== 0;
      reader.take('null', little ? loopbackLittle : loopback);
      readIp(reader);
      break;
    }
    default:
      reader.unread = { what: 'link type', code: linkType };
      reader.raw('payload');
  }
}

/** An IP packet without anything in front of it: its first four bits are its version. */
function readIp(reader: FrameReader): void {
  const version = reader.end > reader.at ? reader.bytes[reader.at]! >> 4 : 0;
  if (version === 4) readIpv4(reader, 0, readByEtherType);
  else if (version === 6) readIpv6(reader, 0, readByEtherType);
  reader.raw('payload');
}

/** Bytes of FCS that stand behind the frame, as far as the link has one. */
function declaredFcs(linkType: number, fcsBytes: number | undefined): number {
  return linkType === LinkType.ETHERNET ? (fcsBytes ?? 0) : 0;
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
  const fcs = declaredFcs(linkType, options.fcsBytes);
  const wireEnd = (isCut ? at + originalLength : end) - fcs;
  const reader = new FrameReader(
    bytes,
    at,
    wireEnd > at && wireEnd < end ? wireEnd : end,
    wireEnd,
    options.conversation,
    options.checkCrc ?? true,
  );
  const frameEnd = reader.end;
  reader.fcsBytes = options.fcsBytes;
  try {
    readLink(reader, linkType);
  } catch (fault) {
    reader.fail(fault);
  }
  reader.end = frameEnd;
  reader.raw('raw');
  reader.end = end;
  reader.raw('fcs');
  return reader;
}

/**
 * Decodes a frame of an FCIP connection, from its encapsulation header on, as `decodeFrame` does the
 * frames of a link.
 */
export function decodeFcip(
  bytes: Uint8Array,
  options: Pick<DecodeOptions, 'originalLength' | 'conversation' | 'checkCrc'> = {},
): Frame {
  const { originalLength = bytes.length, conversation, checkCrc = true } = options;
  const reader = new FrameReader(bytes, 0, bytes.length, originalLength, conversation, checkCrc);
  try {
    readFcip(reader);
  } catch (fault) {
    reader.fail(fault);
  }
  reader.raw('raw');
  return reader;
}
