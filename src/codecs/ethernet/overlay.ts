/** Headers that carry one network inside another: GRE, ERSPAN, VXLAN-GPE, Geneve. */
import {
  bit,
  codec,
  derived,
  embed,
  fixedTail,
  hex,
  type Infer,
  type InferInput,
  named,
  of,
  optional,
  reserved16,
  reservedBits,
  rest,
  sized,
  u8,
  u16,
  u24,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { EtherType } from './ether-type.ts';

type GreFlags = { checksumPresent: number; routingPresent: number };
type Present = { keyPresent: number; sequencePresent: number };

/** Checksum and what stands beside it. Shape: 4 bytes. */
const greChecksum = codec('GRE checksum', 'RFC 2784', { checksum: hex(u16), reserved: reserved16 });

/**
 * Generic routing encapsulation. NVGRE is its key: a virtual subnet in 24 bits, a flow in 8.
 *
 * Shape: 4 bytes, and 4 for each of checksum, key and sequence number that its bits announce.
 * Source: RFC 2784, RFC 2890; RFC 7637 for NVGRE.
 */
export const gre = codec('GRE', 'RFC 2784 and RFC 2890', {
  checksumPresent: withDefault(bit(1), 0),
  routingPresent: withDefault(bit(1), 0),
  keyPresent: withDefault(bit(1), 0),
  sequencePresent: withDefault(bit(1), 0),
  reserved: reservedBits(9),
  version: withDefault(bit(3), 0),
  protocol: named(u16, EtherType),
  checksum: optional(
    when<GreFlags>((v) => (v.checksumPresent | v.routingPresent) === 1),
    embed(greChecksum),
  ),
  key: optional(
    when<Present>((v) => v.keyPresent === 1),
    fixedTail(hex(u32)),
  ),
  sequence: optional(
    when<Present>((v) => v.sequencePresent === 1),
    fixedTail(u32),
  ),
});
export type Gre = Infer<typeof gre>;
export type GreInput = InferInput<typeof gre>;

const erspanHead = (version: number) => ({
  version: withDefault(bit(4), version),
  vlan: bit(12),
  classOfService: withDefault(bit(3), 0),
});

/** ERSPAN type II, then an Ethernet frame. Shape: 8 bytes. Source: draft-foschiano-erspan. */
export const erspan2 = codec('ERSPAN type II', 'draft-foschiano-erspan', {
  ...erspanHead(1),
  encapsulation: withDefault(bit(2), 0),
  truncated: withDefault(bit(1), 0),
  sessionId: bit(10),
  reserved: reservedBits(12),
  index: withDefault(bit(20), 0),
});
export type Erspan2 = Infer<typeof erspan2>;
export type Erspan2Input = InferInput<typeof erspan2>;

/** What an ERSPAN type III header carries. */
export const ErspanFrameType = { Ethernet: 0, IP: 2 } as const;

/** Platform specific part. Shape: 8 bytes. */
const erspanPlatform = codec('ERSPAN platform header', 'draft-foschiano-erspan', {
  platformId: bit(6),
  upper1: withDefault(bit(2), 0),
  upper2: withDefault(bit(24), 0),
  lower: withDefault(u32, 0),
});

/**
 * ERSPAN type III, then a frame. Shape: 12 bytes, 8 more where `platformFollows`.
 * Source: draft-foschiano-erspan.
 */
export const erspan3 = codec('ERSPAN type III', 'draft-foschiano-erspan', {
  ...erspanHead(2),
  badOrShort: withDefault(bit(2), 0),
  truncated: withDefault(bit(1), 0),
  sessionId: bit(10),
  timestamp: withDefault(hex(u32), 0),
  securityGroup: withDefault(u16, 0),
  isPdu: withDefault(bit(1), 0),
  frameType: withDefault(named(bit(5), ErspanFrameType), ErspanFrameType.Ethernet),
  hardwareId: withDefault(bit(6), 0),
  direction: withDefault(bit(1), 0),
  granularity: withDefault(bit(2), 0),
  platformFollows: withDefault(bit(1), 0),
  platform: optional(
    when<{ platformFollows: number }>((v) => v.platformFollows === 1),
    embed(erspanPlatform),
  ),
});
export type Erspan3 = Infer<typeof erspan3>;
export type Erspan3Input = InferInput<typeof erspan3>;

/** UDP port of VXLAN-GPE. */
export const VXLAN_GPE_PORT = 4790;
/** UDP port of Geneve. Source: RFC 8926. */
export const GENEVE_PORT = 6081;

/** What a VXLAN-GPE header carries. */
export const VxlanGpeProtocol = { IPv4: 1, IPv6: 2, Ethernet: 3, NSH: 4 } as const;

/** VXLAN with a protocol of its own choice. Shape: 8 bytes. Source: draft-ietf-nvo3-vxlan-gpe. */
export const vxlanGpe = codec('VXLAN-GPE', 'draft-ietf-nvo3-vxlan-gpe', {
  flags: withDefault(hex(u8), 0x0c),
  reserved1: reserved16,
  nextProtocol: withDefault(named(u8, VxlanGpeProtocol), VxlanGpeProtocol.Ethernet),
  vni: u24,
  reserved2: withDefault(hex(u8), 0),
});
export type VxlanGpe = Infer<typeof vxlanGpe>;
export type VxlanGpeInput = InferInput<typeof vxlanGpe>;

/** Geneve, then what `protocol` says. Shape: 8 bytes and the options. Source: RFC 8926. */
export const geneve = codec('Geneve', 'RFC 8926', {
  version: withDefault(bit(2), 0),
  optionsWords: derived(bit(6), (_, sizeOf) => sizeOf('options') / 4),
  control: withDefault(bit(1), 0),
  critical: withDefault(bit(1), 0),
  reserved1: reservedBits(6),
  protocol: named(u16, EtherType),
  vni: u24,
  reserved2: withDefault(hex(u8), 0),
  options: sized(
    of<{ optionsWords: number }>((v) => v.optionsWords * 4),
    rest,
  ),
});
export type Geneve = Infer<typeof geneve>;
export type GeneveInput = InferInput<typeof geneve>;
