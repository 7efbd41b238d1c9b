/** Extended communities. Source: RFC 4360; RFC 7432, 7.7; RFC 9012, 4.1. */
import {
  bytes,
  codec,
  family,
  flags,
  type Infer,
  type InferInput,
  list,
  mac,
  named,
  reserved8,
  reserved32,
  type TailField,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ExtendedCommunityType, MacMobilityFlags, TunnelType } from './codes.ts';

/** Bytes of every extended community. */
export const EXTENDED_COMMUNITY_BYTES = 8;

const type = (code: number) => withDefault(named(u16, ExtendedCommunityType), code);

/** Whose routes these are: an AS of two octets and a number. Shape: 8 bytes. */
const routeTarget = codec(
  'Route Target',
  'RFC 4360, 3.1 and 4',
  { type: type(ExtendedCommunityType['Route Target (2-octet AS)']), as: u16, number: u32 },
  'routeTarget',
);
/** The same with an IPv4 address. Shape: 8 bytes. */
const routeTargetIpv4 = codec(
  'Route Target, IPv4',
  'RFC 4360, 3.2 and 4',
  { type: type(ExtendedCommunityType['Route Target (IPv4)']), address: bytes(4), number: u16 },
  'routeTargetIpv4',
);
/** The same with an AS of four octets. Shape: 8 bytes. */
const routeTargetAs4 = codec(
  'Route Target, 4-octet AS',
  'RFC 5668, clause 2',
  { type: type(ExtendedCommunityType['Route Target (4-octet AS)']), as: u32, number: u16 },
  'routeTargetAs4',
);
/** How frames are carried. Shape: 8 bytes. */
const encapsulation = codec(
  'Encapsulation',
  'RFC 9012, 4.1',
  {
    type: type(ExtendedCommunityType.Encapsulation),
    reserved: reserved32,
    tunnelType: named(u16, TunnelType),
  },
  'encapsulation',
);
/** How often a MAC has moved; the highest number wins. Shape: 8 bytes. */
const macMobility = codec(
  'MAC Mobility',
  'RFC 7432, 7.7',
  {
    type: type(ExtendedCommunityType['MAC Mobility']),
    flags: withDefault(flags(u8, MacMobilityFlags), 0),
    reserved: reserved8,
    sequenceNumber: u32,
  },
  'macMobility',
);
/** The MAC of who routes for the sender. Shape: 8 bytes. */
const routersMac = codec(
  "Router's MAC",
  'RFC 9135, 8.1',
  { type: type(ExtendedCommunityType["Router's MAC"]), mac },
  'routersMac',
);

/**
 * Any extended community; one of another type is kept as bytes.
 *
 * Shape: 8 bytes.
 */
export const extendedCommunity = family('BGP extended community', 'RFC 4360', {
  members: {
    2: routeTarget,
    258: routeTargetIpv4,
    514: routeTargetAs4,
    780: encapsulation,
    1536: macMobility,
    1539: routersMac,
  },
  peekBytes: EXTENDED_COMMUNITY_BYTES,
  select: (source, at) => ((source[at]! << 8) | source[at + 1]!) as 2,
  extent: () => EXTENDED_COMMUNITY_BYTES,
  spoilsItself: true,
});
/** What `extendedCommunity` decodes. */
export type ExtendedCommunity = Infer<typeof extendedCommunity>;
/** What `extendedCommunity` encodes. */
export type ExtendedCommunityInput = InferInput<typeof extendedCommunity>;
/** Several, one behind the other. */
export interface ExtendedCommunityList extends Array<ExtendedCommunity> {}
/** The same to be encoded. */
export interface ExtendedCommunityListInput extends ReadonlyArray<ExtendedCommunityInput> {}
/** The same as a field. */
export const extendedCommunityList: TailField<
  ExtendedCommunityList,
  false,
  ExtendedCommunityListInput
> = list(extendedCommunity);
