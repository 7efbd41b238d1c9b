/** Codes of NVMe over Fibre Channel. Source: FC-NVMe-2; NVMe base specification. */

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
