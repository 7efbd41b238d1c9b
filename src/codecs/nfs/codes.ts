/** Codes of NFS version 3 and of the programs beside it. Source: RFC 1813, 2.6, 3.3; appendix I. */

/** What became of a procedure of NFS version 3. Source: RFC 1813, 2.6. */
export const NfsStat3 = {
  NFS3_OK: 0,
  NFS3ERR_PERM: 1,
  NFS3ERR_NOENT: 2,
  NFS3ERR_IO: 5,
  NFS3ERR_NXIO: 6,
  NFS3ERR_ACCES: 13,
  NFS3ERR_EXIST: 17,
  NFS3ERR_XDEV: 18,
  NFS3ERR_NODEV: 19,
  NFS3ERR_NOTDIR: 20,
  NFS3ERR_ISDIR: 21,
  NFS3ERR_INVAL: 22,
  NFS3ERR_FBIG: 27,
  NFS3ERR_NOSPC: 28,
  NFS3ERR_ROFS: 30,
  NFS3ERR_MLINK: 31,
  NFS3ERR_NAMETOOLONG: 63,
  NFS3ERR_NOTEMPTY: 66,
  NFS3ERR_DQUOT: 69,
  NFS3ERR_STALE: 70,
  NFS3ERR_REMOTE: 71,
  NFS3ERR_BADHANDLE: 10_001,
  NFS3ERR_NOT_SYNC: 10_002,
  NFS3ERR_BAD_COOKIE: 10_003,
  NFS3ERR_NOTSUPP: 10_004,
  NFS3ERR_TOOSMALL: 10_005,
  NFS3ERR_SERVERFAULT: 10_006,
  NFS3ERR_BADTYPE: 10_007,
  NFS3ERR_JUKEBOX: 10_008,
} as const;

/** What a file is. Source: RFC 1813, 2.6. */
export const FType3 = {
  NF3REG: 1,
  NF3DIR: 2,
  NF3BLK: 3,
  NF3CHR: 4,
  NF3LNK: 5,
  NF3SOCK: 6,
  NF3FIFO: 7,
} as const;

/** What a time is set to. Source: RFC 1813, 2.6. */
export const TimeHow = { DONT_CHANGE: 0, SET_TO_SERVER_TIME: 1, SET_TO_CLIENT_TIME: 2 } as const;

/** What a caller may do with a file. Source: RFC 1813, 3.3.4. */
export const Access3 = {
  READ: 0x01,
  LOOKUP: 0x02,
  MODIFY: 0x04,
  EXTEND: 0x08,
  DELETE: 0x10,
  EXECUTE: 0x20,
} as const;

/** How far a write must have come before it is answered. Source: RFC 1813, 3.3.7. */
export const StableHow = { UNSTABLE: 0, DATA_SYNC: 1, FILE_SYNC: 2 } as const;

/** What CREATE does where the file is there. Source: RFC 1813, 3.3.8. */
export const CreateMode3 = { UNCHECKED: 0, GUARDED: 1, EXCLUSIVE: 2 } as const;

/** What a file system can do. Source: RFC 1813, 3.3.19. */
export const FsInfoProperties = {
  LINK: 0x01,
  SYMLINK: 0x02,
  HOMOGENEOUS: 0x08,
  CANSETTIME: 0x10,
} as const;

/** Procedures of NFS version 3. Source: RFC 1813, 3. */
export const Nfs3Procedure = {
  NULL: 0,
  GETATTR: 1,
  SETATTR: 2,
  LOOKUP: 3,
  ACCESS: 4,
  READLINK: 5,
  READ: 6,
  WRITE: 7,
  CREATE: 8,
  MKDIR: 9,
  SYMLINK: 10,
  MKNOD: 11,
  REMOVE: 12,
  RMDIR: 13,
  RENAME: 14,
  LINK: 15,
  READDIR: 16,
  READDIRPLUS: 17,
  FSSTAT: 18,
  FSINFO: 19,
  PATHCONF: 20,
  COMMIT: 21,
} as const;

/** Procedures of MOUNT version 3. Source: RFC 1813, appendix I, 5.2. */
export const Mount3Procedure = {
  NULL: 0,
  MNT: 1,
  DUMP: 2,
  UMNT: 3,
  UMNTALL: 4,
  EXPORT: 5,
} as const;

/** What became of a MNT. Source: RFC 1813, appendix I, 5.1.5. */
export const MountStat3 = {
  MNT3_OK: 0,
  MNT3ERR_PERM: 1,
  MNT3ERR_NOENT: 2,
  MNT3ERR_IO: 5,
  MNT3ERR_ACCES: 13,
  MNT3ERR_NOTDIR: 20,
  MNT3ERR_INVAL: 22,
  MNT3ERR_NAMETOOLONG: 63,
  MNT3ERR_NOTSUPP: 10_004,
  MNT3ERR_SERVERFAULT: 10_006,
} as const;

/** Procedures of the port mapper, version 2. Source: RFC 1833, 3.1. */
export const PortmapProcedure = {
  NULL: 0,
  SET: 1,
  UNSET: 2,
  GETPORT: 3,
  DUMP: 4,
  CALLIT: 5,
} as const;

/** What a program is reached by. Source: RFC 1833, 3.1. */
export const PortmapProtocol = { TCP: 6, UDP: 17 } as const;
