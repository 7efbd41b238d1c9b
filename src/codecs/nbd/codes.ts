/** Numbers of the Network Block Device protocol. Source: doc/proto.md of NBD; linux/nbd.h has those of 2.6. */
import { nameOf } from '../layout/index.ts';

/** TCP port of NBD servers. Source: IANA. */
export const NBD_TCP_PORT = 10_809;

/** `NBDMAGIC`, the first eight bytes of a server. */
export const NBD_MAGIC = 0x4e42_444d_4147_4943n;
/** `IHAVEOPT`: the server is of the new style, and each option of its client begins so. */
export const NBD_OPTION_MAGIC = 0x4948_4156_454f_5054n;
/** How a reply to an option begins. */
export const NBD_OPTION_REPLY_MAGIC = 0x0003_e889_0455_65a9n;
/** How a request begins. Source: linux/nbd.h, NBD_REQUEST_MAGIC. */
export const NBD_REQUEST_MAGIC = 0x2560_9513;
/** How a simple reply begins. Source: linux/nbd.h, NBD_REPLY_MAGIC. */
export const NBD_SIMPLE_REPLY_MAGIC = 0x6744_6698;
/** How a chunk of a structured reply begins. */
export const NBD_CHUNK_MAGIC = 0x668e_33ef;

/** What a server can do in the handshake; clients answer with those of them that they can too. */
export const NbdHandshakeFlags = { FIXED_NEWSTYLE: 0x01, NO_ZEROES: 0x02 } as const;

/** What a client may ask for before it reads and writes. */
export const NbdOption = {
  EXPORT_NAME: 1,
  ABORT: 2,
  LIST: 3,
  STARTTLS: 5,
  INFO: 6,
  GO: 7,
  STRUCTURED_REPLY: 8,
  LIST_META_CONTEXT: 9,
  SET_META_CONTEXT: 10,
} as const;

/** What a server answers to an option; from `NBD_ERROR_REPLY` on it refuses. */
export const NbdOptionReply = {
  ACK: 1,
  SERVER: 2,
  INFO: 3,
  META_CONTEXT: 4,
  ERR_UNSUP: 0x8000_0001,
  ERR_POLICY: 0x8000_0002,
  ERR_INVALID: 0x8000_0003,
  ERR_PLATFORM: 0x8000_0004,
  ERR_TLS_REQD: 0x8000_0005,
  ERR_UNKNOWN: 0x8000_0006,
  ERR_SHUTDOWN: 0x8000_0007,
  ERR_BLOCK_SIZE_REQD: 0x8000_0008,
  ERR_TOO_BIG: 0x8000_0009,
} as const;
/** Replies from here on are errors. */
export const NBD_ERROR_REPLY = 0x8000_0000;

/** What a server tells of an export. */
export const NbdInfo = { EXPORT: 0, NAME: 1, DESCRIPTION: 2, BLOCK_SIZE: 3 } as const;

/** What an export can do. Source: linux/nbd.h for bits 0 to 5 and 8. */
export const NbdTransmissionFlags = {
  HAS_FLAGS: 0x0001,
  READ_ONLY: 0x0002,
  SEND_FLUSH: 0x0004,
  SEND_FUA: 0x0008,
  ROTATIONAL: 0x0010,
  SEND_TRIM: 0x0020,
  SEND_WRITE_ZEROES: 0x0040,
  SEND_DF: 0x0080,
  CAN_MULTI_CONN: 0x0100,
  SEND_RESIZE: 0x0200,
  SEND_CACHE: 0x0400,
  SEND_FAST_ZERO: 0x0800,
} as const;

/** Requests. Source: linux/nbd.h for 0 to 4. */
export const NbdCommand = {
  READ: 0,
  WRITE: 1,
  DISC: 2,
  FLUSH: 3,
  TRIM: 4,
  CACHE: 5,
  WRITE_ZEROES: 6,
  BLOCK_STATUS: 7,
  RESIZE: 8,
} as const;

/** How a request wants to be carried out. */
export const NbdCommandFlags = {
  FUA: 0x01,
  NO_HOLE: 0x02,
  DF: 0x04,
  REQ_ONE: 0x08,
  FAST_ZERO: 0x10,
} as const;

/** Chunks of a structured reply; from `NBD_ERROR_CHUNK` on they are errors. */
export const NbdChunk = {
  NONE: 0,
  OFFSET_DATA: 1,
  OFFSET_HOLE: 2,
  BLOCK_STATUS: 5,
  ERROR: 0x8001,
  ERROR_OFFSET: 0x8002,
} as const;
/** Chunks from here on are errors. */
export const NBD_ERROR_CHUNK = 0x8000;
/** `DONE`: no chunk of this reply follows. */
export const NbdChunkFlags = { DONE: 0x0001 } as const;

/** Why a request failed. */
export const NbdError = {
  EPERM: 1,
  EIO: 5,
  ENOMEM: 12,
  EINVAL: 22,
  ENOSPC: 28,
  EOVERFLOW: 75,
  ENOTSUP: 95,
  ESHUTDOWN: 108,
} as const;

/** What the meta context `base:allocation` says of an extent. */
export const NbdAllocation = { HOLE: 0x01, ZERO: 0x02 } as const;
/** What `qemu:dirty-bitmap:…` says of an extent. Source: QEMU, docs/interop/nbd.txt. */
export const NbdDirty = { DIRTY: 0x01 } as const;
/** The meta context of holes and zeros. */
export const NBD_BASE_ALLOCATION = 'base:allocation';
/** What the meta contexts of maps of changed blocks begin with. Source: QEMU, docs/interop/nbd.txt. */
export const NBD_DIRTY_BITMAP = 'qemu:dirty-bitmap:';

/** What a request is called: `READ`, or its number. */
export const nameOfNbdCommand = (command: number): string =>
  nameOf(NbdCommand, command) ?? `command ${command}`;
