/** The Third-party Copy VPD page, of copy managers: its descriptors. Source: SPC-5, 7.7; SBC-4, 6.6; as sg_vpd and ddptctl read it. */
import {
  codec,
  derived,
  family,
  hex,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reservedBits,
  reservedBytes,
  rest,
  sized,
  type Table,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { Opcode } from './opcode.ts';
import { option } from './parts.ts';
import { bytesOf } from './shape.ts';
import { pageRest, VpdPage, vpdPage } from './vpd-page.ts';

const cut = { mayBeCut: true } as const;

/** THIRD-PARTY COPY DESCRIPTOR TYPE. */
export const ThirdPartyCopyDescriptor = {
  BLOCK_DEVICE_ROD_LIMITS: 0x0000,
  SUPPORTED_COMMANDS: 0x0001,
  PARAMETER_DATA: 0x0004,
  SUPPORTED_DESCRIPTORS: 0x0008,
  SUPPORTED_CSCD_DESCRIPTOR_IDS: 0x000c,
  COPY_GROUP_IDENTIFIER: 0x000d,
  ROD_TOKEN_FEATURES: 0x0106,
  SUPPORTED_ROD_TOKEN_AND_ROD_TYPES: 0x0108,
  GENERAL_COPY_OPERATIONS: 0x8001,
  STREAM_COPY_OPERATIONS: 0x9101,
  HELD_DATA: 0xc001,
} as const;

function copyDescriptor<const K extends string, F extends Table>(kind: K, type: number, fields: F) {
  return codec(
    `Third-party copy descriptor: ${kind}`,
    'SPC-5, Third-party Copy VPD page',
    {
      descriptorType: withDefault(named(u16, ThirdPartyCopyDescriptor), type),
      descriptorLengthBytes: derived(u16, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}

const commandSupport = codec('Command support descriptor', 'SPC-5, Third-party Copy VPD page', {
  supportedOperationCode: named(u8, Opcode),
  serviceActionsLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('serviceActions')),
  serviceActions: list(u8, {
    count: of<{ serviceActionsLengthBytes: number }>((v) => v.serviceActionsLengthBytes),
  }),
});

const supportedCommands = copyDescriptor(
  'supported commands',
  ThirdPartyCopyDescriptor.SUPPORTED_COMMANDS,
  {
    commandsLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('commands')),
    commands: sized(
      of<{ commandsLengthBytes: number }>((v) => v.commandsLengthBytes),
      list(commandSupport),
    ),
    padding: rest,
  },
);
const parameterData = copyDescriptor('parameter data', ThirdPartyCopyDescriptor.PARAMETER_DATA, {
  reserved1: reservedBytes(4),
  maximumCscdDescriptorCount: u16,
  maximumSegmentDescriptorCount: u16,
  maximumDescriptorListLengthBytes: u32,
  maximumInlineDataLengthBytes: u32,
  reserved2: rest,
});
const supportedDescriptors = copyDescriptor(
  'supported descriptors',
  ThirdPartyCopyDescriptor.SUPPORTED_DESCRIPTORS,
  {
    descriptorCodesLength: derived(u8, (_v, sizeOf) => sizeOf('descriptorCodes')),
    descriptorCodes: list(u8, {
      count: of<{ descriptorCodesLength: number }>((v) => v.descriptorCodesLength),
    }),
    padding: rest,
  },
);
const rodLimits = copyDescriptor(
  'block device ROD token limits',
  ThirdPartyCopyDescriptor.BLOCK_DEVICE_ROD_LIMITS,
  {
    vendorSpecific: reservedBytes(6),
    maximumRangeDescriptors: withDefault(u16, 0),
    /** 0: not told, here and below. */
    maximumInactivityTimeoutSeconds: withDefault(u32, 0),
    defaultInactivityTimeoutSeconds: withDefault(u32, 0),
    maximumTokenTransferSizeBlocks: withDefault(u64, 0n),
    optimalTransferCountBlocks: withDefault(u64, 0n),
  },
);
const rodTypeSupport = codec('ROD type descriptor', 'SPC-5, Third-party Copy VPD page', {
  rodType: hex(u32),
  ecpyInt: option(1),
  reserved1: reservedBits(5),
  tokenIn: option(1),
  tokenOut: option(1),
  reserved2: reserved8,
  preferenceIndicator: withDefault(u16, 0),
  reserved3: reservedBytes(56),
});
const rodTypes = copyDescriptor(
  'supported ROD token and ROD types',
  ThirdPartyCopyDescriptor.SUPPORTED_ROD_TOKEN_AND_ROD_TYPES,
  {
    reserved1: reserved16,
    rodTypesLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('rodTypes')),
    rodTypes: sized(
      of<{ rodTypesLengthBytes: number }>((v) => v.rodTypesLengthBytes),
      list(rodTypeSupport),
    ),
    padding: rest,
  },
);
const generalCopy = copyDescriptor(
  'general copy operations',
  ThirdPartyCopyDescriptor.GENERAL_COPY_OPERATIONS,
  {
    totalConcurrentCopies: u32,
    maximumIdentifiedConcurrentCopies: u32,
    maximumSegmentLengthBytes: u32,
    dataSegmentGranularityLog2: u8,
    inlineDataGranularityLog2: u8,
    reserved1: reservedBytes(18),
  },
);
const otherDescriptor = codec(
  'Third-party copy descriptor',
  'SPC-5, Third-party Copy VPD page',
  {
    descriptorType: named(u16, ThirdPartyCopyDescriptor),
    descriptorLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('parameters')),
    parameters: rest,
  },
  'third-party copy descriptor',
);

const copyDescriptors = {
  [ThirdPartyCopyDescriptor.BLOCK_DEVICE_ROD_LIMITS]: rodLimits,
  [ThirdPartyCopyDescriptor.SUPPORTED_COMMANDS]: supportedCommands,
  [ThirdPartyCopyDescriptor.PARAMETER_DATA]: parameterData,
  [ThirdPartyCopyDescriptor.SUPPORTED_DESCRIPTORS]: supportedDescriptors,
  [ThirdPartyCopyDescriptor.SUPPORTED_ROD_TOKEN_AND_ROD_TYPES]: rodTypes,
  [ThirdPartyCopyDescriptor.GENERAL_COPY_OPERATIONS]: generalCopy,
} as const;

/** Any third-party copy descriptor: 4 bytes, then as many as it says, or as are there. */
export const thirdPartyCopyDescriptor = family(
  'Third-party copy descriptor',
  'SPC-5, Third-party Copy VPD page',
  {
    members: { ...copyDescriptors, other: otherDescriptor },
    select(bytes, at, end) {
      const type = bytes[at]! * 256 + bytes[at + 1]!;
      if (!Object.hasOwn(copyDescriptors, type)) return 'other';
      const member = type as keyof typeof copyDescriptors;
      const whole = 4 + bytes[at + 2]! * 256 + bytes[at + 3]!;
      return end - at < Math.max(whole, copyDescriptors[member].minBytes) ? 'other' : member;
    },
    peekBytes: 4,
    extent: (bytes, at, end) => Math.min(4 + bytes[at + 2]! * 256 + bytes[at + 3]!, end - at),
  },
);

/** What the copy manager can do. Shape: 4 bytes and third-party copy descriptors. */
export const thirdPartyCopy = vpdPage(
  'third-party copy',
  VpdPage.THIRD_PARTY_COPY,
  'SPC-5, Third-party Copy VPD page',
  { descriptors: sized(pageRest(), list(thirdPartyCopyDescriptor, cut), cut) },
);
