/** Exchanges and sequences in detail: ABTX, RCS, RES, RSS, RSI, SRR. */
import { RCtl } from '../fc/codes.ts';
import {
  bytes,
  codec,
  fcId,
  flags,
  hex,
  type Infer,
  list,
  named,
  reserved8,
  reserved24,
  reserved32,
  rest,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { ExchangeStatus } from './exchange.ts';
import { acceptHead, head, plainAccept } from './parts.ts';

const exchangeIds = { oxId: hex(u16), rxId: hex(u16) } as const;

/** Whether the aborted exchange needs a recovery qualifier. Source: FC-LS, ABTX. */
export const RecoveryQualifier = { REQUIRED: 0x80 } as const;
const recovery = { recoveryQualifier: withDefault(flags(u8, RecoveryQualifier), 0) } as const;

/** Abort exchange (obsolete: ABTS took its place). Shape: 12 bytes and an association header. Source: FC-PH, ABTX. */
export const abtx = codec(
  'ABTX',
  'FC-PH, ABTX',
  {
    ...head(ElsCommand.ABTX),
    ...recovery,
    originatorId: fcId,
    ...exchangeIds,
    associationHeader: rest,
  },
  'ABTX',
);
/** What `abtx` decodes. */
export type Abtx = Infer<typeof abtx>;
/** Accept of ABTX. Shape: 4 bytes. Source: FC-PH, ABTX. */
export const abtxAccept = plainAccept('ABTX');
/** What `abtxAccept` decodes. */
export type AbtxAccept = Infer<typeof abtxAccept>;

/** Read connection status. Shape: 8 bytes. Source: FC-PH, RCS. */
export const rcs = codec(
  'RCS',
  'FC-PH, RCS',
  { ...head(ElsCommand.RCS), reserved2: reserved8, nPortId: fcId },
  'RCS',
);
/** What `rcs` decodes. */
export type Rcs = Infer<typeof rcs>;

/** State of a class 1 connection. Source: FC-PH, RCS accept. */
export const ConnectionStatus = {
  CONNECT_REQUEST_DELIVERED: 0x80,
  CONNECT_REQUEST_STACKED: 0x40,
  CONNECTION_ESTABLISHED: 0x20,
  INTERMIX: 0x10,
} as const;
/** Accept of RCS. Shape: 8 bytes. Source: FC-PH, RCS accept. */
export const rcsAccept = codec(
  'LS_ACC to RCS',
  'FC-PH, RCS accept',
  { ...acceptHead, status: flags(u8, ConnectionStatus), nPortId: fcId },
  'LS_ACC RCS',
);
/** What `rcsAccept` decodes. */
export type RcsAccept = Infer<typeof rcsAccept>;

/** Read exchange status block. Shape: 12 bytes, 44 with an association header. Source: FC-LS, RES. */
export const res = codec(
  'RES',
  'FC-LS, RES',
  {
    ...head(ElsCommand.RES),
    reserved2: reserved8,
    originatorId: fcId,
    ...exchangeIds,
    associationHeader: rest,
  },
  'RES',
);
/** What `res` decodes. */
export type Res = Infer<typeof res>;

/** Status of a sequence in an exchange status block. Shape: 8 bytes. Source: FC-FS-3, exchange status block. */
export const shortSequenceStatus = codec('sequence status', 'FC-FS-3, exchange status block', {
  seqId: u8,
  reserved1: reserved8,
  lowestSeqCnt: u16,
  highestSeqCnt: u16,
  sStat: hex(u16),
});
/** What `shortSequenceStatus` decodes. */
export type ShortSequenceStatus = Infer<typeof shortSequenceStatus>;

/**
 * Accept of RES: an exchange status block.
 *
 * Shape: 4 bytes, the block's 136 bytes, then 8 per sequence, oldest first.
 * Source: FC-FS-3, exchange status block.
 */
export const resAccept = codec(
  'LS_ACC to RES',
  'FC-LS, RES accept',
  {
    ...acceptHead,
    csCtl: withDefault(hex(u8), 0),
    reserved2: reserved24,
    ...exchangeIds,
    reserved3: reserved8,
    originatorId: fcId,
    reserved4: reserved8,
    responderId: fcId,
    eStat: flags(u32, ExchangeStatus),
    reserved5: reserved32,
    serviceParameters: withDefault(bytes(112), new Uint8Array(112)),
    sequences: list(shortSequenceStatus, { mayBeCut: true }),
  },
  'LS_ACC RES',
);
/** What `resAccept` decodes. */
export type ResAccept = Infer<typeof resAccept>;

/** Read sequence status block. Shape: 12 bytes. Source: FC-LS, RSS. */
export const rss = codec(
  'RSS',
  'FC-LS, RSS',
  { ...head(ElsCommand.RSS), seqId: u8, originatorId: fcId, ...exchangeIds },
  'RSS',
);
/** What `rss` decodes. */
export type Rss = Infer<typeof rss>;

/** State of a sequence; bits 11-10 are the ACK's abort condition, 5-4 the class. Source: FC-FS-3, S_STAT. */
export const SequenceStatus = {
  RECIPIENT: 0x8000,
  ACTIVE: 0x4000,
  ENDED_ABNORMALLY: 0x1000,
  ABTS_COMPLETED: 0x0200,
  RETRANSMISSION_COMPLETED: 0x0100,
  TIMED_OUT: 0x0080,
  P_RJT_SENT: 0x0040,
  LAST_ACK_SENT: 0x0008,
} as const;

/** Accept of RSS: a sequence status block. Shape: 20 bytes. Source: FC-FS-3, sequence status block. */
export const rssAccept = codec(
  'LS_ACC to RSS',
  'FC-LS, RSS accept',
  {
    ...acceptHead,
    seqId: u8,
    reserved2: reserved8,
    lowestSeqCnt: u16,
    highestSeqCnt: u16,
    sStat: flags(u16, SequenceStatus),
    errorSeqCnt: u16,
    csCtl: withDefault(hex(u8), 0),
    reserved3: reserved8,
    ...exchangeIds,
  },
  'LS_ACC RSS',
);
/** What `rssAccept` decodes. */
export type RssAccept = Infer<typeof rssAccept>;

/** Request sequence initiative. Shape: 12 bytes and an association header. Source: FC-LS, RSI. */
export const rsi = codec(
  'RSI',
  'FC-LS, RSI',
  {
    ...head(ElsCommand.RSI),
    ...recovery,
    originatorId: fcId,
    ...exchangeIds,
    associationHeader: rest,
  },
  'RSI',
);
/** What `rsi` decodes. */
export type Rsi = Infer<typeof rsi>;
/** Accept of RSI. Shape: 4 bytes. Source: FC-LS, RSI. */
export const rsiAccept = plainAccept('RSI');
/** What `rsiAccept` decodes. */
export type RsiAccept = Infer<typeof rsiAccept>;

/**
 * Sequence retransmission request of FCP, an FC-4 link service.
 *
 * Shape: 16 bytes. `relativeOffset` in bytes; `rCtl` is that of the information unit wanted.
 * Source: FCP-4, SRR.
 */
export const srr = codec(
  'SRR',
  'FCP-4, SRR',
  {
    ...head(ElsCommand.SRR),
    ...exchangeIds,
    relativeOffset: u32,
    rCtl: named(u8, RCtl),
    reserved2: reserved24,
  },
  'SRR',
);
/** What `srr` decodes. */
export type Srr = Infer<typeof srr>;
/** Accept of SRR. Shape: 4 bytes. Source: FCP-4, SRR. */
export const srrAccept = plainAccept('SRR');
/** What `srrAccept` decodes. */
export type SrrAccept = Infer<typeof srrAccept>;
