/**
 * PDUs that targets send: 48 bytes of basic header, a data segment padded to words; digests as the
 * connection has agreed.
 * Source: RFC 7143, clause 11; RFC 7144.
 */
import {
  bit,
  bytes,
  codec,
  embed,
  hex,
  named,
  optional,
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  reservedBytes,
  sized,
  u8,
  u16,
  u24,
  u32,
  withDefault,
} from '../layout/index.ts';
import { lunBytes } from '../scsi/lun.ts';
import { ScsiStatus } from '../scsi/status.ts';
import {
  AsyncEvent,
  IscsiOpcode,
  IscsiRejectReason,
  IscsiResponse,
  IscsiTaskManagementResponse,
  LoginStage,
  LoginStatus,
  LogoutResponse,
} from './codes.ts';
import {
  behindHeader,
  dataBytes,
  hasData,
  type IscsiDigests,
  lengths,
  noTag,
  plainData,
  plainOpcode,
  senseSegment,
  serial,
  tag,
  targetNumbers,
} from './parts.ts';

const lun = withDefault(lunBytes, 0n);
const flag = withDefault(bit(1), 0);
const final = withDefault(bit(1), 1);
const residual = withDefault(u32, 0);
const senseData = optional(hasData, sized(dataBytes, embed(senseSegment)));

const nopIn = (digests: IscsiDigests) =>
  codec(
    'NOP-In',
    'RFC 7143, 11.19',
    {
      ...plainOpcode(IscsiOpcode['NOP-In']),
      final,
      reserved2: reservedBits(7),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: noTag,
      targetTransferTag: noTag,
      ...targetNumbers,
      reserved4: reservedBytes(12),
      ...behindHeader(digests, plainData),
    },
    'NOP-In',
  );

const scsiResponse = (digests: IscsiDigests) =>
  codec(
    'SCSI Response',
    'RFC 7143, 11.4, and RFC 7144, 5.2',
    {
      ...plainOpcode(IscsiOpcode['SCSI Response']),
      final,
      reserved2: reservedBits(2),
      bidirectionalOverflow: flag,
      bidirectionalUnderflow: flag,
      overflow: flag,
      underflow: flag,
      reserved3: reservedBits(1),
      response: withDefault(named(u8, IscsiResponse), 0),
      status: withDefault(named(u8, ScsiStatus), ScsiStatus.GOOD),
      ...lengths,
      statusQualifier: withDefault(hex(u16), 0),
      reserved4: reservedBytes(6),
      initiatorTaskTag: tag,
      snackTag: withDefault(tag, 0),
      ...targetNumbers,
      expDataSn: serial,
      bidirectionalReadResidualCount: residual,
      residualCount: residual,
      ...behindHeader(digests, senseData),
    },
    'SCSI Response',
  );

const taskManagementResponse = (digests: IscsiDigests) =>
  codec(
    'Task Management Function Response',
    'RFC 7143, 11.6, and RFC 7144, 6.2',
    {
      ...plainOpcode(IscsiOpcode['Task Management Function Response']),
      final,
      reserved2: reservedBits(7),
      response: named(u8, IscsiTaskManagementResponse),
      reserved3: reserved8,
      ...lengths,
      additionalResponse: withDefault(hex(u24), 0),
      reserved4: reservedBytes(5),
      initiatorTaskTag: tag,
      reserved5: reserved32,
      ...targetNumbers,
      reserved6: reservedBytes(12),
      ...behindHeader(digests, plainData),
    },
    'Task Management Function Response',
  );

const loginResponse = (digests: IscsiDigests) =>
  codec(
    'Login Response',
    'RFC 7143, 11.13',
    {
      ...plainOpcode(IscsiOpcode['Login Response']),
      transit: flag,
      continue: flag,
      reserved2: reservedBits(2),
      currentStage: withDefault(named(bit(2), LoginStage), LoginStage.security),
      nextStage: withDefault(named(bit(2), LoginStage), LoginStage.security),
      versionMax: withDefault(u8, 0),
      versionActive: withDefault(u8, 0),
      ...lengths,
      isid: bytes(6),
      tsih: withDefault(hex(u16), 0),
      initiatorTaskTag: tag,
      reserved3: reserved32,
      ...targetNumbers,
      /** Status-Class in the upper byte, Status-Detail in the lower. */
      status: withDefault(named(u16, LoginStatus), LoginStatus.success),
      reserved4: reservedBytes(10),
      ...behindHeader(digests, plainData),
    },
    'Login Response',
  );

