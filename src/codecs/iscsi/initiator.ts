/**
 * PDUs that initiators send: 48 bytes of basic header, additional headers, a data segment padded to
 * words; digests as the connection has agreed.
 * Source: RFC 7143, clause 11; RFC 7144.
 */
import {
  bit,
  bytes,
  codec,
  hex,
  named,
  paddedBytes,
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  reservedBytes,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { lunBytes } from '../scsi/lun.ts';
import {
  IscsiOpcode,
  IscsiTaskAttribute,
  IscsiTaskManagement,
  LoginStage,
  LogoutReason,
  SnackType,
} from './codes.ts';
import {
  behindHeader,
  type IscsiDigests,
  lengths,
  noTag,
  plainData,
  plainOpcode,
  requestOpcode,
  serial,
  tag,
} from './parts.ts';

const lun = withDefault(lunBytes, 0n);
const flag = withDefault(bit(1), 0);
const final = withDefault(bit(1), 1);
/** CmdSN and ExpStatSN, at bytes 24 and 28. */
const requestNumbers = { cmdSn: serial, expStatSn: serial };

const CDB_BYTES = 16;

const nopOut = (digests: IscsiDigests) =>
  codec(
    'NOP-Out',
    'RFC 7143, 11.18',
    {
      ...requestOpcode(IscsiOpcode['NOP-Out']),
      final,
      reserved2: reservedBits(7),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: noTag,
      targetTransferTag: noTag,
      ...requestNumbers,
      reserved4: reservedBytes(16),
      ...behindHeader(digests, plainData),
    },
    'NOP-Out',
  );

const scsiCommand = (digests: IscsiDigests) =>
  codec(
    'SCSI Command',
    'RFC 7143, 11.3, and RFC 7144, 5.1',
    {
      ...requestOpcode(IscsiOpcode['SCSI Command']),
      final,
      read: flag,
      write: flag,
      reserved2: reservedBits(2),
      taskAttribute: withDefault(named(bit(3), IscsiTaskAttribute), IscsiTaskAttribute.SIMPLE),
      priority: withDefault(bit(4), 0),
      reserved3: reservedBits(4),
      reserved4: reserved8,
      ...lengths,
      lun: lunBytes,
      initiatorTaskTag: tag,
      expectedDataTransferLengthBytes: withDefault(u32, 0),
      ...requestNumbers,
      /** `encode` pads a shorter CDB with zeros. */
      cdb: paddedBytes(CDB_BYTES),
      ...behindHeader(digests, plainData),
    },
    'SCSI Command',
  );

const taskManagementRequest = (digests: IscsiDigests) =>
  codec(
    'Task Management Function Request',
    'RFC 7143, 11.5, and RFC 7144, 6.1',
    {
      ...requestOpcode(IscsiOpcode['Task Management Function Request']),
      final,
      function: named(bit(7), IscsiTaskManagement),
      reserved2: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: tag,
      referencedTaskTag: noTag,
      ...requestNumbers,
      refCmdSn: serial,
      expDataSn: serial,
      reserved3: reservedBytes(8),
      ...behindHeader(digests, plainData),
    },
    'Task Management Function Request',
  );

const loginRequest = (digests: IscsiDigests) =>
  codec(
    'Login Request',
    'RFC 7143, 11.12',
    {
      reserved1: reservedBits(1),
      immediate: withDefault(bit(1), 1),
      opcode: withDefault(named(bit(6), IscsiOpcode), IscsiOpcode['Login Request']),
      transit: flag,
      continue: flag,
      reserved2: reservedBits(2),
      currentStage: withDefault(named(bit(2), LoginStage), LoginStage.security),
      nextStage: withDefault(named(bit(2), LoginStage), LoginStage.security),
      versionMax: withDefault(u8, 0),
      versionMin: withDefault(u8, 0),
      ...lengths,
      isid: bytes(6),
      tsih: withDefault(hex(u16), 0),
      initiatorTaskTag: tag,
      cid: withDefault(u16, 0),
      reserved3: reserved16,
      ...requestNumbers,
      reserved4: reservedBytes(16),
      ...behindHeader(digests, plainData),
    },
    'Login Request',
  );

const textRequest = (digests: IscsiDigests) =>
  codec(
    'Text Request',
    'RFC 7143, 11.10',
    {
      ...requestOpcode(IscsiOpcode['Text Request']),
      final,
      continue: flag,
      reserved2: reservedBits(6),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: tag,
      targetTransferTag: noTag,
      ...requestNumbers,
      reserved4: reservedBytes(16),
      ...behindHeader(digests, plainData),
    },
    'Text Request',
  );

const dataOut = (digests: IscsiDigests) =>
  codec(
    'SCSI Data-Out',
    'RFC 7143, 11.7',
    {
      ...plainOpcode(IscsiOpcode['SCSI Data-Out']),
      final: withDefault(bit(1), 0),
      reserved2: reservedBits(7),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: tag,
      targetTransferTag: noTag,
      reserved4: reserved32,
      expStatSn: serial,
      reserved5: reserved32,
      dataSn: serial,
      bufferOffset: withDefault(u32, 0),
      reserved6: reserved32,
      ...behindHeader(digests, plainData),
    },
    'SCSI Data-Out',
  );

const logoutRequest = (digests: IscsiDigests) =>
  codec(
    'Logout Request',
    'RFC 7143, 11.14',
    {
      ...requestOpcode(IscsiOpcode['Logout Request']),
      final,
      reason: named(bit(7), LogoutReason),
      reserved2: reserved16,
      ...lengths,
      reserved3: reservedBytes(8),
      initiatorTaskTag: tag,
      cid: withDefault(u16, 0),
      reserved4: reserved16,
      ...requestNumbers,
      reserved5: reservedBytes(16),
      ...behindHeader(digests, plainData),
    },
    'Logout Request',
  );

const snackRequest = (digests: IscsiDigests) =>
  codec(
    'SNACK Request',
    'RFC 7143, 11.16',
    {
      ...plainOpcode(IscsiOpcode['SNACK Request']),
      final,
      reserved2: reservedBits(3),
      type: named(bit(4), SnackType),
      reserved3: reserved16,
      ...lengths,
      lun,
      initiatorTaskTag: noTag,
      targetTransferTag: noTag,
      reserved4: reserved32,
      expStatSn: serial,
      reserved5: reservedBytes(8),
      begRun: serial,
      runLength: withDefault(u32, 0),
      ...behindHeader(digests, plainData),
    },
    'SNACK Request',
  );

/** PDUs of initiators by opcode. */
export const initiatorPdus = (digests: IscsiDigests) =>
  ({
    [IscsiOpcode['NOP-Out']]: nopOut(digests),
    [IscsiOpcode['SCSI Command']]: scsiCommand(digests),
    [IscsiOpcode['Task Management Function Request']]: taskManagementRequest(digests),
    [IscsiOpcode['Login Request']]: loginRequest(digests),
    [IscsiOpcode['Text Request']]: textRequest(digests),
    [IscsiOpcode['SCSI Data-Out']]: dataOut(digests),
    [IscsiOpcode['Logout Request']]: logoutRequest(digests),
    [IscsiOpcode['SNACK Request']]: snackRequest(digests),
  }) as const;
