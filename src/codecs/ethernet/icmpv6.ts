/** ICMPv6, and in it the announcements by which an IPv6 address follows a moved machine. */
import {
  bit,
  bytes,
  codec,
  family,
  hex,
  type Infer,
  type InferInput,
  list,
  mac,
  named,
  reserved32,
  reservedBits,
  rest,
  u8,
  u16,
  u32,
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

/** Options of neighbour discovery. Source: RFC 4861, 4.6. */
export const NdOptionType = {
  'Source Link-Layer Address': 1,
  'Target Link-Layer Address': 2,
  'Prefix Information': 3,
  'Redirected Header': 4,
  MTU: 5,
} as const;
const OPTION_UNIT_BYTES = 8;

const linkLayer = <const K extends string>(name: keyof typeof NdOptionType, kind: K) =>
  codec(
    `ND option ${name}`,
    'RFC 4861, 4.6.1',
    {
      type: withDefault(named(u8, NdOptionType), NdOptionType[name]),
      /** In units of 8 bytes. */
      lengthUnits: withDefault(u8, 1),
      mac,
    },
    kind,
  );
/** The address of who sends. Shape: 8 bytes. */
const sourceLinkLayer = linkLayer('Source Link-Layer Address', 'sourceLinkLayerAddress');
/** The address of whom it is about. Shape: 8 bytes. */
const targetLinkLayer = linkLayer('Target Link-Layer Address', 'targetLinkLayerAddress');

/**
 * An option of neighbour discovery; one of another type is kept as bytes.
 *
 * Shape: 8 bytes times what its second byte says.
 * Errors: `bad-length` for a length of 0 and one that runs past the message.
 */
export const ndOption = family('ND option', 'RFC 4861, 4.6', {
  members: { 1: sourceLinkLayer, 2: targetLinkLayer },
  peekBytes: 2,
  select: (source, at) =>
    source[at + 1] === 1 && (source[at] === 1 || source[at] === 2) ? (source[at] as 1) : undefined,
  extent: (source, at) => source[at + 1]! * OPTION_UNIT_BYTES,
  spoilsItself: true,
});
/** What `ndOption` decodes. */
export type NdOption = Infer<typeof ndOption>;

const options = { ...list(ndOption), optional: true, default: () => [] } as const;

/** Asks for routers. Shape: 8 bytes and options. Source: RFC 4861, 4.1. */
const routerSolicitation = codec(
  'router solicitation',
  'RFC 4861, 4.1',
  { ...head(Icmpv6Type['router solicitation']), reserved: reserved32, options },
  'router solicitation',
);

/** Says who routes. Shape: 16 bytes and options. Source: RFC 4861, 4.2. */
const routerAdvertisement = codec(
  'router advertisement',
  'RFC 4861, 4.2',
  {
    ...head(Icmpv6Type['router advertisement']),
    hopLimit: u8,
    managed: withDefault(bit(1), 0),
    other: withDefault(bit(1), 0),
    reserved: reservedBits(6),
    routerLifetimeSeconds: u16,
    reachableTimeMs: u32,
    retransTimerMs: u32,
    options,
  },
  'router advertisement',
);

/** Asks who has an address. Shape: 24 bytes and options. Source: RFC 4861, 4.3. */
const neighborSolicitation = codec(
  'neighbor solicitation',
  'RFC 4861, 4.3',
  {
    ...head(Icmpv6Type['neighbor solicitation']),
    reserved: reserved32,
    targetAddress: bytes(16),
    options,
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
    options,
  },
  'neighbor advertisement',
);

/** Says of a better next hop. Shape: 40 bytes and options. Source: RFC 4861, 4.5. */
const redirect = codec(
  'redirect',
  'RFC 4861, 4.5',
  {
    ...head(Icmpv6Type.redirect),
    reserved: reserved32,
    targetAddress: bytes(16),
    destinationAddress: bytes(16),
    options,
  },
  'redirect',
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

const ND_HEAD_BYTES = {
  133: routerSolicitation.headBytes,
  134: routerAdvertisement.headBytes,
  135: neighborSolicitation.headBytes,
  136: neighborAdvertisement.headBytes,
  137: redirect.headBytes,
} as const;

/** An ICMPv6 message. Shape: 4 bytes and more. */
export const icmpv6 = family('ICMPv6', 'RFC 4443 and RFC 4861', {
  members: {
    133: routerSolicitation,
    134: routerAdvertisement,
    135: neighborSolicitation,
    136: neighborAdvertisement,
    137: redirect,
    other,
  },
  peekBytes: 4,
  select(bytes, at, end) {
    const type = bytes[at]!;
    const headBytes = type in ND_HEAD_BYTES ? ND_HEAD_BYTES[type as 133] : undefined;
    return headBytes !== undefined && end - at >= headBytes ? (type as 133) : 'other';
  },
});
export type Icmpv6 = Infer<typeof icmpv6>;
export type Icmpv6Input = InferInput<typeof icmpv6>;
