/** Service parameters that our N_Ports offer in FLOGI, FDISC, PLOGI and PRLI. */
import {
  ClassOptions,
  eDTovNs,
  FcpServiceParameters,
  type FlogiAcceptServiceParameters,
  FlogiFeatures,
  fdisc,
  flogi,
  PageFlags,
  PageResponse,
  PlogiFeatures,
  plogi,
  plogiAccept,
  prli,
  prliAccept,
} from '../../codecs/els/index.ts';
import type { Wwn } from '../../codecs/layout/index.ts';
import { type Instant, MILLISECOND, SECOND } from '../../machine/machine.ts';

/** What a port is for. */
export type Role = 'initiator' | 'target';

/** The names and limits that go into every login. */
export interface PortIdentity {
  readonly portName: Wwn;
  readonly nodeName: Wwn;
  readonly role: Role;
  /** Largest frame payload this port receives, 256 to 2112 bytes. */
  readonly receiveBytes: number;
  /** Offers in PRLI that write data need not wait for XFER_RDY. Default false. */
  readonly firstBurst?: boolean;
  /** Offers RETRY in PRLI: REC and SRR within an exchange. Default true. */
  readonly retry?: boolean;
  /** Frames that a port on a native link takes before it must give credit back; it means nothing on FCoE. */
  readonly bbCredit?: number;
  /** BB_SC_N: what is lost on a native link is counted every 2^n frames. Default 0, never. */
  readonly bbScN?: number;
}

const BB_CREDIT = 10;
const CONCURRENT_SEQUENCES = 255;
/** Relative offset is used in every information category. */
const RELATIVE_OFFSET_CATEGORIES = 0x001f;

function class3(receiveBytes: number) {
  return {
    options: ClassOptions.VALID | ClassOptions.SEQUENTIAL_DELIVERY,
    receiveDataFieldSizeBytes: receiveBytes,
    concurrentSequences: CONCURRENT_SEQUENCES,
    openSequencesPerExchange: 1,
  };
}

/** Payload of a FLOGI (physical port) or FDISC (NPIV port). */
export function fabricLoginPayload(port: PortIdentity, kind: 'FLOGI' | 'FDISC'): Uint8Array {
  const { portName, nodeName, receiveBytes, bbCredit = BB_CREDIT, bbScN = 0 } = port;
  return (kind === 'FLOGI' ? flogi : fdisc).encode({
    common: {
      bbCredit,
      bbScN,
      features: FlogiFeatures.MULTIPLE_N_PORT_ID_SUPPORT,
      bbReceiveDataFieldSizeBytes: receiveBytes,
    },
    portName,
    nodeName,
    class3: class3(receiveBytes),
  });
}

function portLogin(port: PortIdentity, eDTovMs: number) {
  return {
    common: {
      bbCredit: BB_CREDIT,
      features:
        PlogiFeatures.CONTINUOUSLY_INCREASING_RELATIVE_OFFSET | PlogiFeatures.ALTERNATE_BB_CREDIT,
      bbReceiveDataFieldSizeBytes: port.receiveBytes,
      totalConcurrentSequences: CONCURRENT_SEQUENCES,
      relativeOffsetByCategory: RELATIVE_OFFSET_CATEGORIES,
      eDTov: eDTovMs,
    },
    portName: port.portName,
    nodeName: port.nodeName,
    class3: class3(port.receiveBytes),
  };
}

/** Payload of a PLOGI. */
export function plogiPayload(port: PortIdentity, eDTovMs: number): Uint8Array {
  return plogi.encode(portLogin(port, eDTovMs));
}

/** Payload of the LS_ACC to a PLOGI. */
export function plogiAcceptPayload(port: PortIdentity, eDTovMs: number): Uint8Array {
  return plogiAccept.encode(portLogin(port, eDTovMs));
}

/** E_D_TOV until the fabric has announced its own. Source: FC-FS-3. */
export const E_D_TOV_NS = 2 * SECOND;
/** R_A_TOV until the fabric has announced its own. Source: FC-FS-3. */
export const R_A_TOV_NS = 10 * SECOND;
/** No fabric means times beyond these: they would stop a port, or have it try again without a pause. */
const TOV_NS_MIN = MILLISECOND;
const TOV_NS_MAX = 600 * SECOND;

/**
 * The times that a fabric announces in its accept, in whole milliseconds, for they go out again in
 * those. One that is left out is the default; what no fabric means is the next that one may.
 */
export function fabricTimesOf(common: FlogiAcceptServiceParameters): {
  readonly eDTovNs: Instant;
  readonly rATovNs: Instant;
} {
  return {
    eDTovNs: timeOf(eDTovNs(common), E_D_TOV_NS),
    rATovNs: timeOf(common.rATovMs * MILLISECOND, R_A_TOV_NS),
  };
}

function timeOf(announcedNs: Instant, defaultNs: Instant): Instant {
  if (announcedNs === 0) return defaultNs;
  const wholeNs = Math.ceil(announcedNs / MILLISECOND) * MILLISECOND;
  return Math.min(Math.max(wholeNs, TOV_NS_MIN), TOV_NS_MAX);
}

function page({ role, firstBurst = false, retry = true }: PortIdentity, responseCode: number) {
  const own =
    role === 'initiator'
      ? FcpServiceParameters.INITIATOR_FUNCTION
      : FcpServiceParameters.TARGET_FUNCTION;
  return {
    kind: 'FCP' as const,
    flags: PageFlags.ESTABLISH_IMAGE_PAIR,
    responseCode,
    serviceParameters:
      own |
      FcpServiceParameters.CONFIRMED_COMPLETION_ALLOWED |
      (retry ? FcpServiceParameters.RETRY : 0) |
      FcpServiceParameters.READ_FCP_XFER_RDY_DISABLED |
      (firstBurst ? FcpServiceParameters.WRITE_FCP_XFER_RDY_DISABLED : 0),
  };
}

/** Payload of a PRLI for FCP. */
export function prliPayload(port: PortIdentity): Uint8Array {
  return prli.encode({ pages: [page(port, 0)] });
}

/** Payload of the LS_ACC to a PRLI for FCP. */
export function prliAcceptPayload(port: PortIdentity): Uint8Array {
  return prliAccept.encode({ pages: [page(port, PageResponse.REQUEST_EXECUTED)] });
}

/**
 * True when both sides said in PRLI that they do it: `retry`, sending parts of an exchange again
 * (REC, SRR); `confirm`, FCP_CONF for a response that asks for it.
 */
export function agreed(
  what: 'retry' | 'confirm',
  port: PortIdentity,
  peerParameters: number,
): boolean {
  const { CONFIRMED_COMPLETION_ALLOWED, RETRY } = FcpServiceParameters;
  if (what === 'confirm') return (peerParameters & CONFIRMED_COMPLETION_ALLOWED) !== 0;
  return port.retry !== false && (peerParameters & RETRY) !== 0;
}

/** True when write data may follow its command at once: both sides must have said so in PRLI. */
export function takesFirstBurst(port: PortIdentity, peerParameters: number): boolean {
  const { WRITE_FCP_XFER_RDY_DISABLED } = FcpServiceParameters;
  return port.firstBurst === true && (peerParameters & WRITE_FCP_XFER_RDY_DISABLED) !== 0;
}

/** Write data that may follow its command unasked, unless a mode page says otherwise. */
export const FIRST_BURST_BYTES = 65_536;
