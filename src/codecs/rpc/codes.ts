/** Codes of ONC RPC version 2. Source: RFC 5531, clauses 8 and 9; program numbers as IANA lists them. */

/** Version of the protocol itself. */
export const RPC_VERSION = 2;

/** What a message is. */
export const MsgType = { CALL: 0, REPLY: 1 } as const;

/** Whether a call was taken at all. */
export const ReplyStat = { MSG_ACCEPTED: 0, MSG_DENIED: 1 } as const;

/** What became of a call that was taken. */
export const AcceptStat = {
  SUCCESS: 0,
  PROG_UNAVAIL: 1,
  PROG_MISMATCH: 2,
  PROC_UNAVAIL: 3,
  GARBAGE_ARGS: 4,
  SYSTEM_ERR: 5,
} as const;

/** Why a call was not taken. */
export const RejectStat = { RPC_MISMATCH: 0, AUTH_ERROR: 1 } as const;

/** What is wrong with a caller's credential. */
export const AuthStat = {
  AUTH_OK: 0,
  AUTH_BADCRED: 1,
  AUTH_REJECTEDCRED: 2,
  AUTH_BADVERF: 3,
  AUTH_REJECTEDVERF: 4,
  AUTH_TOOWEAK: 5,
  AUTH_INVALIDRESP: 6,
  AUTH_FAILED: 7,
  AUTH_KERB_GENERIC: 8,
  AUTH_TIMEEXPIRE: 9,
  AUTH_TKT_FILE: 10,
  AUTH_DECODE: 11,
  AUTH_NET_ADDR: 12,
  RPCSEC_GSS_CREDPROBLEM: 13,
  RPCSEC_GSS_CTXPROBLEM: 14,
} as const;

/** Kinds of credentials and verifiers. */
export const AuthFlavor = {
  AUTH_NONE: 0,
  AUTH_SYS: 1,
  AUTH_SHORT: 2,
  AUTH_DH: 3,
  RPCSEC_GSS: 6,
} as const;

/** Programs that are met around NFS. */
export const RpcProgram = {
  PORTMAP: 100_000,
  NFS: 100_003,
  MOUNT: 100_005,
  NLM: 100_021,
  NSM: 100_024,
  NFSACL: 100_227,
  /** What a client serves on its connections; others of the transient range do as well. Source: RFC 5662. */
  NFS_CB: 0x4000_0000,
} as const;
