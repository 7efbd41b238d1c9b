/** ICMPv6, and in it the announcements by which an IPv6 address follows a moved machine. */
import {
  bit,
  bytes,
  codec,
  family,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved32,
  reservedBits,
  rest,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';

/** ICMPv6 types. Source: RFC 4443, RFC 4861. */
export const Icmpv6Type = {
  'destination unreachable': 1,
  'packet too big': 2,
  'time exceeded': 3,
  'parameter problem': 4,
  'echo request': 128,
  'echo reply': 129,
  'router solicitation': 133,
  'router advertisement': 134,
  'neighbor solicitation': 135,
  'neighbor advertisement': 136,
  redirect: 137,
} as const;

const head = (type: number) => ({
  type: withDefault(named(u8, Icmpv6Type), type),
  code: withDefault(u8, 0),
  checksum: withDefault(hex(u16), 0),
});

/** Asks who has an address. Shape: 24 bytes and options. Source: RFC 4861, 4.3. */
const neighborSolicitation = codec(
  'neighbor solicitation',
  'RFC 4861, 4.3',
  {
    ...head(Icmpv6Type['neighbor solicitation']),
    reserved: reserved32,
    targetAddress: bytes(16),
    options: rest,
  },
  'neighbor solicitation',
);

/** Says who has an address. Shape: 24 bytes and options. Source: RFC 4861, 4.4. */
const neighborAdvertisement = codec(
  'neighbor advertisement',
  'RFC 4861, 4.4',
  {
    ...head(Icmpv6Type['neighbor advertisement']),
    router: withDefault(bit(1), 0),
    solicited: withDefault(bit(1), 0),
    override: withDefault(bit(1), 0),
    reserved: reservedBits(5),
    reserved2: withDefault(bytes(3), new Uint8Array(3)),
    targetAddress: bytes(16),
    options: rest,
  },
  'neighbor advertisement',
);

/** Any other message. Shape: 4 bytes and more. Source: RFC 4443, 2.1. */
const other = codec(
  'ICMPv6 message',
  'RFC 4443, 2.1',
  {
    type: named(u8, Icmpv6Type),
    code: withDefault(u8, 0),
    checksum: withDefault(hex(u16), 0),
    body: rest,
  },
  'other',
);

/** An ICMPv6 message. Shape: 4 bytes and more. */
export const icmpv6 = family('ICMPv6', 'RFC 4443 and RFC 4861', {
  members: { 135: neighborSolicitation, 136: neighborAdvertisement, other },
  peekBytes: 4,
  select(bytes, at, end) {
    const type = bytes[at]!;
    const isNeighbor = type === 135 || type === 136;
    return isNeighbor && end - at >= neighborSolicitation.headBytes ? type : 'other';
  },
});
export type Icmpv6 = Infer<typeof icmpv6>;
export type Icmpv6Input = InferInput<typeof icmpv6>;
