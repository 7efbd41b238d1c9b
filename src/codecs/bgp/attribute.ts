/** Path attributes of an UPDATE. Source: RFC 4271, 4.3 and 5; RFC 4760; RFC 4456; RFC 6514. */
import {
  bytes,
  codec,
  derived,
  type FixedField,
  family,
  fixedTail,
  flags,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  optional,
  pad,
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
import {
  AddressFamily,
  AsPathSegmentType,
  AttributeFlags,
  AttributeType,
  Origin,
  PmsiTunnelType,
  SubsequentAddressFamily,
  WellKnownCommunity,
} from './codes.ts';
import { extendedCommunityList } from './community.ts';
import { evpnRoutes } from './evpn.ts';

const HEAD_BYTES = 3;
const SHORT_BYTES_MAX = 255;
const { OPTIONAL, TRANSITIVE, EXTENDED_LENGTH } = AttributeFlags;

/** What stands in front of every attribute's own fields. */
interface AttributeHead {
  readonly flags: FixedField<number, true>;
  readonly typeCode: FixedField<number, true>;
  /** Its length, of 1 byte, or of 2 with EXTENDED_LENGTH: either may be used for a short one. */
  readonly lengthField: TailField<Uint8Array, true>;
}

/** The head of an attribute with these flags, whose own fields have these names. */
function headOf(name: keyof typeof AttributeType, own: number, ...fields: string[]): AttributeHead {
  type SizeOf = (key: string) => number;
  const bodyBytes = (sizeOf: SizeOf): number => fields.reduce((sum, key) => sum + sizeOf(key), 0);
  const flagsOf = (value: Readonly<Record<string, unknown>>, sizeOf: SizeOf): number =>
    typeof value.flags === 'number'
      ? value.flags
      : own | (bodyBytes(sizeOf) > SHORT_BYTES_MAX ? EXTENDED_LENGTH : 0);
  return {
    flags: derived(flags(u8, AttributeFlags), flagsOf),
    typeCode: withDefault(named(u8, AttributeType), AttributeType[name]),
    lengthField: pad(
      of<{ flags: number }>((v) => ((v.flags & EXTENDED_LENGTH) === 0 ? 1 : 2)),
      (value, sizeOf) => {
        const length = bodyBytes(sizeOf);
        const isLong = (flagsOf(value, sizeOf) & EXTENDED_LENGTH) !== 0;
        return isLong ? Uint8Array.of(length >> 8, length) : Uint8Array.of(length);
      },
    ),
  };
}

/** How the route came to be known. Shape: 4 or 5 bytes. */
const origin = codec(
  'BGP ORIGIN',
  'RFC 4271, 5.1.1',
  { ...headOf('ORIGIN', TRANSITIVE, 'origin'), origin: fixedTail(named(u8, Origin)) },
  'origin',
);
/**
 * The ASes that the route has come through: segments as `asPathSegment` reads them, or `asPathSegmentAs4` where
 * both speakers can do AS numbers of four octets.
 *
 * Shape: 3 or 4 bytes and the segments.
 */
const asPath = codec(
  'BGP AS_PATH',
  'RFC 4271, 5.1.2',
  { ...headOf('AS_PATH', TRANSITIVE, 'segments'), segments: rest },
  'asPath',
);
/** Where IPv4 packets go. Shape: 7 or 8 bytes. */
const nextHop = codec(
  'BGP NEXT_HOP',
  'RFC 4271, 5.1.3',
  { ...headOf('NEXT_HOP', TRANSITIVE, 'nextHop'), nextHop: fixedTail(bytes(4)) },
  'nextHop',
);
/** Which of several ways into an AS is better; the lower one. Shape: 7 or 8 bytes. */
const multiExitDisc = codec(
  'BGP MULTI_EXIT_DISC',
  'RFC 4271, 5.1.4',
  { ...headOf('MULTI_EXIT_DISC', OPTIONAL, 'metric'), metric: fixedTail(u32) },
  'multiExitDisc',
);
/** How good the route is within the AS; the higher one. Shape: 7 or 8 bytes. */
const localPref = codec(
  'BGP LOCAL_PREF',
  'RFC 4271, 5.1.5',
  { ...headOf('LOCAL_PREF', TRANSITIVE, 'preference'), preference: fixedTail(u32) },
  'localPref',
);
/** Marks of a route. Shape: 3 or 4 bytes and 4 for each. */
const communities = codec(
  'BGP COMMUNITIES',
  'RFC 1997',
  {
    ...headOf('COMMUNITIES', OPTIONAL | TRANSITIVE, 'communities'),
    communities: list(named(u32, WellKnownCommunity)),
  },
  'communities',
);
/** Who brought the route to its reflector. Shape: 7 or 8 bytes. */
const originatorId = codec(
  'BGP ORIGINATOR_ID',
  'RFC 4456, clause 8',
  { ...headOf('ORIGINATOR_ID', OPTIONAL, 'routerId'), routerId: fixedTail(bytes(4)) },
  'originatorId',
);
/** The reflectors that it has passed. Shape: 3 or 4 bytes and 4 for each. */
const clusterList = codec(
  'BGP CLUSTER_LIST',
  'RFC 4456, clause 8',
  { ...headOf('CLUSTER_LIST', OPTIONAL, 'clusterIds'), clusterIds: list(bytes(4)) },
  'clusterList',
);
/** Communities of 8 bytes. Shape: 3 or 4 bytes and 8 for each. */
const extendedCommunities = codec(
  'BGP EXTENDED COMMUNITIES',
  'RFC 4360',
  {
    ...headOf('EXTENDED COMMUNITIES', OPTIONAL | TRANSITIVE, 'communities'),
    communities: extendedCommunityList,
  },
  'extendedCommunities',
);
/** How what is flooded is carried. Shape: 8 or 9 bytes and the tunnel's own identifier. */
const pmsiTunnel = codec(
  'BGP PMSI_TUNNEL',
  'RFC 6514, clause 5',
  {
    ...headOf(
      'PMSI_TUNNEL',
      OPTIONAL | TRANSITIVE,
      'tunnelFlags',
      'tunnelType',
      'label',
      'tunnelIdentifier',
    ),
    tunnelFlags: fixedTail(withDefault(u8, 0)),
    tunnelType: fixedTail(named(u8, PmsiTunnelType)),
    label: fixedTail(u24),
    tunnelIdentifier: rest,
  },
  'pmsiTunnel',
);

type Family = { afi: number; safi: number };
const isEvpn = when<Family>(
  ({ afi, safi }) => afi === AddressFamily.L2VPN && safi === SubsequentAddressFamily.EVPN,
);
const families = {
  afi: fixedTail(named(u16, AddressFamily)),
  safi: fixedTail(named(u8, SubsequentAddressFamily)),
} as const;

/** Routes that are there, and where to send for them. Shape: 8 or 9 bytes, next hop and routes. */
const mpReach = codec(
  'BGP MP_REACH_NLRI',
  'RFC 4760, clause 3',
  {
    ...headOf(
      'MP_REACH_NLRI',
      OPTIONAL,
      'afi',
      'safi',
      'nextHopLengthBytes',
      'nextHop',
      'reserved',
      'routes',
      'nlri',
    ),
    ...families,
    nextHopLengthBytes: {
      ...fixedTail(derived(u8, (_, sizeOf) => sizeOf('nextHop'))),
      shape: { kind: 'pad' },
    },
    nextHop: sized(
      of<{ nextHopLengthBytes: number }>((v) => v.nextHopLengthBytes),
      rest,
    ),
    reserved: fixedTail(withDefault(u8, 0)),
    routes: optional(isEvpn, evpnRoutes),
    /** Routes of other families. */
    nlri: rest,
  },
  'mpReach',
);
/** Routes that are there no more. Shape: 6 or 7 bytes and routes. */
const mpUnreach = codec(
  'BGP MP_UNREACH_NLRI',
  'RFC 4760, clause 4',
  {
    ...headOf('MP_UNREACH_NLRI', OPTIONAL, 'afi', 'safi', 'routes', 'nlri'),
    ...families,
    routes: optional(isEvpn, evpnRoutes),
    /** Routes of other families. */
    nlri: rest,
  },
  'mpUnreach',
);

/** Bytes that an attribute says it has, its head included. */
function attributeBytesAt(source: Uint8Array, at: number, end: number): number {
  if ((source[at]! & EXTENDED_LENGTH) === 0) return HEAD_BYTES + source[at + 2]!;
  return at + HEAD_BYTES < end
    ? HEAD_BYTES + 1 + ((source[at + 2]! << 8) | source[at + HEAD_BYTES]!)
    : HEAD_BYTES + 1;
}

/**
 * Any path attribute; one of another type is kept as bytes.
 *
 * Shape: 3 bytes, 4 with a length of two, and what they say.
 * Errors: `bad-length` for one that runs past the list.
 */
export const pathAttribute = family('BGP path attribute', 'RFC 4271, 4.3', {
  members: {
    1: origin,
    2: asPath,
    3: nextHop,
    4: multiExitDisc,
    5: localPref,
    8: communities,
    9: originatorId,
    10: clusterList,
    14: mpReach,
    15: mpUnreach,
    16: extendedCommunities,
    22: pmsiTunnel,
  },
  peekBytes: HEAD_BYTES,
  select: (source, at) => source[at + 1] as 1,
  extent: attributeBytesAt,
  spoilsItself: true,
});
/** What `pathAttribute` decodes. */
export type PathAttribute = Infer<typeof pathAttribute>;
/** What `pathAttribute` encodes. */
export type PathAttributeInput = InferInput<typeof pathAttribute>;
/** Several, one behind the other. */
export interface PathAttributeList extends Array<PathAttribute> {}
/** The same to be encoded. */
export interface PathAttributeListInput extends ReadonlyArray<PathAttributeInput> {}
/** The same as a field. */
export const pathAttributes: TailField<PathAttributeList, false, PathAttributeListInput> =
  list(pathAttribute);

const segment = {
  type: named(u8, AsPathSegmentType),
  count: derived(u8, (value) => (value.ases as readonly unknown[]).length),
} as const;
const countOf = of<{ count: number }>((v) => v.count);
/** A part of an AS path, its numbers of two octets. Shape: 2 bytes and 2 for each AS. */
export const asPathSegment = codec('AS_PATH segment', 'RFC 4271, 4.3', {
  ...segment,
  ases: list(u16, { count: countOf }),
});
/** The same with numbers of four octets. Shape: 2 bytes and 4 for each AS. */
export const asPathSegmentAs4 = codec('AS_PATH segment, 4-octet AS', 'RFC 6793, 4.1', {
  ...segment,
  ases: list(u32, { count: countOf }),
});
