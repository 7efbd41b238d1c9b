/** Virtual circuits of class 4, obsolete: QoSR, RVCS. */
import {
  codec,
  fcId,
  type Infer,
  list,
  reserved8,
  reserved32,
  reservedBytes,
  struct,
  u8,
  u16,
  u32,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, head } from './parts.ts';

/**
 * What one end of a circuit asks for, or gets.
 *
 * Shape: 32 bytes. Units: bandwidths, delay and size as FC-PH-2 has them, unscaled.
 * Source: FC-PH-2, QoSR; Agilent FCStruct.h.
 */
export const circuitEnd = codec('circuit end', 'FC-PH-2, QoSR', {
  vcId: u8,
  nPortId: fcId,
  maximumBandwidth: u32,
  minimumBandwidth: u32,
  maximumDelay: u32,
  dataFieldSize: u32,
  reserved1: reservedBytes(12),
});
/** What `circuitEnd` decodes. */
export type CircuitEnd = Infer<typeof circuitEnd>;

const circuit = {
  reserved2: reserved32,
  initiator: struct(circuitEnd),
  recipient: struct(circuitEnd),
  reserved3: reserved8,
  liveVcCreditLimit: u8,
  endToEndCredit: u16,
} as const;

/** Quality of service request: set up a circuit. Shape: 76 bytes. Source: FC-PH-2, QoSR; Agilent FCStruct.h. */
export const qosr = codec(
  'QoSR',
  'FC-PH-2, QoSR',
  { ...head(ElsCommand.QoSR), ...circuit },
  'QoSR',
);
/** What `qosr` decodes. */
export type Qosr = Infer<typeof qosr>;
/** Accept of QoSR. Shape: 76 bytes. Source: FC-PH-2, QoSR accept; Agilent FCStruct.h. */
export const qosrAccept = codec(
  'LS_ACC to QoSR',
  'FC-PH-2, QoSR accept',
  { ...acceptHead, ...circuit },
  'LS_ACC QoSR',
);
/** What `qosrAccept` decodes. */
export type QosrAccept = Infer<typeof qosrAccept>;

/** Read virtual circuit status of a port. Shape: 8 bytes. Source: FC-PH-2, RVCS; Agilent FCStruct.h. */
export const rvcs = codec(
  'RVCS',
  'FC-PH-2, RVCS',
  { ...head(ElsCommand.RVCS), reserved2: reserved8, nPortId: fcId },
  'RVCS',
);
/** What `rvcs` decodes. */
export type Rvcs = Infer<typeof rvcs>;

/** The two ends of a circuit. Shape: 8 bytes. Source: FC-PH-2, class 4 status block; Agilent FCStruct.h. */
export const circuitStatus = codec('class 4 status block', 'FC-PH-2, RVCS accept', {
  initiatorVcId: u8,
  initiatorId: fcId,
  recipientVcId: u8,
  recipientId: fcId,
});
/** What `circuitStatus` decodes. */
export type CircuitStatus = Infer<typeof circuitStatus>;

/** Accept of RVCS. Shape: 8 bytes and 8 per circuit. Source: FC-PH-2, RVCS accept; Agilent FCStruct.h. */
export const rvcsAccept = codec(
  'LS_ACC to RVCS',
  'FC-PH-2, RVCS accept',
  { ...acceptHead, reserved2: reserved32, circuits: list(circuitStatus) },
  'LS_ACC RVCS',
);
/** What `rvcsAccept` decodes. */
export type RvcsAccept = Infer<typeof rvcsAccept>;
