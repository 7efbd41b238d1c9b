/**
 * FIP descriptors: typed values behind the FIP header.
 *
 * Each begins with its type and its length in 32-bit words, the two bytes themselves included. A
 * descriptor longer than its type's layout keeps the rest in `trailing`; an unknown type is
 * `{kind: 'unknown', raw}`.
 */
import { FC_HEADER_BYTES, fcHeader } from '../fc/header.ts';
import {
  bit,
  bytes,
  codec,
  derived,
  family,
  fcId,
  flags,
  type Infer,
  type InferInput,
  mac,
  named,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  rest,
  struct,
  text,
  u8,
  u16,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import {
  FIP_PRIORITY_DEFAULT,
  FIP_VENDOR_FIRST,
  FipDescriptorType,
  FkaAdvPeriodFlags,
} from './codes.ts';

const SOURCE = 'FC-BB-5, FIP descriptors';
const WORD_BYTES = 4;

/** Type and length of a descriptor of fixed size. */
const head = (type: number, lengthWords: number) => ({
  type: withDefault(named(u8, FipDescriptorType), type),
  lengthWords: withDefault(u8, lengthWords),
});

/** Type and length of a descriptor whose size its `payload` or `data` decides. */
const headFor = (type: number, fixedBytes: number, key: string) => ({
  type: withDefault(named(u8, FipDescriptorType), type),
  lengthWords: derived(u8, (_, sizeOf) => Math.ceil((fixedBytes + sizeOf(key)) / WORD_BYTES)),
});

/** Priority of an FCF; the lower number wins. Shape: 4 bytes (1 word). */
export const fipPriority = codec(
  'FIP Priority descriptor',
  SOURCE,
  { ...head(1, 1), reserved: reserved8, priority: withDefault(u8, FIP_PRIORITY_DEFAULT) },
  'priority',
);

/** A MAC address: the sender's, or one proposed or granted in a login. Shape: 8 bytes (2 words). */
export const fipMac = codec('FIP MAC Address descriptor', SOURCE, { ...head(2, 2), mac }, 'mac');

/** FC-MAP. Shape: 8 bytes (2 words). */
export const fipFcMap = codec(
  'FIP FC-MAP descriptor',
  SOURCE,
  { ...head(3, 2), reserved: reserved24, fcMap: fcId },
  'fcMap',
);

/** Switch_Name or Node_Name of the sender. Shape: 12 bytes (3 words). */
export const fipNameIdentifier = codec(
  'FIP Name_Identifier descriptor',
  SOURCE,
  { ...head(4, 3), reserved: reserved16, name: wwn },
  'nameIdentifier',
);

/** Fabric an FCF belongs to. Shape: 16 bytes (4 words). */
export const fipFabric = codec(
  'FIP Fabric descriptor',
  SOURCE,
  { ...head(5, 4), vfId: withDefault(u16, 0), reserved: reserved8, fcMap: fcId, fabricName: wwn },
  'fabric',
);

/** Largest FCoE PDU (Ethernet payload) the sender takes. Shape: 4 bytes (1 word). */
export const fipMaxFcoeSize = codec(
  'FIP Max FCoE Size descriptor',
  SOURCE,
  { ...head(6, 1), maxFcoeSizeBytes: u16 },
  'maxFcoeSize',
);

/** A whole FC frame without SOF, EOF and CRC, inside a descriptor of its ELS. */
const encapsulated = <const K extends string>(name: string, type: number, kind: K) =>
  codec(
    `FIP ${name} descriptor`,
    SOURCE,
    {
      ...headFor(type, 4 + FC_HEADER_BYTES, 'payload'),
      reserved: reserved16,
      header: struct(fcHeader),
      payload: rest,
    },
    kind,
  );

/** FLOGI request or its reply: 36 words; 9 words with an LS_RJT. Shape: 28 bytes and the ELS. */
export const fipFlogi = encapsulated('FLOGI', FipDescriptorType.FLOGI, 'flogi');
/** FDISC request or its reply: 36 words; 9 words with an LS_RJT. Shape: 28 bytes and the ELS. */
export const fipFdisc = encapsulated('NPIV FDISC', FipDescriptorType['NPIV FDISC'], 'fdisc');
/** Fabric LOGO request (11 words) or its reply (8 words). Shape: 28 bytes and the ELS. */
export const fipLogo = encapsulated('LOGO', FipDescriptorType.LOGO, 'logo');
/** ELP request or reply between FCFs. Shape: 28 bytes and the SW_ILS. */
export const fipElp = encapsulated('ELP', FipDescriptorType.ELP, 'elp');

/** A VN_Port or VF_Port: MAC address, N_Port_ID and port name. Shape: 20 bytes (5 words). */
export const fipVxPort = codec(
  'FIP Vx_Port Identification descriptor',
  SOURCE,
  { ...head(11, 5), mac, reserved: reserved8, nPortId: fcId, portName: wwn },
  'vxPort',
);

/** Period of advertisements and of ENode keep-alives, in ms. Shape: 8 bytes (2 words). */
export const fipFkaAdvPeriod = codec(
  'FIP FKA_ADV_Period descriptor',
  SOURCE,
  {
    ...head(12, 2),
    reserved: reserved8,
    flags: withDefault(flags(u8, FkaAdvPeriodFlags), 0),
    fkaAdvPeriodMs: u32,
  },
  'fkaAdvPeriod',
);

/**
 * T10 vendor identification, and what the vendor puts behind it.
 *
 * Shape: 12 bytes and the vendor's data.
 */
export const fipVendorId = codec(
  'FIP Vendor_ID descriptor',
  SOURCE,
  { ...headFor(13, 12, 'data'), reserved: reserved16, vendorId: text(8), data: rest },
  'vendorId',
);

/** A VLAN that carries FCoE. Shape: 4 bytes (1 word). */
export const fipVlanDescriptor = codec(
  'FIP VLAN descriptor',
  SOURCE,
  { ...head(14, 1), reserved: reservedBits(4), vid: bit(12) },
  'vlan',
);

/**
 * FC-4 types and features of a VN_Port, as the name server keeps them: a bit for each of 256 types,
 * then 4 bits of features for each.
 *
 * Shape: 164 bytes (41 words).
 */
export const fipFc4Attributes = codec(
  'FIP FC-4 Attributes descriptor',
  'FC-BB-6, FIP descriptors',
  { ...head(15, 41), reserved: reserved16, fc4Types: bytes(32), fc4Features: bytes(128) },
  'fc4Attributes',
);

/** Why virtual links were cleared. Not critical; its content is kept as bytes. Shape: 2 bytes and the reason. */
export const fipCvlReason = codec(
  'FIP Clear Virtual Links Reason descriptor',
  'FC-BB-6, FIP descriptors',
  { ...headFor(128, 2, 'data'), data: rest },
  'cvlReason',
);

/** A vendor's descriptor, types 241 to 255. Not critical. Shape: 2 bytes and the vendor's data. */
export const fipVendor = codec(
  'FIP vendor descriptor',
  SOURCE,
  { ...headFor(FIP_VENDOR_FIRST, 2, 'data'), data: rest },
  'vendor',
);

/**
 * Any FIP descriptor.
 *
 * Shape: 4 bytes per word that its second byte counts.
 * Errors: `bad-length` for a length of zero words or beyond the descriptor list.
 * Source: FC-BB-5 and FC-BB-6, FIP descriptors.
 */
export const fipDescriptor = family('FIP descriptor', SOURCE, {
  members: {
    1: fipPriority,
    2: fipMac,
    3: fipFcMap,
    4: fipNameIdentifier,
    5: fipFabric,
    6: fipMaxFcoeSize,
    7: fipFlogi,
    8: fipFdisc,
    9: fipLogo,
    10: fipElp,
    11: fipVxPort,
    12: fipFkaAdvPeriod,
    13: fipVendorId,
    14: fipVlanDescriptor,
    15: fipFc4Attributes,
    128: fipCvlReason,
    241: fipVendor,
  },
  peekBytes: 2,
  spoilsItself: true,
  select(source, at) {
    const type = source[at]!;
    if (type >= FIP_VENDOR_FIRST) return 241;
    return (type >= 1 && type <= 15) || type === 128 ? (type as 1) : undefined;
  },
  extent: (source, at) => source[at + 1]! * WORD_BYTES,
});

/** What `fipDescriptor` decodes. */
export type FipDescriptor = Infer<typeof fipDescriptor>;
/** What `fipDescriptor` encodes. */
export type FipDescriptorInput = InferInput<typeof fipDescriptor>;
/** What tells descriptors apart: `unknown` for a type that no codec reads. */
export type FipDescriptorKind = FipDescriptor['kind'];
/** The descriptor of a kind. */
export type FipDescriptorOf<K extends FipDescriptorKind> = Extract<FipDescriptor, { kind: K }>;
/** Descriptors that hold an FC frame: `header` and the ELS in `payload`. */
export type FipEncapsulated = FipDescriptorOf<'flogi' | 'fdisc' | 'logo' | 'elp'>;

/** The descriptor type of a value, also of one that no member claims. */
export function fipDescriptorTypeOf(descriptor: FipDescriptor): number {
  return descriptor.kind === 'unknown' ? descriptor.raw[0]! : descriptor.type;
}
