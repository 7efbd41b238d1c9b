/** SW_ILS command codes, and the reasons and explanations of SW_RJT. */

/**
 * Command codes: the first byte of every switch fabric internal link service.
 *
 * Source: FC-SW-6, SW_ILS command codes.
 */
export const SwIlsCommand = {
  SW_RJT: 0x01,
  SW_ACC: 0x02,
  ELP: 0x10,
  EFP: 0x11,
  DIA: 0x12,
  RDI: 0x13,
  HLO: 0x14,
  LSU: 0x15,
  LSA: 0x16,
  BF: 0x17,
  RCF: 0x18,
  SW_RSCN: 0x1b,
  DRLIR: 0x1e,
  DSCN: 0x20,
  LOOPD: 0x21,
  MR: 0x22,
  ACA: 0x23,
  RCA: 0x24,
  SFC: 0x25,
  UFC: 0x26,
  CEC: 0x29,
  ENHANCED_COMMIT: 0x2a,
  ESC: 0x30,
  ESS: 0x31,
  MRRA: 0x34,
  STR: 0x35,
  EVFP: 0x36,
  AUTH_ILS: 0x40,
  FFI: 0x50,
} as const;

/**
 * Second byte of the enhanced commit service (command 2Ah).
 *
 * Source: FC-SW-4, enhanced commit service.
 */
export const EnhancedCommit = {
  EACA: 0x01,
  ESFC: 0x02,
  EUFC: 0x03,
  ERCA: 0x04,
  TCO: 0x05,
} as const;

/** Why a switch refused. Source: FC-SW-6, SW_RJT reason codes. */
export const SwRjtReason = {
  INVALID_COMMAND_CODE: 0x01,
  INVALID_REVISION_LEVEL: 0x02,
  LOGICAL_ERROR: 0x03,
  INVALID_PAYLOAD_SIZE: 0x04,
  LOGICAL_BUSY: 0x05,
  PROTOCOL_ERROR: 0x07,
  UNABLE_TO_PERFORM: 0x09,
  COMMAND_NOT_SUPPORTED: 0x0b,
  INVALID_ATTACHMENT: 0x0c,
  VENDOR_SPECIFIC: 0xff,
} as const;

/** Details of a refusal. Source: FC-SW-6, SW_RJT reason code explanations. */
export const SwRjtExplanation = {
  NO_ADDITIONAL_EXPLANATION: 0x00,
  CLASS_F_SERVICE_PARAMETER_ERROR: 0x01,
  CLASS_N_SERVICE_PARAMETER_ERROR: 0x03,
  UNKNOWN_FLOW_CONTROL_CODE: 0x04,
  INVALID_FLOW_CONTROL_PARAMETERS: 0x05,
  INVALID_PORT_NAME: 0x0d,
  INVALID_SWITCH_NAME: 0x0e,
  R_A_TOV_E_D_TOV_MISMATCH: 0x0f,
  INVALID_DOMAIN_ID_LIST: 0x10,
  COMMAND_IN_PROGRESS: 0x19,
  INSUFFICIENT_RESOURCES: 0x29,
  DOMAIN_ID_NOT_AVAILABLE: 0x2a,
  INVALID_DOMAIN_ID: 0x2b,
  REQUEST_NOT_SUPPORTED: 0x2c,
  LINK_PARAMETERS_NOT_ESTABLISHED: 0x2d,
  REQUESTED_DOMAIN_IDS_NOT_AVAILABLE: 0x2e,
  E_PORT_ISOLATED: 0x2f,
  UNSUPPORTED_COMMAND: 0x42,
  INVALID_REQUEST: 0x45,
} as const;
