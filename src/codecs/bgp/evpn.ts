/** Routes of Ethernet VPNs: where a MAC address is, and who wants what is flooded. Source: RFC 7432, RFC 9136. */
import {
  bytes,
  codec,
  derived,
  family,
  fixedTail,
  type Infer,
  type InferInput,
  list,
  mac,
  named,
  of,
  optional,
  rest,
  sized,
  type TailField,
  u8,
  u16,
  u24,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { EvpnRouteType } from './codes.ts';

const RD_BYTES = 8;
const ESI_BYTES = 10;
const HEAD_BYTES = 2;
const MAC_BITS = 48;

const type = (name: keyof typeof EvpnRouteType) =>
  withDefault(named(u8, EvpnRouteType), EvpnRouteType[name]);
/** Which copy of the route this is: who made it. */
const routeDistinguisher = bytes(RD_BYTES);
const esi = withDefault(bytes(ESI_BYTES), new Uint8Array(ESI_BYTES));
const ethernetTag = withDefault(u32, 0);
const ipLengthBits = derived(u8, (_, sizeOf) => sizeOf('ip') * 8);
const ip = sized(
  of<{ ipLengthBits: number }>((v) => (v.ipLengthBits + 7) >> 3),
  rest,
);

/** A segment that several share is here. Shape: 27 bytes. */
const ethernetAutoDiscovery = codec(
  'EVPN Ethernet Auto-discovery route',
  'RFC 7432, 7.1',
  {
    type: type('Ethernet Auto-discovery'),
    lengthBytes: withDefault(u8, 25),
    routeDistinguisher,
    esi,
    ethernetTag,
    label: u24,
  },
  'ethernetAutoDiscovery',
);

const LABEL_BYTES = 3;
const MAC_IP_BYTES = 33;
/**
 * A MAC address is here, perhaps with its IP address. With VXLAN a label holds the whole VNI.
 *
 * Shape: 35 bytes, an address of 0, 4 or 16, a second label of 0 or 3.
 */
const macIp = codec(
  'EVPN MAC/IP Advertisement route',
  'RFC 7432, 7.2; RFC 8365, 5.1.3',
  {
    type: type('MAC/IP Advertisement'),
    lengthBytes: derived(u8, (_, sizeOf) => MAC_IP_BYTES + sizeOf('ip') + sizeOf('label2')),
    routeDistinguisher,
    esi,
    ethernetTag,
    macLengthBits: withDefault(u8, MAC_BITS),
    mac,
    ipLengthBits,
    ip,
    label: fixedTail(u24),
    /** Of the routed network, where there is one. */
    label2: optional(
      when<{ lengthBytes: number; ip: Uint8Array }>(
        (v) => v.lengthBytes >= MAC_IP_BYTES + v.ip.length + LABEL_BYTES,
      ),
      fixedTail(u24),
    ),
  },
  'macIp',
);

const INCLUSIVE_BYTES = 13;
/** Who wants what is flooded. Shape: 15 bytes and an address of 4 or 16. */
const inclusiveMulticast = codec(
  'EVPN Inclusive Multicast Ethernet Tag route',
  'RFC 7432, 7.3',
  {
    type: type('Inclusive Multicast Ethernet Tag'),
    lengthBytes: derived(u8, (_, sizeOf) => INCLUSIVE_BYTES + sizeOf('ip')),
    routeDistinguisher,
    ethernetTag,
    ipLengthBits,
    ip,
  },
  'inclusiveMulticast',
);

const SEGMENT_BYTES = 19;
/** Who is attached to a segment. Shape: 21 bytes and an address of 4 or 16. */
const ethernetSegment = codec(
  'EVPN Ethernet Segment route',
  'RFC 7432, 7.4',
  {
    type: type('Ethernet Segment'),
    lengthBytes: derived(u8, (_, sizeOf) => SEGMENT_BYTES + sizeOf('ip')),
    routeDistinguisher,
    esi,
    ipLengthBits,
    ip,
  },
  'ethernetSegment',
);

const PREFIX_IPV6_BYTES = 58;
const prefixRoute = <const K extends string>(kind: K, lengthBytes: number, addressBytes: number) =>
  codec(
    'EVPN IP Prefix route',
    'RFC 9136, 3.1',
    {
      type: type('IP Prefix'),
      lengthBytes: withDefault(u8, lengthBytes),
      routeDistinguisher,
      esi,
      ethernetTag,
      prefixLengthBits: u8,
      prefix: bytes(addressBytes),
      gateway: bytes(addressBytes),
      label: u24,
    },
    kind,
  );
/** An IPv4 network is behind here. Shape: 36 bytes. */
const ipPrefix = prefixRoute('ipPrefix', 34, 4);
/** An IPv6 network is behind here. Shape: 60 bytes. */
const ipPrefixIpv6 = prefixRoute('ipPrefixIpv6', PREFIX_IPV6_BYTES, 16);

/**
 * Any EVPN route; one of another type is kept as bytes.
 *
 * Shape: 2 bytes and `lengthBytes`.
 * Errors: `bad-length` for one that runs past the list.
 */
export const evpnRoute = family('EVPN route', 'RFC 7432, clause 7', {
  members: {
    1: ethernetAutoDiscovery,
    2: macIp,
    3: inclusiveMulticast,
    4: ethernetSegment,
    5: ipPrefix,
    ipPrefixIpv6,
  },
  peekBytes: HEAD_BYTES,
  select(source, at) {
    const isPrefix = source[at] === EvpnRouteType['IP Prefix'];
    return isPrefix && source[at + 1] === PREFIX_IPV6_BYTES ? 'ipPrefixIpv6' : (source[at] as 1);
  },
  extent: (source, at) => HEAD_BYTES + source[at + 1]!,
  spoilsItself: true,
});
/** What `evpnRoute` decodes. */
export type EvpnRoute = Infer<typeof evpnRoute>;
/** What `evpnRoute` encodes. */
export type EvpnRouteInput = InferInput<typeof evpnRoute>;
/** Several, one behind the other. */
export interface EvpnRouteList extends Array<EvpnRoute> {}
/** The same to be encoded. */
export interface EvpnRouteListInput extends ReadonlyArray<EvpnRouteInput> {}
/** The same as a field. */
export const evpnRoutes: TailField<EvpnRouteList, false, EvpnRouteListInput> = list(evpnRoute);

/** A route distinguisher made of an IPv4 address and a number. Shape: 8 bytes. Source: RFC 4364, 4.2. */
export const routeDistinguisherIpv4 = codec('Route Distinguisher, type 1', 'RFC 4364, 4.2', {
  type: withDefault(u16, 1),
  address: bytes(4),
  number: u16,
});
