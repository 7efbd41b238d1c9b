/**
 * Designation descriptors: the names a logical unit, its ports and its device go by.
 *
 * Source: SPC-5, 7.7.6.
 */
import {
  bit,
  bytes,
  codec,
  derived,
  family,
  formatHex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reserved16,
  reservedBits,
  rest,
  restText,
  type Table,
  type TailField,
  text,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { option } from './parts.ts';
import { bytesOf } from './shape.ts';

/** PROTOCOL IDENTIFIER (4 bits). */
export const ProtocolIdentifier = {
  FIBRE_CHANNEL: 0x0,
  PARALLEL_SCSI: 0x1,
  SSA: 0x2,
  IEEE_1394: 0x3,
  SRP: 0x4,
  ISCSI: 0x5,
  SAS: 0x6,
  ADT: 0x7,
  ATA: 0x8,
  UAS: 0x9,
  SOP: 0xa,
  PCIE: 0xb,
  NONE: 0xf,
} as const;

/** CODE SET: how the designator is written. */
export const CodeSet = { BINARY: 1, ASCII: 2, UTF_8: 3 } as const;

/** ASSOCIATION: whom the designator names. */
export const Association = { LOGICAL_UNIT: 0, TARGET_PORT: 1, TARGET_DEVICE: 2 } as const;

/** DESIGNATOR TYPE: what kind of name it is. */
export const DesignatorType = {
  VENDOR_SPECIFIC: 0x0,
  T10_VENDOR_ID: 0x1,
  EUI_64: 0x2,
  NAA: 0x3,
  RELATIVE_TARGET_PORT: 0x4,
  TARGET_PORT_GROUP: 0x5,
  LOGICAL_UNIT_GROUP: 0x6,
  MD5_LOGICAL_UNIT: 0x7,
  SCSI_NAME_STRING: 0x8,
  PROTOCOL_SPECIFIC_PORT: 0x9,
  UUID: 0xa,
} as const;

/** First 4 bits of an NAA designator. */
export const Naa = {
  IEEE_EXTENDED: 0x2,
  LOCALLY_ASSIGNED: 0x3,
  IEEE_REGISTERED: 0x5,
  IEEE_REGISTERED_EXTENDED: 0x6,
} as const;

const HEAD_BYTES = 4;

function designator<const K extends string, F extends Table>(
  kind: K,
  type: number,
  codeSet: number,
  fields: F,
) {
  return codec(
    `Designation descriptor: ${kind}`,
    'SPC-5, designation descriptor',
    {
      protocolIdentifier: withDefault(named(bit(4), ProtocolIdentifier), 0),
      codeSet: withDefault(named(bit(4), CodeSet), codeSet),
      piv: option(1),
      reserved1: reservedBits(1),
      association: withDefault(named(bit(2), Association), Association.LOGICAL_UNIT),
      designatorType: withDefault(named(bit(4), DesignatorType), type),
      reserved2: reserved8,
      designatorLengthBytes: derived(u8, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}

const { BINARY, UTF_8 } = CodeSet;

const members = {
  [DesignatorType.VENDOR_SPECIFIC]: designator(
    'vendor specific',
    DesignatorType.VENDOR_SPECIFIC,
    BINARY,
    { identifier: rest },
  ),
  [DesignatorType.T10_VENDOR_ID]: designator(
    'T10 vendor ID',
    DesignatorType.T10_VENDOR_ID,
    CodeSet.ASCII,
    { t10VendorIdentification: text(8), vendorSpecificIdentifier: restText },
  ),
  /** 8, 12 or 16 bytes. */
  [DesignatorType.EUI_64]: designator('EUI-64', DesignatorType.EUI_64, BINARY, {
    identifier: rest,
  }),
  /** 8 or 16 bytes. */
  [DesignatorType.NAA]: designator('NAA', DesignatorType.NAA, BINARY, { identifier: rest }),
  [DesignatorType.RELATIVE_TARGET_PORT]: designator(
    'relative target port',
    DesignatorType.RELATIVE_TARGET_PORT,
    BINARY,
    { reserved3: reserved16, relativeTargetPort: u16 },
  ),
  [DesignatorType.TARGET_PORT_GROUP]: designator(
    'target port group',
    DesignatorType.TARGET_PORT_GROUP,
    BINARY,
    { reserved3: reserved16, targetPortGroup: u16 },
  ),
  [DesignatorType.LOGICAL_UNIT_GROUP]: designator(
    'logical unit group',
    DesignatorType.LOGICAL_UNIT_GROUP,
    BINARY,
    { reserved3: reserved16, logicalUnitGroup: u16 },
  ),
  [DesignatorType.MD5_LOGICAL_UNIT]: designator(
    'MD5 logical unit',
    DesignatorType.MD5_LOGICAL_UNIT,
    BINARY,
    { identifier: bytes(16) },
  ),
  /** UTF-8, ended by a zero byte and padded with zeros to a multiple of 4. */
  [DesignatorType.SCSI_NAME_STRING]: designator(
    'SCSI name string',
    DesignatorType.SCSI_NAME_STRING,
    UTF_8,
    { scsiNameString: restText },
  ),
  [DesignatorType.PROTOCOL_SPECIFIC_PORT]: designator(
    'protocol specific port',
    DesignatorType.PROTOCOL_SPECIFIC_PORT,
    BINARY,
    { identifier: rest },
  ),
  [DesignatorType.UUID]: designator('UUID', DesignatorType.UUID, BINARY, {
    uuidType: option(4),
    reserved3: reservedBits(4),
    reserved4: reserved8,
    uuid: bytes(16),
  }),
} as const;

const HEAD = {
  protocolIdentifier: withDefault(named(bit(4), ProtocolIdentifier), 0),
  codeSet: withDefault(named(bit(4), CodeSet), BINARY),
  piv: option(1),
  reserved1: reservedBits(1),
  association: withDefault(named(bit(2), Association), Association.LOGICAL_UNIT),
  designatorType: named(bit(4), DesignatorType),
  reserved2: reserved8,
} as const;

/** A reserved designator type, or a designator cut by the allocation length. */
const other = codec(
  'Designation descriptor',
  'SPC-5, designation descriptor',
  {
    ...HEAD,
    designatorLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('identifier')),
    identifier: rest,
  },
  'designator',
);

/**
 * Any designation descriptor: 4 bytes, then as many as its designator length says, or as are there.
 * Fewer than 4 bytes, as some arrays leave behind the last one, decode to `{kind: 'unknown', raw}`.
 */
export const designation = family('Designation descriptor', 'SPC-5, designation descriptor', {
  members: { ...members, other },
  select(bytes, at, end) {
    if (end - at < HEAD_BYTES) return undefined;
    const type = bytes[at + 1]! & 0x0f;
    if (!(type in members) || end - at < HEAD_BYTES + bytes[at + 3]!) return 'other';
    const member = type as keyof typeof members;
    return end - at < members[member].minBytes ? 'other' : member;
  },
  peekBytes: 1,
  extent: (bytes, at, end) => Math.min(HEAD_BYTES + (bytes[at + 3] ?? 0), end - at),
});
export type Designation = Infer<typeof designation>;
export type DesignationInput = InferInput<typeof designation>;
/** A designation descriptor as a field. */
export interface DesignationField extends TailField<Designation, false, DesignationInput> {}

/** `naa.600a0b80…`: an NAA designator's bytes as operating systems print them. */
export function formatNaa(identifier: Uint8Array): string {
  return `naa.${formatHex(identifier)}`;
}
