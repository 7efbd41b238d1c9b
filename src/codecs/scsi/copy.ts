/**
 * Parameter lists of EXTENDED COPY and data of the RECEIVE COPY commands.
 *
 * Source: SPC-5, clause 6.
 */
import {
  bit,
  codec,
  derived,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  rest,
  sized,
  type TailField,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import {
  type CscdDescriptor,
  type CscdDescriptorInput,
  CscdType,
  cscdDescriptor,
  type SegmentDescriptor,
  type SegmentDescriptorInput,
  SegmentType,
  segmentDescriptor,
} from './copy-descriptor.ts';
import { option, optionByte } from './parts.ts';
import { listOrNone } from './shape.ts';

const cut = { mayBeCut: true } as const;

type Lengths = {
  cscdListLengthBytes: number;
  segmentListLengthBytes: number;
  inlineDataLengthBytes: number;
};
/** CSCD descriptors; none where they are left out. */
export interface CscdDescriptorsField
  extends TailField<CscdDescriptor[], true, readonly CscdDescriptorInput[]> {}
/** Segment descriptors; none where they are left out. */
export interface SegmentDescriptorsField
  extends TailField<SegmentDescriptor[], true, readonly SegmentDescriptorInput[]> {}

const descriptorLists: {
  readonly cscds: CscdDescriptorsField;
  readonly segments: SegmentDescriptorsField;
  readonly inlineData: TailField<Uint8Array, true>;
} = {
  cscds: sized(
    of<Lengths>((v) => v.cscdListLengthBytes),
    listOrNone(list(cscdDescriptor)),
  ),
  segments: sized(
    of<Lengths>((v) => v.segmentListLengthBytes),
    listOrNone(list(segmentDescriptor)),
  ),
  inlineData: sized(
    of<Lengths>((v) => v.inlineDataLengthBytes),
    rest,
  ),
};

/** LIST ID USAGE: what the list identifier is good for. */
export const ListIdUsage = { HOLD: 0, NO_HOLD: 2, NO_LIST_ID: 3 } as const;

const usage = {
  reserved1: reservedBits(2),
  str: option(1),
  listIdUsage: withDefault(named(bit(2), ListIdUsage), ListIdUsage.HOLD),
  priority: option(3),
} as const;

/** EXTENDED COPY(LID1) parameter list: 16 bytes, CSCD descriptors, segments, inline data. */
export const extendedCopyLid1List = codec(
  'EXTENDED COPY(LID1) parameter list',
  'SPC-5, EXTENDED COPY(LID1) parameter list',
  {
    listIdentifier: optionByte,
    ...usage,
    cscdListLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('cscds')),
    reserved2: reserved32,
    segmentListLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('segments')),
    inlineDataLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('inlineData')),
    ...descriptorLists,
  },
);
export type ExtendedCopyLid1List = Infer<typeof extendedCopyLid1List>;
export type ExtendedCopyLid1ListInput = InferInput<typeof extendedCopyLid1List>;

/** EXTENDED COPY(LID4) parameter list: 48 bytes, CSCD descriptors, segments, inline data. */
export const extendedCopyLid4List = codec(
  'EXTENDED COPY(LID4) parameter list',
  'SPC-5, EXTENDED COPY(LID4) parameter list',
  {
    parameterListFormat: withDefault(u8, 1),
    ...usage,
    headerCscdListLengthBytes: withDefault(u16, 0x20),
    reserved2: reservedBytes(11),
    reserved3: reservedBits(6),
    gSense: option(1),
    immed: option(1),
    headerCscdTypeCode: withDefault(named(u8, CscdType), CscdType.EXTENSION),
    reserved4: reserved24,
    listIdentifier: u32,
    reserved5: reservedBytes(18),
    cscdListLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('cscds')),
    segmentListLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('segments')),
    inlineDataLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('inlineData')),
    ...descriptorLists,
  },
);
export type ExtendedCopyLid4List = Infer<typeof extendedCopyLid4List>;
export type ExtendedCopyLid4ListInput = InferInput<typeof extendedCopyLid4List>;

/** COPY COMMAND STATUS of the LID1 form. */
export const CopyStatus = {
  IN_PROGRESS: 0x00,
  COMPLETED: 0x01,
  COMPLETED_WITH_ERRORS: 0x02,
} as const;

/** TRANSFER COUNT UNITS: powers of 1,024 bytes; blocks from F1h on. */
export const TransferCountUnits = {
  BYTES: 0x00,
  KIBIBYTES: 0x01,
  MEBIBYTES: 0x02,
  GIBIBYTES: 0x03,
  TEBIBYTES: 0x04,
  PEBIBYTES: 0x05,
  EXBIBYTES: 0x06,
  BLOCKS: 0xf1,
} as const;

/** RECEIVE COPY STATUS(LID1) data: 12 bytes. */
export const receiveCopyStatusLid1Data = codec(
  'RECEIVE COPY STATUS(LID1) data',
  'SPC-5, RECEIVE COPY STATUS(LID1)',
  {
    availableDataBytes: withDefault(u32, 8),
    hdd: option(1),
    copyCommandStatus: named(bit(7), CopyStatus),
    segmentsProcessed: u16,
    transferCountUnits: withDefault(named(u8, TransferCountUnits), TransferCountUnits.BYTES),
    transferCount: u32,
  },
);

type Available = { availableDataBytes: number };

