/** Link incidents: LIRR, RLIR, SRL. */
import { FcType } from '../fc/codes.ts';
import {
  bytes,
  codec,
  derived,
  embed,
  fcId,
  flags,
  type Infer,
  named,
  of,
  optional,
  reserved16,
  reserved24,
  rest,
  sized,
  u8,
  u16,
  u24,
  u32,
  when,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { commandCode, head, plainAccept } from './parts.ts';

/** Whether a port wants link incident records. Source: FC-LS-3, LIRR registration function. */
export const LirrFunction = {
  SET_CONDITIONALLY: 0x01,
  SET_UNCONDITIONALLY: 0x02,
  CLEAR: 0xff,
} as const;

/** Link incident record registration. Shape: 8 bytes. Source: FC-LS-3, LIRR. */
export const lirr = codec(
  'LIRR',
  'FC-LS-3, LIRR',
  {
    ...head(ElsCommand.LIRR),
    registrationFunction: named(u8, LirrFunction),
    registrationFormat: withDefault(named(u8, FcType), 0),
    reserved2: reserved16,
  },
  'LIRR',
);
/** What `lirr` decodes. */
export type Lirr = Infer<typeof lirr>;
/** Accept of LIRR. Shape: 4 bytes. Source: FC-LS-3, LIRR. */
export const lirrAccept = plainAccept('LIRR');
/** What `lirrAccept` decodes. */
export type LirrAccept = Infer<typeof lirrAccept>;

/** Form of a record's time stamp. Source: FC-LS-3, RLIR. */
export const TimeStampFormat = { UNKNOWN: 0, TIME_SERVER: 1, CLOCK_SYNCHRONIZATION: 2 } as const;

/** Common link incident record: where it happened. Shape: 64 bytes. Source: FC-LS-3, RLIR. */
export const commonLinkIncidentRecord = codec('common link incident record', 'FC-LS-3, RLIR', {
  incidentPortName: wwn,
  incidentNodeName: wwn,
  incidentPortType: u8,
  incidentPortId: fcId,
  connectedPortName: wwn,
  connectedNodeName: wwn,
  fabricName: wwn,
  physicalPortNumber: u32,
  transactionId: u32,
  reserved1: reserved24,
  timeStampFormat: named(u8, TimeStampFormat),
  timeStamp: bytes(8),
});
/** What `commonLinkIncidentRecord` decodes. */
export type CommonLinkIncidentRecord = Infer<typeof commonLinkIncidentRecord>;

/** Incident qualifier; bits 3-2 are the severity. Source: FC-LS-3, RLIR. */
export const IncidentQualifier = {
  SWITCH: 0x20,
  EXPANSION_PORT: 0x10,
  LINK_NOT_OPERATIONAL: 0x08,
  LINK_DEGRADED: 0x04,
  LASER: 0x02,
  FRU: 0x01,
} as const;
/** What happened. Source: FC-LS-3, RLIR incident code. */
export const IncidentCode = {
  IMPLICIT: 1,
  BIT_ERROR_RATE_THRESHOLD_EXCEEDED: 2,
  LOSS_OF_SIGNAL_OR_SYNCHRONIZATION: 3,
  NOT_OPERATIONAL_SEQUENCE: 4,
  PRIMITIVE_SEQUENCE_TIMEOUT: 5,
  INVALID_PRIMITIVE_SEQUENCE: 6,
  LOOP_INITIALIZATION_TIMEOUT: 7,
  LIP_RECEIVED: 8,
} as const;

/** Common link incident descriptor: what happened. Shape: 4 bytes. Source: FC-LS-3, RLIR. */
export const commonLinkIncidentDescriptor = codec(
  'common link incident descriptor',
  'FC-LS-3, RLIR',
  {
    qualifier: flags(u8, IncidentQualifier),
    code: named(u8, IncidentCode),
    domainAndArea: u16,
  },
);
/** What `commonLinkIncidentDescriptor` decodes. */
export type CommonLinkIncidentDescriptor = Infer<typeof commonLinkIncidentDescriptor>;

type RlirHead = {
  recordLengthBytes: number;
  descriptorLengthBytes: number;
  specificLengthBytes: number;
};

const RECORD_BYTES = 64;
const hasRecord = (value: RlirHead): boolean => value.recordLengthBytes >= RECORD_BYTES;

/**
 * Registered link incident report.
 *
 * Shape: 8 bytes, then the common record (64 bytes; a short form of 16 stays bytes), the common descriptor (4) and specific data,
 * each as long as its length byte says; zero leaves it out.
 * Source: FC-LS-3, RLIR.
 */
export const rlir = codec(
  'RLIR',
  'FC-LS-3, RLIR',
  {
    ...head(ElsCommand.RLIR),
    format: named(u8, FcType),
    recordLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('shortRecord') + sizeOf('record')),
    descriptorLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('descriptor')),
    specificLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('specific')),
    shortRecord: sized(
      of<RlirHead>((value) => (hasRecord(value) ? 0 : value.recordLengthBytes)),
      rest,
    ),
    record: optional(
      when<RlirHead>(hasRecord),
      sized(
        of<RlirHead>((value) => value.recordLengthBytes),
        embed(commonLinkIncidentRecord),
      ),
    ),
    descriptor: optional(
      when<RlirHead>((value) => value.descriptorLengthBytes > 0),
      sized(
        of<RlirHead>((value) => value.descriptorLengthBytes),
        embed(commonLinkIncidentDescriptor),
      ),
    ),
    specific: sized(
      of<RlirHead>((value) => value.specificLengthBytes),
      rest,
    ),
  },
  'RLIR',
);
/** What `rlir` decodes. */
export type Rlir = Infer<typeof rlir>;
/** Accept of RLIR. Shape: 4 bytes. Source: FC-LS-3, RLIR. */
export const rlirAccept = plainAccept('RLIR');
/** What `rlirAccept` decodes. */
export type RlirAccept = Infer<typeof rlirAccept>;

/** What SRL is to scan. Source: FC-LS-3, SRL flag. */
export const SrlFlag = {
  ALL_FL_PORTS: 0x00,
  ONE_FL_PORT: 0x01,
  ENABLE_PERIODIC_SCAN: 0x02,
  DISABLE_PERIODIC_SCAN: 0x03,
} as const;

/** Scan remote loop. Shape: 8 bytes; `parameter` is an FL_Port address or a period. Source: FC-LS-3, SRL. */
export const srl = codec(
  'SRL',
  'FC-LS-3, SRL',
  { ...head(ElsCommand.SRL), flag: named(u8, SrlFlag), parameter: withDefault(u24, 0) },
  'SRL',
);
/** What `srl` decodes. */
export type Srl = Infer<typeof srl>;
/**
 * Accept of SRL.
 *
 * Shape: 4 bytes. Units: `scanPeriodSeconds` seconds; zero when loops are not scanned periodically.
 * Source: FC-LS rev 1.61, SRL accept.
 */
export const srlAccept = codec(
  'LS_ACC to SRL',
  'FC-LS-3, SRL accept',
  { command: commandCode(ElsCommand.LS_ACC), scanPeriodSeconds: withDefault(u24, 0) },
  'LS_ACC SRL',
);
/** What `srlAccept` decodes. */
export type SrlAccept = Infer<typeof srlAccept>;
