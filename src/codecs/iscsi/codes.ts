/** Codes of iSCSI PDUs. Source: RFC 7143, clause 11; RFC 7144 for task management functions 9 to 12. */

/** Opcodes, 6 bits. */
export const IscsiOpcode = {
  'NOP-Out': 0x00,
  'SCSI Command': 0x01,
  'Task Management Function Request': 0x02,
  'Login Request': 0x03,
  'Text Request': 0x04,
  'SCSI Data-Out': 0x05,
  'Logout Request': 0x06,
  'SNACK Request': 0x10,
  'NOP-In': 0x20,
  'SCSI Response': 0x21,
  'Task Management Function Response': 0x22,
  'Login Response': 0x23,
  'Text Response': 0x24,
  'SCSI Data-In': 0x25,
  'Logout Response': 0x26,
  R2T: 0x31,
  'Asynchronous Message': 0x32,
  Reject: 0x3f,
} as const;

/** A tag that stands for none. */
export const RESERVED_TAG = 0xffff_ffff;

/** Task attributes of a SCSI Command, 3 bits; other numbers than those of FCP. */
export const IscsiTaskAttribute = {
  UNTAGGED: 0,
  SIMPLE: 1,
  ORDERED: 2,
  HEAD_OF_QUEUE: 3,
  ACA: 4,
} as const;

/** Types of additional header segments, 6 bits. */
export const AhsType = {
  'extended CDB': 1,
  'bidirectional read expected data transfer length': 2,
} as const;

/** Response of a SCSI Response. */
export const IscsiResponse = { 'command completed at target': 0, 'target failure': 1 } as const;

/** Functions of a Task Management Function Request, 7 bits. */
export const IscsiTaskManagement = {
  'ABORT TASK': 1,
  'ABORT TASK SET': 2,
  'CLEAR ACA': 3,
  'CLEAR TASK SET': 4,
  'LOGICAL UNIT RESET': 5,
  'TARGET WARM RESET': 6,
  'TARGET COLD RESET': 7,
  'TASK REASSIGN': 8,
  'QUERY TASK': 9,
  'QUERY TASK SET': 10,
  'I_T NEXUS RESET': 11,
  'QUERY ASYNCHRONOUS EVENT': 12,
} as const;

/** Response of a Task Management Function Response. */
export const IscsiTaskManagementResponse = {
  'function complete': 0,
  'task does not exist': 1,
  'LUN does not exist': 2,
  'task still allegiant': 3,
  'task allegiance reassignment not supported': 4,
  'task management function not supported': 5,
  'function authorization failed': 6,
  'function succeeded': 7,
  'function rejected': 255,
} as const;

/** Stages of the login phase, 2 bits. */
export const LoginStage = { security: 0, operational: 1, 'full feature': 3 } as const;

/** Status-Class x 256 + Status-Detail of a Login Response. */
export const LoginStatus = {
  success: 0x0000,
  'target moved temporarily': 0x0101,
  'target moved permanently': 0x0102,
  'initiator error': 0x0200,
  'authentication failure': 0x0201,
  'authorization failure': 0x0202,
  'not found': 0x0203,
  'target removed': 0x0204,
  'unsupported version': 0x0205,
  'too many connections': 0x0206,
  'missing parameter': 0x0207,
  "can't include in session": 0x0208,
  'session type not supported': 0x0209,
  'session does not exist': 0x020a,
  'invalid during login': 0x020b,
  'target error': 0x0300,
  'service unavailable': 0x0301,
  'out of resources': 0x0302,
} as const;

/** Reason of a Logout Request, 7 bits. */
export const LogoutReason = {
  'close the session': 0,
  'close the connection': 1,
  'remove the connection for recovery': 2,
} as const;

/** Response of a Logout Response. */
export const LogoutResponse = {
  'closed successfully': 0,
  'CID not found': 1,
  'connection recovery not supported': 2,
  'cleanup failed': 3,
} as const;

/** Types of a SNACK Request, 4 bits. */
export const SnackType = { 'data/R2T': 0, status: 1, DataACK: 2, 'R-Data': 3 } as const;

/** Events of an Asynchronous Message. */
export const AsyncEvent = {
  'SCSI asynchronous event': 0,
  'target requests logout': 1,
  'target will drop the connection': 2,
  'target will drop all connections': 3,
  'target requests parameter negotiation': 4,
  'all active tasks are being terminated': 5,
  'vendor specific': 255,
} as const;

/** Reason of a Reject. */
export const IscsiRejectReason = {
  'data digest error': 0x02,
  'SNACK reject': 0x03,
  'protocol error': 0x04,
  'command not supported': 0x05,
  'too many immediate commands': 0x06,
  'task in progress': 0x07,
  'invalid data ack': 0x08,
  'invalid PDU field': 0x09,
  'long operation reject': 0x0a,
  'negotiation reset': 0x0b,
  'waiting for logout': 0x0c,
} as const;

/** TCP port of iSCSI, and the one that only operating systems may listen on. Source: RFC 7143, 4.2.7 and IANA. */
export const ISCSI_TCP_PORT = 3260;
/** The system port of iSCSI. */
export const ISCSI_TCP_PORT_SYSTEM = 860;
