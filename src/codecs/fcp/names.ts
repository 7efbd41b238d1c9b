/** Codes and flag bits of the FCP information units. Source: FCP-4, clause 9. */

export { ScsiStatus, TaskAttribute } from '../scsi/status.ts';

/**
 * FCP_CMND task management flags. At most one may be set; the CDB is then ignored.
 * TARGET_RESET and TERMINATE_TASK are of the first FCP; FCP-4 calls their bits obsolete.
 */
export const TaskManagement = {
  TERMINATE_TASK: 0x80,
  CLEAR_ACA: 0x40,
  TARGET_RESET: 0x20,
  LOGICAL_UNIT_RESET: 0x10,
  QUERY_ASYNCHRONOUS_EVENT: 0x08,
  CLEAR_TASK_SET: 0x04,
  ABORT_TASK_SET: 0x02,
  QUERY_TASK_SET: 0x01,
} as const;

/** FCP_RSP flags. */
export const RspFlags = {
  BIDI_RSP: 0x80,
  BIDI_READ_RESID_UNDER: 0x40,
  BIDI_READ_RESID_OVER: 0x20,
  CONF_REQ: 0x10,
  RESID_UNDER: 0x08,
  RESID_OVER: 0x04,
  SNS_LEN_VALID: 0x02,
  RSP_LEN_VALID: 0x01,
} as const;

/** RSP_CODE of the FCP_RSP_INFO field. */
export const RspCode = {
  TASK_MANAGEMENT_COMPLETE: 0x00,
  DATA_LENGTH_DIFFERENT_THAN_BURST_LENGTH: 0x01,
  CMND_FIELDS_INVALID: 0x02,
  DATA_PARAMETER_MISMATCH: 0x03,
  TASK_MANAGEMENT_REJECTED: 0x04,
  TASK_MANAGEMENT_FAILED: 0x05,
  TASK_MANAGEMENT_SUCCEEDED: 0x08,
  INCORRECT_LUN: 0x09,
} as const;
