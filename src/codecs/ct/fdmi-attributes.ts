/** Attribute entries of FDMI: type, length, value. */
import {
  type AnyCodec,
  codec,
  derived,
  type FamilyCodec,
  type FixedField,
  family,
  flags,
  type Infer,
  type InferInput,
  type Names,
  named,
  restText,
  type TailField,
  u16,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { fc4Types } from './fc4-types.ts';
import { FdmiPortSpeed, HbaAttributeType, PortAttributeType } from './fdmi-codes.ts';
import { ClassOfService, NameServerPortType } from './name-server-codes.ts';

const HEAD_BYTES = 4;

/** An entry whose value has a fixed size; its length counts its head too. */
function entry<const K extends string, T>(
  source: string,
  types: Readonly<Record<K, number>>,
  kind: K,
  value: FixedField<T>,
) {
  const head: EntryHead = {
    type: withDefault(named(u16, types as Names), types[kind]),
    entryLengthBytes: withDefault(u16, HEAD_BYTES + value.bits / 8),
  };
  const table: EntryHead & { value: FixedField<T> } = { ...head, value };
  return codec(`${wordsOf(kind)} attribute`, source, table, kind);
}

/** An entry whose value is text, padded with zeros to words by its sender. */
function textEntry<const K extends string>(
  source: string,
  types: Readonly<Record<K, number>>,
  kind: K,
) {
  const table: EntryHead & { value: TailField<string, true> } = {
    type: withDefault(named(u16, types as Names), types[kind]),
    entryLengthBytes: derived(u16, (_value, sizeOf) => HEAD_BYTES + sizeOf('value')),
    value: restText,
  };
  return codec(`${wordsOf(kind)} attribute`, source, table, kind);
}

type EntryHead = { type: FixedField<number, true>; entryLengthBytes: FixedField<number, true> };
const wordsOf = (kind: string): string => kind.toLowerCase().replaceAll('_', ' ');

const HBA = 'FC-GS-7, HBA attributes';
type HbaKind = keyof typeof HbaAttributeType;
const hba = <const K extends HbaKind, T>(kind: K, value: FixedField<T>) =>
  entry<K, T>(HBA, HbaAttributeType, kind, value);
const hbaText = <const K extends HbaKind>(kind: K) => textEntry<K>(HBA, HbaAttributeType, kind);

const hbaMembers = {
  NODE_NAME: hba('NODE_NAME', wwn),
  MANUFACTURER: hbaText('MANUFACTURER'),
  SERIAL_NUMBER: hbaText('SERIAL_NUMBER'),
  MODEL: hbaText('MODEL'),
  MODEL_DESCRIPTION: hbaText('MODEL_DESCRIPTION'),
  HARDWARE_VERSION: hbaText('HARDWARE_VERSION'),
  DRIVER_VERSION: hbaText('DRIVER_VERSION'),
  OPTION_ROM_VERSION: hbaText('OPTION_ROM_VERSION'),
  FIRMWARE_VERSION: hbaText('FIRMWARE_VERSION'),
  OS_NAME_AND_VERSION: hbaText('OS_NAME_AND_VERSION'),
  MAX_CT_PAYLOAD_LENGTH: hba('MAX_CT_PAYLOAD_LENGTH', u32),
  NODE_SYMBOLIC_NAME: hbaText('NODE_SYMBOLIC_NAME'),
  VENDOR_SPECIFIC_INFORMATION: hba('VENDOR_SPECIFIC_INFORMATION', u32),
  NUMBER_OF_PORTS: hba('NUMBER_OF_PORTS', u32),
  FABRIC_NAME: hba('FABRIC_NAME', wwn),
  BOOT_BIOS_VERSION: hbaText('BOOT_BIOS_VERSION'),
  BOOT_BIOS_STATE: hba('BOOT_BIOS_STATE', u32),
  VENDOR_IDENTIFIER: hbaText('VENDOR_IDENTIFIER'),
} as const;

const PORT = 'FC-GS-7, port attributes';
type PortKind = keyof typeof PortAttributeType;
const port = <const K extends PortKind, T>(kind: K, value: FixedField<T>) =>
  entry<K, T>(PORT, PortAttributeType, kind, value);
const portText = <const K extends PortKind>(kind: K) => textEntry<K>(PORT, PortAttributeType, kind);

const portMembers = {
  SUPPORTED_FC4_TYPES: port('SUPPORTED_FC4_TYPES', fc4Types),
  SUPPORTED_SPEED: port('SUPPORTED_SPEED', flags(u32, FdmiPortSpeed)),
  CURRENT_SPEED: port('CURRENT_SPEED', flags(u32, FdmiPortSpeed)),
  MAX_FRAME_SIZE: port('MAX_FRAME_SIZE', u32),
  OS_DEVICE_NAME: portText('OS_DEVICE_NAME'),
  HOST_NAME: portText('HOST_NAME'),
  NODE_NAME: port('NODE_NAME', wwn),
  PORT_NAME: port('PORT_NAME', wwn),
  PORT_SYMBOLIC_NAME: portText('PORT_SYMBOLIC_NAME'),
  PORT_TYPE: port('PORT_TYPE', named(u32, NameServerPortType)),
  SUPPORTED_CLASS_OF_SERVICE: port('SUPPORTED_CLASS_OF_SERVICE', flags(u32, ClassOfService)),
  PORT_FABRIC_NAME: port('PORT_FABRIC_NAME', wwn),
  ACTIVE_FC4_TYPES: port('ACTIVE_FC4_TYPES', fc4Types),
  PORT_STATE: port('PORT_STATE', u32),
  DISCOVERED_PORTS: port('DISCOVERED_PORTS', u32),
  PORT_IDENTIFIER: port('PORT_IDENTIFIER', u32),
} as const;

/** The member for an entry's type; an entry too short for its value is left unknown. */
function select<M extends Readonly<Record<string, AnyCodec>>>(
  members: M,
  types: Readonly<Record<string, number>>,
): (raw: Uint8Array, at: number, end: number) => keyof M | undefined {
  const byType = new Map<number, keyof M>();
  for (const kind of Object.keys(members)) byType.set(types[kind]!, kind);
  return (raw, at, end) => {
    const kind = byType.get(u16.read(raw, at, 0));
    return kind !== undefined && end - at >= members[kind]!.minBytes ? kind : undefined;
  };
}
const extent = (raw: Uint8Array, at: number): number => u16.read(raw, at + 2, 0);

/**
 * An attribute of an HBA by its type; `kind` is the type's name.
 *
 * Shape: 4 bytes of type and length, then its value; `entryLengthBytes` counts both.
 * Source: FC-GS-7, HBA attributes.
 */
export const hbaAttribute: FamilyCodec<typeof hbaMembers> = family('HBA attribute', HBA, {
  members: hbaMembers,
  select: select(hbaMembers, HbaAttributeType),
  peekBytes: HEAD_BYTES,
  spoilsItself: true,
  extent,
});
/** What `hbaAttribute` decodes. */
export type HbaAttribute = Infer<typeof hbaAttribute>;
/** A list of attributes of an HBA. */
export interface HbaAttributesField
  extends TailField<HbaAttribute[], false, readonly InferInput<typeof hbaAttribute>[]> {}

/** An attribute of a port by its type. Shape: 4 bytes and its value. Source: FC-GS-7, port attributes. */
export const portAttribute: FamilyCodec<typeof portMembers> = family('port attribute', PORT, {
  members: portMembers,
  select: select(portMembers, PortAttributeType),
  peekBytes: HEAD_BYTES,
  spoilsItself: true,
  extent,
});
/** What `portAttribute` decodes. */
export type PortAttribute = Infer<typeof portAttribute>;
/** A list of attributes of a port. */
export interface PortAttributesField
  extends TailField<PortAttribute[], false, readonly InferInput<typeof portAttribute>[]> {}
