/**
 * FC-NVMe information units of commands.
 *
 * Source: FC-NVMe-2, clause 9; NVMe base specification for what they carry.
 */
import {
  bit,
  bytes,
  codec,
  type FixedField,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  reservedBytes,
  struct,
  u8,
  u16,
  u32,
  u32le,
  u64,
  withDefault,
} from '../layout/index.ts';
import { u16le, u16leHex, u64le } from './little.ts';
import { NvmeOpcode } from './names.ts';

const zero = (field: FixedField<number>): FixedField<number, true> => withDefault(field, 0);

/**
 * Submission queue entry: what an NVMe command asks. 64 bytes, little-endian.
 *
 * `opcode` means another thing in the admin queue than in an I/O queue; the names are those of the
 * NVM command set and of Fabrics.
 */
export const submissionQueueEntry = codec(
  'NVMe submission queue entry',
  'NVMe base, common command format',
  {
    opcode: named(u8, NvmeOpcode),
    psdt: withDefault(bit(2), 1),
    reserved1: reservedBits(4),
    fuse: withDefault(bit(2), 0),
    commandId: u16le,
    namespaceId: zero(u32le),
    cdw2: zero(u32le),
    cdw3: zero(u32le),
    metadataPointer: withDefault(u64le, 0n),
    /** One SGL descriptor. */
    dataPointer: withDefault(bytes(16), new Uint8Array(16)),
    cdw10: zero(u32le),
    cdw11: zero(u32le),
    cdw12: zero(u32le),
    cdw13: zero(u32le),
    cdw14: zero(u32le),
    cdw15: zero(u32le),
  },
);
export type SubmissionQueueEntry = Infer<typeof submissionQueueEntry>;

/** Completion queue entry: how an NVMe command ended. 16 bytes, little-endian. */
export const completionQueueEntry = codec(
  'NVMe completion queue entry',
  'NVMe base, completion queue entry',
  {
    result: withDefault(u64le, 0n),
    submissionQueueHead: u16le,
    submissionQueueId: withDefault(u16le, 0),
    commandId: u16le,
    /** Phase in bit 0, status code in bits 8-1, its type in bits 11-9, DNR in bit 15. */
    status: withDefault(u16leHex, 0),
  },
);
export type CompletionQueueEntry = Infer<typeof completionQueueEntry>;

/** Flags of an NVMe_CMND IU. PICWP: the target gives up a write it cannot prove whole. */
export const NvmeCmndFlags = { WRITE: 0x01, READ: 0x02, PICWP: 0x04 } as const;

/** Words of the information units, as their length fields say. */
const CMND_WORDS = 24;
const ERSP_WORDS = 8;
/** First bytes of an NVMe_CMND IU: format, and the FC-4 TYPE of NVMe. */
const CMND_FORMAT_ID = 0xfd;
const FC_TYPE_NVME = 0x28;

/** NVMe_CMND information unit: 96 bytes. Units: `dataLengthBytes` counts data bytes. */
export const nvmeCmnd = codec('NVMe_CMND', 'FC-NVMe-2, NVMe_CMND IU', {
  formatId: withDefault(hex(u8), CMND_FORMAT_ID),
  fcId: withDefault(hex(u8), FC_TYPE_NVME),
  cmndIuLengthWords: withDefault(u16, CMND_WORDS),
  reserved1: reserved16,
  reserved2: reservedBits(4),
  commandCategory: withDefault(bit(4), 0),
  flags: withDefault(flags(u8, NvmeCmndFlags), 0),
  connectionId: { ...u64, format: (value: bigint) => `0x${value.toString(16)}` },
  commandSequenceNumber: u32,
  dataLengthBytes: withDefault(u32, 0),
  sqe: struct(submissionQueueEntry),
  dps: withDefault(u8, 0),
  lbads: withDefault(u8, 0),
  metadataSizeBytes: withDefault(u16, 0),
  reserved3: reserved32,
});
export type NvmeCmnd = Infer<typeof nvmeCmnd>;
export type NvmeCmndInput = InferInput<typeof nvmeCmnd>;

/** NVMe_XFER_RDY information unit: 12 bytes, as FCP's. */
export const nvmeXferRdy = codec('NVMe_XFER_RDY', 'FC-NVMe-2, NVMe_XFER_RDY IU', {
  relativeOffset: u32,
  burstLengthBytes: u32,
  reserved1: reserved32,
});
export type NvmeXferRdy = Infer<typeof nvmeXferRdy>;

/**
 * NVMe_RSP information unit: the command succeeded and its result is zero.
 *
 * Shape: 12 bytes, all zero.
 */
export const nvmeRsp = codec('NVMe_RSP', 'FC-NVMe-2, NVMe_RSP IU', {
  reserved1: reservedBytes(12),
});
export type NvmeRsp = Infer<typeof nvmeRsp>;

/** ERSP result. */
export const ErspResult = {
  SUCCESS: 0,
  INVALID_FIELD: 1,
  ILLEGAL_CONNECTION_PARAMETERS: 3,
} as const;

/** NVMe_ERSP information unit: 32 bytes with the completion queue entry. */
export const nvmeErsp = codec('NVMe_ERSP', 'FC-NVMe-2, NVMe_ERSP IU', {
  erspResult: withDefault(named(u8, ErspResult), ErspResult.SUCCESS),
  reserved1: reserved8,
  erspIuLengthWords: withDefault(u16, ERSP_WORDS),
  responseSequenceNumber: u32,
  transferredDataLengthBytes: u32,
  reserved2: reserved32,
  cqe: struct(completionQueueEntry),
});
export type NvmeErsp = Infer<typeof nvmeErsp>;
export type NvmeErspInput = InferInput<typeof nvmeErsp>;

/** NVMe_SR information unit: asks to send a sequence again. 8 bytes. */
export const nvmeSr = codec('NVMe_SR', 'FC-NVMe-2, NVMe_SR IU', {
  fcId: withDefault(hex(u8), FC_TYPE_NVME),
  opcode: withDefault(u8, 0x01),
  reserved1: reserved8,
  retryRCtl: hex(u8),
  reserved2: reserved32,
});
export type NvmeSr = Infer<typeof nvmeSr>;

/** Status of an NVMe_SR_RSP. */
export const NvmeSrStatus = {
  ACCEPT: 0x0,
  LOGICAL_ERROR: 0x3,
  INVALID_QUALIFIER: 0x4,
  UNABLE_TO_PERFORM: 0x9,
} as const;

/** NVMe_SR_RSP information unit: 8 bytes. */
export const nvmeSrRsp = codec('NVMe_SR_RSP', 'FC-NVMe-2, NVMe_SR_RSP IU', {
  fcId: withDefault(hex(u8), FC_TYPE_NVME),
  opcode: withDefault(u8, 0x02),
  reserved1: reserved8,
  status: named(u8, NvmeSrStatus),
  reserved2: reserved32,
});
export type NvmeSrRsp = Infer<typeof nvmeSrRsp>;