/** RECEIVE COPY DATA(LID1) data: 4 bytes, then the held data. */
export const receiveCopyDataLid1Data = codec(
  'RECEIVE COPY DATA(LID1) data',
  'SPC-5, RECEIVE COPY DATA(LID1)',
  {
    availableDataBytes: derived(u32, (_v, sizeOf) => sizeOf('heldData')),
    heldData: sized(
      of<Available>((v) => v.availableDataBytes),
      rest,
      cut,
    ),
  },
);

/** RECEIVE COPY FAILURE DETAILS(LID1) data: 60 bytes, then sense data; 4 when nothing failed. */
export const receiveCopyFailureDetailsData = codec(
  'RECEIVE COPY FAILURE DETAILS(LID1) data',
  'SPC-5, RECEIVE COPY FAILURE DETAILS(LID1)',
  {
    availableDataBytes: derived(u32, (_v, sizeOf) => 56 + sizeOf('senseData')),
    reserved1: reservedBytes(52),
    extendedCopyCommandStatus: u8,
    reserved2: reserved8,
    senseDataLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('senseData')),
    senseData: sized(
      of<{ senseDataLengthBytes: number }>((v) => v.senseDataLengthBytes),
      rest,
      cut,
    ),
  },
);

/** RECEIVE COPY OPERATING PARAMETERS data: 44 bytes, then the descriptor types that are known. */
export const receiveCopyOperatingParametersData = codec(
  'RECEIVE COPY OPERATING PARAMETERS data',
  'SPC-5, RECEIVE COPY OPERATING PARAMETERS',
  {
    availableDataBytes: derived(u32, (_v, sizeOf) => 40 + sizeOf('implementedDescriptors')),
    reserved1: reservedBits(7),
    snlid: option(1),
    reserved2: reserved24,
    maximumCscdDescriptorCount: u16,
    maximumSegmentDescriptorCount: u16,
    maximumDescriptorListLengthBytes: u32,
    maximumSegmentLengthBytes: u32,
    maximumInlineDataLengthBytes: u32,
    heldDataLimitBytes: u32,
    maximumStreamTransferSizeBytes: u32,
    reserved3: reserved16,
    totalConcurrentCopies: u16,
    maximumConcurrentCopies: u8,
    dataSegmentGranularityLog2: u8,
    inlineDataGranularityLog2: u8,
    heldDataGranularityLog2: u8,
    reserved4: reserved24,
    implementedDescriptorListLengthBytes: derived(u8, (_v, sizeOf) =>
      sizeOf('implementedDescriptors'),
    ),
    implementedDescriptors: sized(
      of<{ implementedDescriptorListLengthBytes: number }>(
        (v) => v.implementedDescriptorListLengthBytes,
      ),
      listOrNone(list(named(u8, { ...SegmentType, ...CscdType }))),
      cut,
    ),
  },
);

/** COPY OPERATION STATUS of the LID4 form. Source: SPC-4, COPY OPERATION STATUS field; ddpt 0.97 has the same. */
export const CopyOperationStatus = {
  COMPLETED: 0x01,
  COMPLETED_WITH_ERRORS: 0x02,
  COMPLETED_PARTIALLY: 0x03,
  COMPLETED_PARTIALLY_WITH_RESIDUAL: 0x04,
  IN_PROGRESS: 0x10,
  IN_PROGRESS_FOREGROUND: 0x11,
  IN_PROGRESS_BACKGROUND: 0x12,
  TERMINATED: 0x60,
} as const;

const lid4Status = {
  reserved1: reservedBits(3),
  responseToServiceAction: bit(5),
  hdd: option(1),
  copyOperationStatus: named(bit(7), CopyOperationStatus),
  operationCounter: withDefault(u16, 0),
  estimatedStatusUpdateDelayMs: withDefault(u32, 0),
  extendedCopyCompletionStatus: optionByte,
  senseDataFieldLengthBytes: derived<number>(u8, (_v, sizeOf) => sizeOf('senseData')),
  senseDataLengthBytes: derived<number>(u8, (_v, sizeOf) => sizeOf('senseData')),
  transferCountUnits: withDefault(named(u8, TransferCountUnits), TransferCountUnits.BYTES),
  transferCount: withDefault(u64, 0n),
  segmentsProcessed: withDefault(u16, 0),
  reserved2: reservedBytes(6),
  senseData: sized(
    of<{ senseDataFieldLengthBytes: number }>((v) => v.senseDataFieldLengthBytes),
    rest,
    cut,
  ),
} as const;

/** RECEIVE COPY STATUS(LID4) data: 32 bytes, then sense data. */
export const receiveCopyStatusLid4Data = codec(
  'RECEIVE COPY STATUS(LID4) data',
  'SPC-5, RECEIVE COPY STATUS(LID4)',
  {
    availableDataBytes: derived(u32, (_v, sizeOf) => 28 + sizeOf('senseData')),
    ...lid4Status,
  },
);

/**
 * RECEIVE ROD TOKEN INFORMATION data: the LID4 status, then ROD token descriptors as bytes.
 *
 * Shape: 36 bytes, sense data and descriptors.
 */
export const receiveRodTokenInformationData = codec(
  'RECEIVE ROD TOKEN INFORMATION data',
  'SPC-5, RECEIVE ROD TOKEN INFORMATION',
  {
    availableDataBytes: derived(
      u32,
      (_v, sizeOf) => 32 + sizeOf('senseData') + sizeOf('rodTokenDescriptors'),
    ),
    ...lid4Status,
    rodTokenDescriptorsLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('rodTokenDescriptors')),
    rodTokenDescriptors: sized(
      of<{ rodTokenDescriptorsLengthBytes: number }>((v) => v.rodTokenDescriptorsLengthBytes),
      rest,
      cut,
    ),
  },
);
