/** As much of IP and UDP as it takes to find the Ethernet frame inside a VXLAN packet. */
import {
  bit,
  bytes,
  codec,
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
  withDefault,
} from '../layout/index.ts';

/** IP protocol numbers. */
export const IpProtocol = { ICMP: 1, TCP: 6, UDP: 17, ICMPv6: 58 } as const;
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
