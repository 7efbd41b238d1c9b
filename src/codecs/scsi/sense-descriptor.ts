/** The descriptors of descriptor format sense data. Source: SPC-5, 4.4.2; SAT-4; SBC-4; OSD-2. */
import {
  bit,
  bytes,
  codec,
  derived,
  embed,
  family,
  hex,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  reservedBytes,
  rest,
  type Table,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { AccessState } from './access-state.ts';
import { type DesignationField, designation } from './designation.ts';
import { option, optionByte } from './parts.ts';
import { SenseKey } from './sense-key.ts';
import { bytesOf } from './shape.ts';

/** DESCRIPTOR TYPE. 80h and above are vendor specific. */
export const SenseDescriptorType = {
  INFORMATION: 0x00,
  COMMAND_SPECIFIC_INFORMATION: 0x01,
  SENSE_KEY_SPECIFIC: 0x02,
  FIELD_REPLACEABLE_UNIT: 0x03,
  STREAM_COMMANDS: 0x04,
  BLOCK_COMMANDS: 0x05,
  OSD_OBJECT_IDENTIFICATION: 0x06,
  OSD_RESPONSE_INTEGRITY_CHECK_VALUE: 0x07,
  OSD_ATTRIBUTE_IDENTIFICATION: 0x08,
  ATA_STATUS_RETURN: 0x09,
  ANOTHER_PROGRESS_INDICATION: 0x0a,
  USER_DATA_SEGMENT_REFERRAL: 0x0b,
  FORWARDED_SENSE_DATA: 0x0c,
  DIRECT_ACCESS_BLOCK_DEVICE: 0x0d,
  DEVICE_DESIGNATION: 0x0e,
  MICROCODE_ACTIVATION: 0x0f,
} as const;

function descriptor<const K extends string, F extends Table>(kind: K, type: number, fields: F) {
  return codec(
    `Sense data descriptor: ${kind}`,
    'SPC-5, sense data descriptors',
    {
      descriptorType: withDefault(named(u8, SenseDescriptorType), type),
      additionalLengthBytes: derived(u8, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}

const skeySpecific = { sksv: option(1), senseKeySpecific: option(23) } as const;

const information = descriptor('information', SenseDescriptorType.INFORMATION, {
  valid: withDefault(bit(1), 1),
  reserved1: reservedBits(7),
  reserved2: reserved8,
  information: u64,
});
const commandSpecific = descriptor(
  'command specific information',
  SenseDescriptorType.COMMAND_SPECIFIC_INFORMATION,
  { reserved1: reserved16, commandSpecificInformation: u64 },
);
const senseKeySpecific = descriptor('sense key specific', SenseDescriptorType.SENSE_KEY_SPECIFIC, {
  reserved1: reserved16,
  ...skeySpecific,
  reserved2: reserved8,
});
const fieldReplaceableUnit = descriptor(
  'field replaceable unit',
  SenseDescriptorType.FIELD_REPLACEABLE_UNIT,
  { reserved1: reserved8, fieldReplaceableUnitCode: u8 },
);
const streamCommands = descriptor('stream commands', SenseDescriptorType.STREAM_COMMANDS, {
  reserved1: reserved8,
  filemark: option(1),
  eom: option(1),
  ili: option(1),
  reserved2: reservedBits(5),
});
const blockCommands = descriptor('block commands', SenseDescriptorType.BLOCK_COMMANDS, {
  reserved1: reserved8,
  reserved2: reservedBits(2),
  ili: option(1),
  reserved3: reservedBits(5),
});

/** Command functions of an object-based storage device: which were begun, which completed. */
const osdObject = descriptor(
  'OSD object identification',
  SenseDescriptorType.OSD_OBJECT_IDENTIFICATION,
  {
    reserved1: reservedBytes(6),
    notInitiatedCommandFunctions: hex(u32),
    completedCommandFunctions: hex(u32),
    partitionId: u64,
    objectId: u64,
  },
);
const osdIntegrity = descriptor(
  'OSD response integrity check value',
  SenseDescriptorType.OSD_RESPONSE_INTEGRITY_CHECK_VALUE,
  { responseIntegrityCheckValue: bytes(30) },
);

const osdAttribute = codec('OSD attribute', 'OSD-2, attribute identification', {
  attributesPage: hex(u32),
  attributeNumber: hex(u32),
});
const osdAttributes = descriptor(
  'OSD attribute identification',
  SenseDescriptorType.OSD_ATTRIBUTE_IDENTIFICATION,
  { reserved1: reserved16, attributes: list(osdAttribute) },
);

/** The bytes of the count and of the LBA stand as the ATA registers do: high, then low. */
const ataStatusReturn = descriptor('ATA status return', SenseDescriptorType.ATA_STATUS_RETURN, {
  reserved1: reservedBits(7),
  extend: option(1),
  error: u8,
  count: u16,
  lbaLow: hex(u16),
  lbaMid: hex(u16),
  lbaHigh: hex(u16),
  device: hex(u8),
  status: hex(u8),
});
const anotherProgress = descriptor(
  'another progress indication',
  SenseDescriptorType.ANOTHER_PROGRESS_INDICATION,
  {
    anotherSenseKey: named(u8, SenseKey),
    anotherAsc: u8,
    anotherAscq: u8,
    reserved1: reserved8,
    progressIndication: u16,
  },
);

const referralPortGroup = codec(
  'Target port group descriptor of a referral',
  'SBC-4, user data segment referral descriptor',
  {
    reserved1: reservedBits(4),
    asymmetricAccessState: named(bit(4), AccessState),
    reserved2: reserved8,
    targetPortGroup: u16,
  },
);

/**
 * A segment of the LBA space and the target port groups that reach it.
 *
 * Shape: 20 bytes and 4 for each group.
 */
export const referral = codec(
  'User data segment referral descriptor',
  'SBC-4, user data segment referral descriptor',
  {
    reserved1: reserved24,
    targetPortGroupCount: derived(u8, (_v, sizeOf) => sizeOf('targetPortGroups') / 4),
    firstLba: u64,
    lastLba: u64,
    targetPortGroups: list(referralPortGroup, {
      count: of<{ targetPortGroupCount: number }>((v) => v.targetPortGroupCount),
    }),
  },
);
export type Referral = Infer<typeof referral>;

const userDataSegmentReferral = descriptor(
  'user data segment referral',
  SenseDescriptorType.USER_DATA_SEGMENT_REFERRAL,
  {
    reserved1: reservedBits(7),
    notAllR: option(1),
    reserved2: reserved8,
    referrals: list(referral),
  },
);

/** SENSE DATA SOURCE: the copy source, or the n-th copy destination (1 is destination 0). */
export const ForwardedSource = {
  COPY_SOURCE: 0,
  COPY_DESTINATION_0: 1,
  COPY_DESTINATION_1: 2,
} as const;

/** `forwardedSense` is sense data of its own; FSDT says that it was cut. */
const forwarded = descriptor('forwarded sense data', SenseDescriptorType.FORWARDED_SENSE_DATA, {
  fsdt: option(1),
  reserved1: reservedBits(3),
  senseDataSource: named(bit(4), ForwardedSource),
  forwardedStatus: u8,
  forwardedSense: rest,
});
const directAccess = descriptor(
  'direct-access block device',
  SenseDescriptorType.DIRECT_ACCESS_BLOCK_DEVICE,
  {
    valid: option(1),
    reserved1: reservedBits(1),
    ili: option(1),
    reserved2: reservedBits(5),
    reserved3: reserved8,
    ...skeySpecific,
    fieldReplaceableUnitCode: optionByte,
    information: withDefault(u64, 0n),
    commandSpecificInformation: withDefault(u64, 0n),
    reserved4: reservedBytes(6),
  },
);

/** DESCRIPTOR USAGE REASON: what the designated logical unit is to the command. */
export const UsageReason = {
  UNKNOWN: 0x00,
  RESEND_THIS_AND_FURTHER_COMMANDS: 0x01,
  RESEND_THIS_COMMAND: 0x02,
  NEW_SUBSIDIARY_LOGICAL_UNIT: 0x03,
  PREFERRED_BINDING: 0x04,
} as const;

const deviceDesignation = descriptor('device designation', SenseDescriptorType.DEVICE_DESIGNATION, {
  reserved1: reserved8,
  descriptorUsageReason: named(u8, UsageReason),
  designation: embed(designation) as DesignationField,
});
const microcodeActivation = descriptor(
  'microcode activation',
  SenseDescriptorType.MICROCODE_ACTIVATION,
  { reserved1: reservedBytes(4), activationTimeSeconds: u16 },
);

const members = {
  [SenseDescriptorType.INFORMATION]: information,
  [SenseDescriptorType.COMMAND_SPECIFIC_INFORMATION]: commandSpecific,
  [SenseDescriptorType.SENSE_KEY_SPECIFIC]: senseKeySpecific,
  [SenseDescriptorType.FIELD_REPLACEABLE_UNIT]: fieldReplaceableUnit,
  [SenseDescriptorType.STREAM_COMMANDS]: streamCommands,
  [SenseDescriptorType.BLOCK_COMMANDS]: blockCommands,
  [SenseDescriptorType.OSD_OBJECT_IDENTIFICATION]: osdObject,
  [SenseDescriptorType.OSD_RESPONSE_INTEGRITY_CHECK_VALUE]: osdIntegrity,
  [SenseDescriptorType.OSD_ATTRIBUTE_IDENTIFICATION]: osdAttributes,
  [SenseDescriptorType.ATA_STATUS_RETURN]: ataStatusReturn,
  [SenseDescriptorType.ANOTHER_PROGRESS_INDICATION]: anotherProgress,
  [SenseDescriptorType.USER_DATA_SEGMENT_REFERRAL]: userDataSegmentReferral,
  [SenseDescriptorType.FORWARDED_SENSE_DATA]: forwarded,
  [SenseDescriptorType.DIRECT_ACCESS_BLOCK_DEVICE]: directAccess,
  [SenseDescriptorType.DEVICE_DESIGNATION]: deviceDesignation,
  [SenseDescriptorType.MICROCODE_ACTIVATION]: microcodeActivation,
} as const;

/** Any sense data descriptor: 2 bytes, then as many as its additional length says. */
export const senseDescriptor = family('Sense data descriptor', 'SPC-5, sense data descriptors', {
  members,
  select(bytes, at) {
    const type = bytes[at]!;
    return type in members ? (type as keyof typeof members) : undefined;
  },
  peekBytes: 2,
  extent: (bytes, at) => 2 + bytes[at + 1]!,
});
export type SenseDescriptor = Infer<typeof senseDescriptor>;
export type SenseDescriptorInput = InferInput<typeof senseDescriptor>;
