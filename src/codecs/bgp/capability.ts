/** What speakers say in an OPEN that they can do. Source: RFC 5492. */
import {
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  rest,
  sized,
  type TailField,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import {
  AddressFamily,
  CapabilityCode,
  OpenParameterType,
  SubsequentAddressFamily,
} from './codes.ts';

const HEAD_BYTES = 2;

/** Routes of this family are spoken. Shape: 6 bytes. */
const multiprotocol = codec(
  'BGP capability Multiprotocol Extensions',
  'RFC 4760, clause 8',
  {
    code: withDefault(named(u8, CapabilityCode), CapabilityCode['Multiprotocol Extensions']),
    lengthBytes: withDefault(u8, 4),
    afi: named(u16, AddressFamily),
    reserved: reserved8,
    safi: named(u8, SubsequentAddressFamily),
  },
  'multiprotocol',
);
/** Routes are sent again when asked for. Shape: 2 bytes. */
const routeRefresh = codec(
  'BGP capability Route Refresh',
  'RFC 2918, clause 2',
  {
    code: withDefault(named(u8, CapabilityCode), CapabilityCode['Route Refresh']),
    lengthBytes: withDefault(u8, 0),
  },
  'routeRefresh',
);
/** AS numbers have four octets. Shape: 6 bytes. */
const fourOctetAs = codec(
  'BGP capability 4-octet AS',
  'RFC 6793, clause 3',
  {
    code: withDefault(named(u8, CapabilityCode), CapabilityCode['4-octet AS']),
    lengthBytes: withDefault(u8, 4),
    as: u32,
  },
  'fourOctetAs',
);
/** Any other. Shape: 2 bytes and more. */
const other = codec(
  'BGP capability',
  'RFC 5492, clause 4',
  {
    code: named(u8, CapabilityCode),
    lengthBytes: derived(u8, (_, sizeOf) => sizeOf('information')),
    information: rest,
  },
  'other',
);

/**
 * Any capability.
 *
 * Shape: 2 bytes and `lengthBytes`.
 * Errors: `bad-length` for one that runs past its parameter.
 */
export const bgpCapability = family('BGP capability', 'RFC 5492, clause 4', {
  members: { 1: multiprotocol, 2: routeRefresh, 65: fourOctetAs, other },
  peekBytes: HEAD_BYTES,
  select(source, at) {
    const code = source[at]!;
    return code === 1 || code === 2 || code === 65 ? code : 'other';
  },
  extent: (source, at) => HEAD_BYTES + source[at + 1]!,
  spoilsItself: true,
});
/** What `bgpCapability` decodes. */
export type BgpCapability = Infer<typeof bgpCapability>;
/** What `bgpCapability` encodes. */
export type BgpCapabilityInput = InferInput<typeof bgpCapability>;
/** Several, one behind the other. */
export interface BgpCapabilityList extends Array<BgpCapability> {}
/** The same to be encoded. */
export interface BgpCapabilityListInput extends ReadonlyArray<BgpCapabilityInput> {}
/** The same as a field. */
export const capabilityList: TailField<BgpCapabilityList, false, BgpCapabilityListInput> =
  list(bgpCapability);

const capabilities = codec(
  'BGP optional parameter Capabilities',
  'RFC 5492, clause 4',
  {
    type: withDefault(named(u8, OpenParameterType), OpenParameterType.Capabilities),
    lengthBytes: derived(u8, (_, sizeOf) => sizeOf('capabilities')),
    capabilities: sized(
      of<{ lengthBytes: number }>((v) => v.lengthBytes),
      capabilityList,
    ),
  },
  'capabilities',
);

/**
 * Any optional parameter of an OPEN; one of another type is kept as bytes.
 *
 * Shape: 2 bytes and what they say.
 * Errors: `bad-length` for one that runs past the OPEN.
 */
export const openParameter = family('BGP optional parameter', 'RFC 4271, 4.2', {
  members: { 2: capabilities },
  peekBytes: HEAD_BYTES,
  select: (source, at) => (source[at] === OpenParameterType.Capabilities ? 2 : undefined),
  extent: (source, at) => HEAD_BYTES + source[at + 1]!,
  spoilsItself: true,
});
/** What `openParameter` decodes. */
export type OpenParameter = Infer<typeof openParameter>;
/** What `openParameter` encodes. */
export type OpenParameterInput = InferInput<typeof openParameter>;
/** Several, one behind the other. */
export interface OpenParameterList extends Array<OpenParameter> {}
/** The same to be encoded. */
export interface OpenParameterListInput extends ReadonlyArray<OpenParameterInput> {}
/** The same as a field. */
export const openParameters: TailField<OpenParameterList, false, OpenParameterListInput> =
  list(openParameter);