const textResponse = (digests: IscsiDigests) =>
  codec(
    'Text Response',
    'RFC 7143, 11.11',
    {
      ...plainOpcode(IscsiOpcode['Text Response']),
      final,
      continue: flag,
      reserved2: reservedBits(6),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: tag,
      targetTransferTag: noTag,
      ...targetNumbers,
      reserved4: reservedBytes(12),
      ...behindHeader(digests, plainData),
    },
    'Text Response',
  );

const dataIn = (digests: IscsiDigests) =>
  codec(
    'SCSI Data-In',
    'RFC 7143, 11.7',
    {
      ...plainOpcode(IscsiOpcode['SCSI Data-In']),
      final: flag,
      acknowledge: flag,
      reserved2: reservedBits(3),
      overflow: flag,
      underflow: flag,
      hasStatus: flag,
      reserved3: reserved8,
      status: withDefault(named(u8, ScsiStatus), ScsiStatus.GOOD),
      ...lengths,
      lun,
      initiatorTaskTag: tag,
      targetTransferTag: noTag,
      ...targetNumbers,
      dataSn: serial,
      bufferOffset: withDefault(u32, 0),
      residualCount: residual,
      ...behindHeader(digests, plainData),
    },
    'SCSI Data-In',
  );

const logoutResponse = (digests: IscsiDigests) =>
  codec(
    'Logout Response',
    'RFC 7143, 11.15',
    {
      ...plainOpcode(IscsiOpcode['Logout Response']),
      final,
      reserved2: reservedBits(7),
      response: named(u8, LogoutResponse),
      reserved3: reserved8,
      ...lengths,
      reserved4: reservedBytes(8),
      initiatorTaskTag: tag,
      reserved5: reserved32,
      ...targetNumbers,
      reserved6: reserved32,
      time2WaitSeconds: withDefault(u16, 0),
      time2RetainSeconds: withDefault(u16, 0),
      reserved7: reserved32,
      ...behindHeader(digests, plainData),
    },
    'Logout Response',
  );

const r2t = (digests: IscsiDigests) =>
  codec(
    'R2T',
    'RFC 7143, 11.8',
    {
      ...plainOpcode(IscsiOpcode.R2T),
      final,
      reserved2: reservedBits(7),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: tag,
      targetTransferTag: tag,
      ...targetNumbers,
      r2tSn: serial,
      bufferOffset: withDefault(u32, 0),
      desiredDataTransferLengthBytes: u32,
      ...behindHeader(digests, plainData),
    },
    'R2T',
  );

const asynchronousMessage = (digests: IscsiDigests) =>
  codec(
    'Asynchronous Message',
    'RFC 7143, 11.9',
    {
      ...plainOpcode(IscsiOpcode['Asynchronous Message']),
      final,
      reserved2: reservedBits(7),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: noTag,
      reserved4: reserved32,
      ...targetNumbers,
      asyncEvent: named(u8, AsyncEvent),
      asyncVCode: withDefault(u8, 0),
      parameter1: withDefault(u16, 0),
      parameter2: withDefault(u16, 0),
      parameter3: withDefault(u16, 0),
      reserved5: reserved32,
      ...behindHeader(digests, senseData),
    },
    'Asynchronous Message',
  );

const reject = (digests: IscsiDigests) =>
  codec(
    'Reject',
    'RFC 7143, 11.17',
    {
      ...plainOpcode(IscsiOpcode.Reject),
      final,
      reserved2: reservedBits(7),
      reason: named(u8, IscsiRejectReason),
      reserved3: reserved8,
      ...lengths,
      reserved4: reservedBytes(8),
      initiatorTaskTag: noTag,
      reserved5: reserved32,
      ...targetNumbers,
      dataSn: serial,
      reserved6: reservedBytes(8),
      /** The data segment is the header of the PDU that was rejected. */
      ...behindHeader(digests, plainData),
    },
    'Reject',
  );

/** PDUs of targets by opcode. */
export const targetPdus = (digests: IscsiDigests) =>
  ({
    [IscsiOpcode['NOP-In']]: nopIn(digests),
    [IscsiOpcode['SCSI Response']]: scsiResponse(digests),
    [IscsiOpcode['Task Management Function Response']]: taskManagementResponse(digests),
    [IscsiOpcode['Login Response']]: loginResponse(digests),
    [IscsiOpcode['Text Response']]: textResponse(digests),
    [IscsiOpcode['SCSI Data-In']]: dataIn(digests),
    [IscsiOpcode['Logout Response']]: logoutResponse(digests),
    [IscsiOpcode.R2T]: r2t(digests),
    [IscsiOpcode['Asynchronous Message']]: asynchronousMessage(digests),
    [IscsiOpcode.Reject]: reject(digests),
  }) as const;
