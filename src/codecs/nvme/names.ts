/** Codes of NVMe over Fibre Channel. Source: FC-NVMe-2; NVMe base specification. */

import { type Names, nameOf } from '../layout/index.ts';

/** R_CTL of FC-NVMe information units, TYPE 28h. */
export const NvmeRCtl = {
  DATA: 0x01,
  CONF: 0x03,
  XFER_RDY: 0x05,
  CMND: 0x06,
  RSP: 0x07,
  ERSP: 0x08,
  SR: 0x09,
  SR_RSP: 0x0a,
} as const;

/** Operation codes of the NVM command set and the Fabrics command. */
export const NvmeOpcode = {
  FLUSH: 0x00,
  WRITE: 0x01,
  READ: 0x02,
  WRITE_UNCORRECTABLE: 0x04,
  COMPARE: 0x05,
  WRITE_ZEROES: 0x08,
  DATASET_MANAGEMENT: 0x09,
  VERIFY: 0x0c,
  RESERVATION_REGISTER: 0x0d,
  RESERVATION_REPORT: 0x0e,
  RESERVATION_ACQUIRE: 0x11,
  RESERVATION_RELEASE: 0x15,
  FABRICS: 0x7f,
} as const;

/** Link service commands. */
export const NvmeLsCommand = {
  LS_RJT: 0x01,
  LS_ACC: 0x02,
  CREATE_ASSOCIATION: 0x03,
  CREATE_CONNECTION: 0x04,
  DISCONNECT_ASSOCIATION: 0x05,
  DISCONNECT_CONNECTION: 0x06,
} as const;

/** Link service descriptor tags. */
export const NvmeLsDescriptor = {
  REQUEST_INFORMATION: 0x01,
  REJECT: 0x02,
  CREATE_ASSOCIATION_COMMAND: 0x03,
  CREATE_CONNECTION_COMMAND: 0x04,
  DISCONNECT_COMMAND: 0x05,
  CONNECTION_IDENTIFIER: 0x06,
  ASSOCIATION_IDENTIFIER: 0x07,
} as const;

/** Reject reasons. */
export const NvmeLsRejectReason = {
  INVALID_COMMAND: 0x01,
  LOGICAL_ERROR: 0x03,
  UNABLE_TO_PERFORM: 0x09,
  NOT_SUPPORTED: 0x0b,
  INVALID_ASSOCIATION_ID: 0x40,
  INVALID_CONNECTION_ID: 0x41,
  INVALID_PARAMETERS: 0x42,
  INSUFFICIENT_RESOURCES: 0x43,
  VENDOR_SPECIFIC: 0xff,
} as const;

/** Reject reason explanations. */
export const NvmeLsRejectExplanation = {
  NONE: 0x00,
  INVALID_OX_ID_RX_ID: 0x17,
  UNABLE_TO_SUPPLY_DATA: 0x2a,
  INVALID_PAYLOAD_LENGTH: 0x2d,
  INVALID_ERSP_RATIO: 0x40,
  INVALID_CONTROLLER_ID: 0x41,
  INVALID_QUEUE_ID: 0x42,
  INVALID_SQSIZE: 0x43,
  INVALID_HOSTID: 0x44,
  INVALID_HOSTNQN: 0x45,
  INVALID_SUBNQN: 0x46,
} as const;

/** Status code types of a completion. */
export const NvmeStatusType = { GENERIC: 0, COMMAND_SPECIFIC: 1, MEDIA: 2, PATH: 3 } as const;

/** Generic command status codes. */
export const NvmeGenericStatus = {
  SUCCESS: 0x00,
  INVALID_OPCODE: 0x01,
  INVALID_FIELD: 0x02,
  COMMAND_ID_CONFLICT: 0x03,
  DATA_TRANSFER_ERROR: 0x04,
  POWER_LOSS: 0x05,
  INTERNAL_ERROR: 0x06,
  ABORT_REQUESTED: 0x07,
  SUBMISSION_QUEUE_DELETED: 0x08,
  INVALID_NAMESPACE: 0x0b,
  COMMAND_SEQUENCE_ERROR: 0x0c,
  LBA_OUT_OF_RANGE: 0x80,
  CAPACITY_EXCEEDED: 0x81,
  NAMESPACE_NOT_READY: 0x82,
  RESERVATION_CONFLICT: 0x83,
} as const;

/** Path related status codes. */
export const NvmePathStatus = {
  INTERNAL_PATH_ERROR: 0x00,
  ASYMMETRIC_ACCESS_PERSISTENT_LOSS: 0x01,
  ASYMMETRIC_ACCESS_INACCESSIBLE: 0x02,
  ASYMMETRIC_ACCESS_TRANSITION: 0x03,
  HOST_PATHING_ERROR: 0x70,
  HOST_ABORTED_COMMAND: 0x71,
} as const;

const CODES: Readonly<Record<number, Names>> = {
  [NvmeStatusType.GENERIC]: NvmeGenericStatus,
  [NvmeStatusType.PATH]: NvmePathStatus,
};

/** Phase in bit 0, status code in bits 8-1, its type in bits 11-9. Source: NVMe base, status field. */
const STATUS_AT = 1;
const TYPE_AT = 9;

/** What a completion's status field says, in the standard's words. */
export function nvmeStatusName(status: number): string {
  const code = (status >> STATUS_AT) & 0xff;
  const type = (status >> TYPE_AT) & 0x07;
  const digits = code.toString(16).padStart(2, '0');
  const name = nameOf(CODES[type] ?? {}, code) ?? `status ${type}/${digits}h`;
  return name.replaceAll('_', ' ');
}

/** What an NVMe command is called in lists: its name, or its operation code. */
export function nvmeOpcodeName(opcode: number): string {
  const name = nameOf(NvmeOpcode, opcode)?.replaceAll('_', ' ');
  return `NVMe ${name ?? `operation code ${opcode.toString(16).padStart(2, '0')}h`}`;
}
