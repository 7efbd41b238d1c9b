/** Messages of BGP as frames of their own, and what a line says of each. */
import {
  AddressFamily,
  type BgpMessage,
  BgpType,
  bgpMessage,
  type EvpnRoute,
  MacMobilityFlags,
  NotificationCode,
  OpenParameterType,
  type PathAttribute,
  SubsequentAddressFamily,
} from '../bgp/index.ts';
import { formatIp } from '../ethernet/index.ts';
import { isCutValue, nameOf } from '../layout/index.ts';
import { type Frame, isRaw } from './layer.ts';
import { FrameReader } from './reader.ts';
import { line } from './summary-words.ts';

const TYPE_AT = 18;
/** A line shows no more routes than this. */
const ROUTES_SHOWN_MAX = 3;

/** How a message is to be read. */
export interface BgpOptions {
  /** Bytes that it had on the wire, where fewer are there. */
  readonly lengthBytes?: number;
}

/** Decodes a message, as `decodeFrame` does a frame; its first byte is the array's. Never throws for what the bytes are. */
export function decodeBgp(
  bytes: Uint8Array,
  { lengthBytes = bytes.length }: BgpOptions = {},
): Frame {
  const reader = new FrameReader(bytes, 0, bytes.length, lengthBytes, undefined, false);
  reader.protocol = 'bgp';
  reader.body('bgp', bgpMessage);
  reader.raw('raw');
  return reader;
}

type Part = { readonly kind?: string } & Readonly<Record<string, unknown>>;

const messageIn = (frame: Frame): Part | undefined =>
  frame.layers.find((one) => one.layer === 'bgp' && !isRaw(one))?.value as Part | undefined;

/** What a message is called, also one that is not whole. */
export const bgpNameOf = ({ bytes }: Frame): string =>
  `BGP ${nameOf(BgpType, bytes[TYPE_AT] ?? 0) ?? `type ${bytes[TYPE_AT] ?? 0}`}`;

/** A message in one line, without what is wrong with it; `where`: who sent it to whom. */
export function summarizeBgp(frame: Frame, where = ''): string {
  const message = messageIn(frame);
  const whole = message === undefined || isCutValue(message) ? undefined : (message as BgpMessage);
  return line(bgpNameOf(frame), where, whole !== undefined && wordsOf(whole));
}

function wordsOf(message: BgpMessage): string {
  switch (message.kind) {
    case 'OPEN': {
      const four = message.parameters
        .flatMap((one) => (one.kind === 'capabilities' ? one.capabilities : []))
        .find((one) => one.kind === 'fourOctetAs');
      const as = four?.kind === 'fourOctetAs' ? four.as : message.myAs;
      return line(
        `AS ${as} identifier ${formatIp(message.bgpIdentifier)} hold ${message.holdTimeSeconds} s`,
        message.parameters.some((one) => (one as Part).type !== OpenParameterType.Capabilities) &&
          'other parameters',
      );
    }
    case 'UPDATE':
      return line(...message.attributes.map(attributeWords));
    case 'NOTIFICATION':
      return `${nameOf(NotificationCode, message.errorCode) ?? message.errorCode}/${message.errorSubcode}`;
    case 'ROUTE-REFRESH':
      return familyText(message.afi, message.safi);
    default:
      return '';
  }
}

const familyText = (afi: number, safi: number): string =>
  `${nameOf(AddressFamily, afi) ?? `AFI ${afi}`} ${nameOf(SubsequentAddressFamily, safi) ?? `SAFI ${safi}`}`;

/** What matters of an attribute; nothing of those that every route has. */
function attributeWords(attribute: PathAttribute): string | false {
  switch (attribute.kind) {
    case 'mpReach': {
      const routes = routesText(attribute.routes, attribute.afi, attribute.safi);
      return `${routes} at ${formatIp(attribute.nextHop)}`;
    }
    case 'mpUnreach':
      return `withdrawn ${routesText(attribute.routes, attribute.afi, attribute.safi)}`;
    case 'extendedCommunities': {
      const mobility = attribute.communities.find((one) => one.kind === 'macMobility');
      if (mobility?.kind !== 'macMobility') return false;
      const isSticky = (mobility.flags & MacMobilityFlags.STICKY) !== 0;
      return `mobility ${mobility.sequenceNumber}${isSticky ? ' sticky' : ''}`;
    }
    default:
      return false;
  }
}

function routesText(routes: readonly EvpnRoute[] | undefined, afi: number, safi: number): string {
  if (routes === undefined) return familyText(afi, safi);
  const shown = routes.slice(0, ROUTES_SHOWN_MAX).map(routeText).join(', ');
  const more = routes.length - ROUTES_SHOWN_MAX;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function routeText(route: EvpnRoute): string {
  switch (route.kind) {
    case 'macIp':
      return `MAC ${route.mac}${route.ip.length > 0 ? ` ${formatIp(route.ip)}` : ''} VNI ${route.label}`;
    case 'inclusiveMulticast':
      return `floods to ${formatIp(route.ip)}`;
    case 'ipPrefix':
    case 'ipPrefixIpv6':
      return `prefix ${formatIp(route.prefix)}/${route.prefixLengthBits}`;
    case 'ethernetSegment':
      return 'Ethernet segment';
    case 'ethernetAutoDiscovery':
      return 'Ethernet auto-discovery';
    default:
      return 'route of another type';
  }
}
