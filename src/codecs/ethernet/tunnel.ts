/** As much of IP and UDP as it takes to find the Ethernet frame inside a VXLAN packet. */
import {
  bit,
  bytes,
  codec,
  derived,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  of,
  reserved8,
  reserved24,
  rest,
  sized,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';

/** IP protocol numbers. */
export const IpProtocol = {
  'hop-by-hop options': 0,
  ICMP: 1,
  TCP: 6,
  UDP: 17,
  routing: 43,
  fragment: 44,
  GRE: 47,
  'authentication header': 51,
  ICMPv6: 58,
  'destination options': 60,
} as const;
/** UDP port of VXLAN. Source: RFC 7348. */
export const VXLAN_PORT = 4789;
/** UDP port of VXLAN as Linux used it before the registration. */
export const VXLAN_PORT_LINUX = 8472;

/** IPv4 header. Shape: 20 bytes and options. Source: RFC 791. */
export const ipv4 = codec('IPv4', 'RFC 791', {
  version: withDefault(bit(4), 4),
  headerWords: withDefault(bit(4), 5),
  typeOfService: withDefault(hex(u8), 0),
  totalLengthBytes: u16,
  identification: withDefault(hex(u16), 0),
  flags: withDefault(bit(3), 0),
  fragmentOffset: withDefault(bit(13), 0),
  timeToLive: withDefault(u8, 64),
  protocol: named(u8, IpProtocol),
  headerChecksum: withDefault(hex(u16), 0),
  source: bytes(4),
  destination: bytes(4),
  options: sized(
    of<{ headerWords: number }>((v) => (v.headerWords - 5) * 4),
    rest,
  ),
});
export type Ipv4 = Infer<typeof ipv4>;
export type Ipv4Input = InferInput<typeof ipv4>;

/** IPv6 header. Shape: 40 bytes. Source: RFC 8200. */
export const ipv6 = codec('IPv6', 'RFC 8200', {
  version: withDefault(bit(4), 6),
  trafficClass: withDefault(bit(8), 0),
  flowLabel: withDefault(hex(bit(20)), 0),
  payloadLengthBytes: u16,
  nextHeader: named(u8, IpProtocol),
  hopLimit: withDefault(u8, 64),
  source: bytes(16),
  destination: bytes(16),
});
export type Ipv6 = Infer<typeof ipv6>;
export type Ipv6Input = InferInput<typeof ipv6>;

/** UDP header. Shape: 8 bytes. Source: RFC 768. */
export const udp = codec('UDP', 'RFC 768', {
  sourcePort: u16,
  destinationPort: u16,
  lengthBytes: u16,
  checksum: withDefault(hex(u16), 0),
});
export type Udp = Infer<typeof udp>;
export type UdpInput = InferInput<typeof udp>;

/** VXLAN flags. I: the VNI is valid. */
export const VxlanFlags = { I: 0x08 } as const;

/** VXLAN header, then an Ethernet frame. Shape: 8 bytes. Source: RFC 7348. */
export const vxlan = codec('VXLAN', 'RFC 7348', {
  flags: withDefault(flags(u8, VxlanFlags), VxlanFlags.I),
  reserved1: reserved24,
  vni: bit(24),
  reserved2: reserved8,
});
export type Vxlan = Infer<typeof vxlan>;
export type VxlanInput = InferInput<typeof vxlan>;

/**
 * An IPv6 extension header: hop-by-hop options, destination options, routing.
 *
 * Shape: 8 bytes and `lengthUnits` x 8. Source: RFC 8200.
 */
export const ipv6Extension = codec('IPv6 extension header', 'RFC 8200', {
  nextHeader: named(u8, IpProtocol),
  lengthUnits: derived(u8, (_, sizeOf) => Math.max(0, (sizeOf('data') - 6) / 8)),
  data: sized(
    of<{ lengthUnits: number }>((v) => v.lengthUnits * 8 + 6),
    rest,
  ),
});
export type Ipv6Extension = Infer<typeof ipv6Extension>;
export type Ipv6ExtensionInput = InferInput<typeof ipv6Extension>;

/** IPv6 fragment header. Shape: 8 bytes. Units: `fragmentOffset` counts 8 bytes. Source: RFC 8200. */
export const ipv6Fragment = codec('IPv6 fragment header', 'RFC 8200', {
  nextHeader: named(u8, IpProtocol),
  reserved1: reserved8,
  fragmentOffset: bit(13),
  reserved2: withDefault(bit(2), 0),
  moreFragments: withDefault(bit(1), 0),
  identification: withDefault(hex(u32), 0),
});
export type Ipv6Fragment = Infer<typeof ipv6Fragment>;
export type Ipv6FragmentInput = InferInput<typeof ipv6Fragment>;
