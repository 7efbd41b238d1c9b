/**
 * CSCD descriptors (copy sources and destinations) and segment descriptors of EXTENDED COPY.
 *
 * Source: SPC-5, 6.6.
 */
import {
  bit,
  bytes,
  codec,
  derived,
  family,
  fcId,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  rest,
  type Table,
  u8,
  u16,
  u24,
  u32,
  u64,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { PeripheralDeviceType } from './data-primary.ts';
import { Association, CodeSet, DesignatorType } from './designation.ts';
import { lunBytes } from './lun.ts';
import { option } from './parts.ts';
import { bytesOf } from './shape.ts';

/** DESCRIPTOR TYPE CODE of CSCD descriptors. */
export const CscdType = {
  FC_N_PORT_NAME: 0xe0,
  FC_N_PORT_ID: 0xe1,
  FC_N_PORT_ID_WITH_NAME_CHECKING: 0xe2,
  PARALLEL_INTERFACE: 0xe3,
  IDENTIFICATION_DESCRIPTOR: 0xe4,
  IPV4: 0xe5,
  ALIAS: 0xe6,
  RDMA: 0xe7,
  IEEE_1394_EUI_64: 0xe8,
  SAS: 0xe9,
  IPV6: 0xea,
  IP_COPY_SERVICE: 0xeb,
  ROD: 0xfe,
  EXTENSION: 0xff,
} as const;

const CSCD_BYTES = 32;
/** Types EAh and EBh take two descriptors' room. */
const LONG_CSCD_BYTES = 64;

/** LU ID TYPE. */
export const LuIdType = { LOGICAL_UNIT_NUMBER: 0, PROXY_TOKEN: 1 } as const;

function cscd<const K extends string, F extends Table>(kind: K, type: number, fields: F) {
  return codec(
    `CSCD descriptor: ${kind}`,
    'SPC-5, CSCD descriptor',
    {
      descriptorTypeCode: withDefault(named(u8, CscdType), type),
      luIdType: withDefault(named(bit(2), LuIdType), LuIdType.LOGICAL_UNIT_NUMBER),
      nul: option(1),
      peripheralDeviceType: withDefault(
        named(bit(5), PeripheralDeviceType),
        PeripheralDeviceType.DIRECT_ACCESS_BLOCK,
      ),
      relativeInitiatorPort: withDefault(u16, 0),
      ...fields,
      /** Device type specific parameters, as block devices have them. */
      reservedParameters1: reservedBits(5),
      pad: option(1),
      reservedParameters2: reservedBits(2),
      diskBlockLengthBytes: withDefault(u24, 0),
    },
    kind,
  );
}

const cscdMembers = {
  [CscdType.FC_N_PORT_NAME]: cscd('FC N_Port_Name', CscdType.FC_N_PORT_NAME, {
    lun: lunBytes,
    portName: wwn,
    reserved1: reservedBytes(8),
  }),
  [CscdType.FC_N_PORT_ID]: cscd('FC N_Port_ID', CscdType.FC_N_PORT_ID, {
    lun: lunBytes,
    reserved1: reservedBytes(9),
    nPortId: fcId,
    reserved2: reserved32,
  }),
  [CscdType.FC_N_PORT_ID_WITH_NAME_CHECKING]: cscd(
    'FC N_Port_ID with N_Port_Name checking',
    CscdType.FC_N_PORT_ID_WITH_NAME_CHECKING,
    {
      lun: lunBytes,
      portName: wwn,
      reserved1: reserved8,
      nPortId: fcId,
      reserved2: reserved32,
    },
  ),
  [CscdType.IDENTIFICATION_DESCRIPTOR]: cscd(
    'identification descriptor',
    CscdType.IDENTIFICATION_DESCRIPTOR,
    {
      reserved1: reservedBits(4),
      codeSet: withDefault(named(bit(4), CodeSet), CodeSet.BINARY),
      reserved2: reservedBits(2),
      association: withDefault(named(bit(2), Association), Association.LOGICAL_UNIT),
      designatorType: named(bit(4), DesignatorType),
      reserved3: reserved8,
      designatorLengthBytes: u8,
      /** `designatorLengthBytes` of them count, zeros behind. */
      designator: bytes(20),
    },
  ),
} as const;

const otherCscd = codec(
  'CSCD descriptor',
  'SPC-5, CSCD descriptor',
  { descriptorTypeCode: named(u8, CscdType), parameters: rest },
  'CSCD descriptor',
);

/** Any CSCD descriptor: 32 bytes, of types EAh and EBh 64. Errors: `bad-length` when it is cut. */
export const cscdDescriptor = family('CSCD descriptor', 'SPC-5, CSCD descriptor', {
  members: { ...cscdMembers, other: otherCscd },
  select(bytes, at, end) {
    const type = bytes[at]!;
    if (!Object.hasOwn(cscdMembers, type) || end - at < CSCD_BYTES) return 'other';
    return type as keyof typeof cscdMembers;
  },
  peekBytes: 1,
  extent: (bytes, at) =>
    bytes[at] === CscdType.IPV6 || bytes[at] === CscdType.IP_COPY_SERVICE
      ? LONG_CSCD_BYTES
      : CSCD_BYTES,
});
export type CscdDescriptor = Infer<typeof cscdDescriptor>;
export type CscdDescriptorInput = InferInput<typeof cscdDescriptor>;

/** DESCRIPTOR TYPE CODE of segment descriptors. */
export const SegmentType = {
  BLOCK_TO_STREAM: 0x00,
  STREAM_TO_BLOCK: 0x01,
  BLOCK_TO_BLOCK: 0x02,
  STREAM_TO_STREAM: 0x03,
  INLINE_TO_STREAM: 0x04,
  EMBEDDED_TO_STREAM: 0x05,
  STREAM_TO_DISCARD: 0x06,
  VERIFY_CSCD: 0x07,
  BLOCK_WITH_OFFSET_TO_STREAM: 0x08,
  STREAM_TO_BLOCK_WITH_OFFSET: 0x09,
  BLOCK_WITH_OFFSET_TO_BLOCK_WITH_OFFSET: 0x0a,
  WRITE_FILEMARKS: 0x10,
  SPACE: 0x11,
  LOCATE: 0x12,
  TAPE_IMAGE_COPY: 0x13,
  REGISTER_PERSISTENT_RESERVATION_KEY: 0x14,
  THIRD_PARTY_PERSISTENT_RESERVATIONS_SOURCE_I_T_NEXUS: 0x15,
  BLOCK_IMAGE_COPY: 0x16,
  POPULATE_ROD_FROM_RANGES: 0xbe,
  POPULATE_ROD_FROM_ONE_RANGE: 0xbf,
} as const;

function segment<const K extends string, F extends Table>(kind: K, type: number, fields: F) {
  return codec(
    `Segment descriptor: ${kind}`,
    'SPC-5, segment descriptor',
    {
      descriptorTypeCode: withDefault(named(u8, SegmentType), type),
      reservedFlags: reservedBits(6),
      dc: option(1),
      cat: option(1),
      descriptorLengthBytes: derived(u16, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}

/** Indices into the list of CSCD descriptors. */
const ends = { sourceCscd: u16, destinationCscd: u16 } as const;

const segmentMembers = {
  [SegmentType.BLOCK_TO_STREAM]: segment('block to stream', SegmentType.BLOCK_TO_STREAM, {
    ...ends,
    reserved1: reserved8,
    streamTransferLengthBytes: u24,
    reserved2: reserved16,
    numberOfBlocks: u16,
    lba: u64,
  }),
  [SegmentType.STREAM_TO_BLOCK]: segment('stream to block', SegmentType.STREAM_TO_BLOCK, {
    ...ends,
    reserved1: reserved8,
    streamTransferLengthBytes: u24,
    reserved2: reserved16,
    numberOfBlocks: u16,
    lba: u64,
  }),
  /** DC: the count is that of the destination's blocks. */
  [SegmentType.BLOCK_TO_BLOCK]: segment('block to block', SegmentType.BLOCK_TO_BLOCK, {
    ...ends,
    reserved1: reserved16,
    numberOfBlocks: u16,
    sourceLba: u64,
    destinationLba: u64,
  }),
  [SegmentType.VERIFY_CSCD]: segment('verify CSCD', SegmentType.VERIFY_CSCD, {
    ...ends,
    reserved1: reservedBits(7),
    tur: option(1),
    reserved2: reserved24,
  }),
  [SegmentType.BLOCK_WITH_OFFSET_TO_BLOCK_WITH_OFFSET]: segment(
    'block with offset to block with offset',
    SegmentType.BLOCK_WITH_OFFSET_TO_BLOCK_WITH_OFFSET,
    {
      ...ends,
      lengthBytes: u32,
      sourceLba: u64,
      destinationLba: u64,
      sourceOffsetBytes: u16,
      destinationOffsetBytes: u16,
    },
  ),
  [SegmentType.REGISTER_PERSISTENT_RESERVATION_KEY]: segment(
    'register persistent reservation key',
    SegmentType.REGISTER_PERSISTENT_RESERVATION_KEY,
    {
      reserved1: reserved16,
      destinationCscd: u16,
      reservationKey: u64,
      serviceActionReservationKey: u64,
      reserved2: reserved32,
    },
  ),
} as const;

const otherSegment = codec(
  'Segment descriptor',
  'SPC-5, segment descriptor',
  {
    descriptorTypeCode: named(u8, SegmentType),
    reservedFlags: reservedBits(6),
    dc: option(1),
    cat: option(1),
    descriptorLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('parameters')),
    parameters: rest,
  },
  'segment descriptor',
);

/**
 * Any segment descriptor: 4 bytes, then as many as it says.
 *
 * Errors: `bad-length` when it is cut.
 */
export const segmentDescriptor = family('Segment descriptor', 'SPC-5, segment descriptor', {
  members: { ...segmentMembers, other: otherSegment },
  select(bytes, at, end) {
    const type = bytes[at]!;
    if (!Object.hasOwn(segmentMembers, type)) return 'other';
    const member = type as keyof typeof segmentMembers;
    return end - at < segmentMembers[member].minBytes ? 'other' : member;
  },
  peekBytes: 4,
  extent: (bytes, at) => 4 + bytes[at + 2]! * 256 + bytes[at + 3]!,
});
export type SegmentDescriptor = Infer<typeof segmentDescriptor>;
export type SegmentDescriptorInput = InferInput<typeof segmentDescriptor>;
