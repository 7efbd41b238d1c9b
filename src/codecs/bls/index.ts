/**
 * Basic link services: abort a sequence or an exchange, and its answers. R_CTL tells which.
 * Source: FC-FS, basic link services; Linux uapi/scsi/fc/fc_fs.h.
 */
import {
  codec,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reserved16,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';

/** Bit of the FC header's Parameter in an ABTS: set, the sequence is aborted; clear, the exchange. */
export const ABTS_SEQUENCE_ONLY = 0x0000_0001;

/**
 * Abort Sequence. Has no payload: header and Parameter say it all.
 *
 * Shape: 0 bytes.
 * Source: FC-FS, ABTS.
 */
export const abts = codec('ABTS', 'FC-FS, ABTS', {}, 'ABTS');
export type Abts = Infer<typeof abts>;

/** SEQ_ID validity in a BA_ACC. */
export const SeqIdValidity = { 'SEQ_ID valid': 0x80 } as const;

/**
 * Basic Accept to ABTS.
 *
 * Shape: 12 bytes. `seqId` (last deliverable sequence) counts only if `seqIdValidity` is 80h.
 * The exchange is aborted when `lowSeqCnt` is 0 and `highSeqCnt` is FFFFh.
 * Source: FC-FS, BA_ACC for ABTS.
 */
export const baAcc = codec(
  'BA_ACC',
  'FC-FS, BA_ACC for ABTS',
  {
    seqIdValidity: withDefault(flags(u8, SeqIdValidity), 0),
    seqId: withDefault(hex(u8), 0),
    reserved: reserved16,
    oxId: hex(u16),
    rxId: hex(u16),
    lowSeqCnt: withDefault(u16, 0),
    highSeqCnt: withDefault(u16, 0xffff),
  },
  'BA_ACC',
);
export type BaAcc = Infer<typeof baAcc>;
export type BaAccInput = InferInput<typeof baAcc>;

/** Why a basic link service was refused. */
export const BaRjtReason = {
  'Invalid command code': 0x01,
  'Logical error': 0x03,
  'Logical busy': 0x05,
  'Protocol error': 0x07,
  'Unable to perform command request': 0x09,
  'Vendor specific': 0xff,
} as const;

/** What makes the refusal's reason more exact. */
export const BaRjtExplanation = {
  'No additional explanation': 0x00,
  'Invalid OX_ID-RX_ID combination': 0x03,
  'Sequence aborted, no sequence information provided': 0x05,
} as const;

/**
 * Basic Reject.
 *
 * Shape: 4 bytes; unlike LS_RJT it has no command code and one reserved byte only.
 * Source: FC-FS, BA_RJT.
 */
export const baRjt = codec(
  'BA_RJT',
  'FC-FS, BA_RJT',
  {
    reserved: reserved8,
    reason: named(u8, BaRjtReason),
    explanation: withDefault(named(u8, BaRjtExplanation), 0),
    vendor: withDefault(hex(u8), 0),
  },
  'BA_RJT',
);
export type BaRjt = Infer<typeof baRjt>;
export type BaRjtInput = InferInput<typeof baRjt>;
