/** Messages of BGP-4. Source: RFC 4271, clause 4; RFC 2918. */
import {
  bytes,
  codec,
  derived,
  family,
  fixedTail,
  type Infer,
  type InferInput,
  named,
  of,
  reserved8,
  rest,
  sized,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { pathAttributes } from './attribute.ts';
import { openParameters } from './capability.ts';
import {
  AddressFamily,
  BGP_VERSION,
  BgpType,
  NotificationCode,
  SubsequentAddressFamily,
} from './codes.ts';

/** Bytes of the marker, all of them ones. */
const MARKER_BYTES = 16;
/** Marker, length and type. Source: RFC 4271, 4.1. */
export const BGP_HEADER_BYTES = 19;
/** Bytes of a message, at most. Source: RFC 4271, 4.1; RFC 8654 would raise it where both ask for it. */
export const BGP_MESSAGE_BYTES_MAX = 4096;
const LENGTH_AT = MARKER_BYTES;
const TYPE_AT = 18;

const marker = withDefault(bytes(MARKER_BYTES), new Uint8Array(MARKER_BYTES).fill(0xff));
type SizeOf = (key: string) => number;
const head = (name: keyof typeof BgpType, ownBytes: (sizeOf: SizeOf) => number) => ({
  marker,
  lengthBytes: derived(u16, (_, sizeOf) => BGP_HEADER_BYTES + ownBytes(sizeOf)),
  type: withDefault(named(u8, BgpType), BgpType[name]),
});

/** Who speaks, and what the speaker can do. Shape: 29 bytes and parameters. */
const open = codec(
  'BGP OPEN',
  'RFC 4271, 4.2',
  {
    ...head('OPEN', (sizeOf) => 10 + sizeOf('parameters')),
    version: withDefault(u8, BGP_VERSION),
    myAs: u16,
    holdTimeSeconds: u16,
    bgpIdentifier: bytes(4),
    parametersLengthBytes: derived(u8, (_, sizeOf) => sizeOf('parameters')),
    parameters: sized(
      of<{ parametersLengthBytes: number }>((v) => v.parametersLengthBytes),
      openParameters,
    ),
  },
  'OPEN',
);
/** Routes that are there, and routes that are there no more. Shape: 23 bytes and more. */
const update = codec(
  'BGP UPDATE',
  'RFC 4271, 4.3',
  {
    ...head(
      'UPDATE',
      (sizeOf) => 4 + sizeOf('withdrawnRoutes') + sizeOf('attributes') + sizeOf('nlri'),
    ),
    withdrawnRoutesLengthBytes: derived(u16, (_, sizeOf) => sizeOf('withdrawnRoutes')),
    /** IPv4 networks, each a length in bits and as many bytes as that needs. */
    withdrawnRoutes: sized(
      of<{ withdrawnRoutesLengthBytes: number }>((v) => v.withdrawnRoutesLengthBytes),
      rest,
    ),
    attributesLengthBytes: {
      ...fixedTail(derived(u16, (_, sizeOf) => sizeOf('attributes'))),
      shape: { kind: 'pad' },
    },
    attributes: sized(
      of<{ attributesLengthBytes: number }>((v) => v.attributesLengthBytes),
      pathAttributes,
    ),
    /** IPv4 networks that are there. */
    nlri: rest,
  },
  'UPDATE',
);
/** Why the session ends. Shape: 21 bytes and more. */
const notification = codec(
  'BGP NOTIFICATION',
  'RFC 4271, 4.5',
  {
    ...head('NOTIFICATION', (sizeOf) => 2 + sizeOf('data')),
    errorCode: named(u8, NotificationCode),
    errorSubcode: withDefault(u8, 0),
    data: rest,
  },
  'NOTIFICATION',
);
/** The session lives. Shape: 19 bytes. */
const keepalive = codec(
  'BGP KEEPALIVE',
  'RFC 4271, 4.4',
  head('KEEPALIVE', () => 0),
  'KEEPALIVE',
);
/** Send all routes of a family again. Shape: 23 bytes. */
const routeRefresh = codec(
  'BGP ROUTE-REFRESH',
  'RFC 2918, clause 3',
  {
    ...head('ROUTE-REFRESH', () => 4),
    afi: named(u16, AddressFamily),
    reserved: reserved8,
    safi: named(u8, SubsequentAddressFamily),
  },
  'ROUTE-REFRESH',
);

/** Bytes that a message says it has; its header must be there. */
export const bgpBytesAt = (source: Uint8Array, at: number): number =>
  (source[at + LENGTH_AT]! << 8) | source[at + LENGTH_AT + 1]!;

/**
 * Any message of BGP.
 *
 * Shape: 19 to 4,096 bytes.
 * Errors: `truncated` below 19 bytes; `bad-length` for one that says it has fewer, or more than are there.
 */
export const bgpMessage = family('BGP message', 'RFC 4271, clause 4', {
  members: { 1: open, 2: update, 3: notification, 4: keepalive, 5: routeRefresh },
  peekBytes: BGP_HEADER_BYTES,
  select: (source, at) => source[at + TYPE_AT] as 1,
  extent(source, at) {
    const length = bgpBytesAt(source, at);
    return length < BGP_HEADER_BYTES ? 0 : length;
  },
});
/** What `bgpMessage` decodes. */
export type BgpMessage = Infer<typeof bgpMessage>;
/** What `bgpMessage` encodes. */
export type BgpMessageInput = InferInput<typeof bgpMessage>;
/** A message of one kind. */
export type BgpMessageOf<K extends BgpMessage['kind']> = Extract<BgpMessage, { kind: K }>;
