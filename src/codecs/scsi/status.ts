/** How a command ends, and in which order it is to run. Source: SAM-5, status codes and task attributes. */

/** SCSI status byte. INTERMEDIATE, its CONDITION MET form and COMMAND TERMINATED are obsolete. */
export const ScsiStatus = {
  GOOD: 0x00,
  CHECK_CONDITION: 0x02,
  CONDITION_MET: 0x04,
  BUSY: 0x08,
  INTERMEDIATE: 0x10,
  INTERMEDIATE_CONDITION_MET: 0x14,
  RESERVATION_CONFLICT: 0x18,
  COMMAND_TERMINATED: 0x22,
  TASK_SET_FULL: 0x28,
  ACA_ACTIVE: 0x30,
  TASK_ABORTED: 0x40,
} as const;

/**
 * Task attribute, 3 bits. The numbers are those of FCP_CMND; a transport with others translates.
 * UNTAGGED is of the first FCP.
 */
export const TaskAttribute = {
  SIMPLE: 0,
  HEAD_OF_QUEUE: 1,
  ORDERED: 2,
  ACA: 4,
  UNTAGGED: 5,
} as const;
