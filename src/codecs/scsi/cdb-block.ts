/**
 * CDBs of block devices that move no blocks of data: capacity, cache, provisioning, formatting.
 *
 * Source: SBC-4, clause 5.
 */
import {
  bit,
  named,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { ServiceActionIn16, ServiceActionOut16 } from './opcode.ts';
import { command, group, option, optionByte, serviceAction } from './parts.ts';

/**
 * Asks for the last LBA and the block length. The LBA and PMI fields are obsolete and zero.
 *
 * Shape: 10 bytes.
 */
export const readCapacity10 = command(
  'READ CAPACITY(10)',
  'READ CAPACITY(10)',
  'SBC-4, READ CAPACITY(10)',
  {
    reserved1: reserved8,
    obsoleteLba: reserved32,
    reserved2: reserved16,
    obsoletePmi: reserved8,
  },
);

type In16 = keyof typeof ServiceActionIn16;
const in16 = (action: In16) => ({
  reservedAction: reservedBits(3),
  serviceAction: serviceAction(ServiceActionIn16, ServiceActionIn16[action]),
});

/** Asks for the last LBA, the block length, and whether the unit is thin. Shape: 16 bytes. */
export const readCapacity16 = command(
  'READ CAPACITY(16)',
  'SERVICE ACTION IN(16)',
  'SBC-4, READ CAPACITY(16)',
  {
    ...in16('READ CAPACITY(16)'),
    obsoleteLba: reservedBytes(8),
    allocationLengthBytes: u32,
    obsoletePmi: reserved8,
  },
);

/** Asks which blocks are mapped. REPORT TYPE 0 asks for all logical blocks. Shape: 16 bytes. */
export const getLbaStatus16 = command(
  'GET LBA STATUS(16)',
  'SERVICE ACTION IN(16)',
  'SBC-4, GET LBA STATUS(16)',
  {
    ...in16('GET LBA STATUS(16)'),
    startingLba: u64,
    allocationLengthBytes: u32,
    reportType: optionByte,
  },
);

/**
 * Asks which target port groups reach which blocks. ONE_SEG asks for the segment of the LBA alone.
 *
 * Shape: 16 bytes.
 */
export const reportReferrals = command(
  'REPORT REFERRALS',
  'SERVICE ACTION IN(16)',
  'SBC-4, REPORT REFERRALS',
  {
    ...in16('REPORT REFERRALS'),
    lba: u64,
    allocationLengthBytes: u32,
    reserved1: reservedBits(7),
    oneSeg: option(1),
  },
);

/** Reads a block with its check bytes. Shape: 16 bytes. */
export const readLong16 = command(
  'READ LONG(16)',
  'SERVICE ACTION IN(16)',
  'SBC-3, READ LONG(16)',
  {
    ...in16('READ LONG(16)'),
    lba: u64,
    reserved1: reserved16,
    byteTransferLengthBytes: u16,
    reserved2: reservedBits(6),
    pblock: option(1),
    correct: option(1),
  },
);

/** Writes a block with its check bytes, or marks it unreadable. Shape: 16 bytes. */
export const writeLong16 = command(
  'WRITE LONG(16)',
  'SERVICE ACTION OUT(16)',
  'SBC-4, WRITE LONG(16)',
  {
    corDis: option(1),
    wrUncor: option(1),
    pblock: option(1),
    serviceAction: serviceAction(ServiceActionOut16, ServiceActionOut16['WRITE LONG(16)']),
    lba: u64,
    reserved1: reserved16,
    byteTransferLengthBytes: u16,
    reserved2: reserved8,
  },
);

/** Reads a block with its check bytes. Shape: 10 bytes. */
export const readLong10 = command('READ LONG(10)', 'READ LONG(10)', 'SBC-3, READ LONG(10)', {
  reserved1: reservedBits(5),
  pblock: option(1),
  correct: option(1),
  obsolete1: reservedBits(1),
  lba: u32,
  reserved2: reserved8,
  byteTransferLengthBytes: u16,
});

/** Writes a block with its check bytes, or marks it unreadable. Shape: 10 bytes. */
export const writeLong10 = command('WRITE LONG(10)', 'WRITE LONG(10)', 'SBC-4, WRITE LONG(10)', {
  corDis: option(1),
  wrUncor: option(1),
  pblock: option(1),
  reserved1: reservedBits(4),
  obsolete1: reservedBits(1),
  lba: u32,
  reserved2: reserved8,
  byteTransferLengthBytes: u16,
});

const cacheFlags = {
  reserved1: reservedBits(5),
  /** SYNC_NV of SBC-3. */
  obsolete1: reservedBits(1),
  immed: option(1),
  obsolete2: reservedBits(1),
} as const;

/**
 * Writes what the cache holds to the medium. A count of 0 blocks reaches to the end of the medium.
 *
 * Shape: 10 bytes.
 */
export const synchronizeCache10 = command(
  'SYNCHRONIZE CACHE(10)',
  'SYNCHRONIZE CACHE(10)',
  'SBC-4, SYNCHRONIZE CACHE(10)',
  { ...cacheFlags, lba: withDefault(u32, 0), ...group, numberOfBlocks: withDefault(u16, 0) },
);

/** As SYNCHRONIZE CACHE(10), LBA of 64 bits. Shape: 16 bytes. */
export const synchronizeCache16 = command(
  'SYNCHRONIZE CACHE(16)',
  'SYNCHRONIZE CACHE(16)',
  'SBC-4, SYNCHRONIZE CACHE(16)',
  { ...cacheFlags, lba: withDefault(u64, 0n), numberOfBlocks: withDefault(u32, 0), ...group },
);

const lockFlags = {
  reserved1: reservedBits(6),
  lock: option(1),
  obsolete1: reservedBits(1),
} as const;

/** Keeps blocks in the cache, or lets them go; obsolete. Shape: 10 bytes. */
export const lockUnlockCache10 = command(
  'LOCK UNLOCK CACHE(10)',
  'LOCK UNLOCK CACHE(10)',
  'SBC-2, LOCK UNLOCK CACHE(10)',
  { ...lockFlags, lba: u32, reserved2: reserved8, numberOfBlocks: u16 },
);
/** As LOCK UNLOCK CACHE(10), LBA of 64 bits. Shape: 16 bytes. */
export const lockUnlockCache16 = command(
  'LOCK UNLOCK CACHE(16)',
  'LOCK UNLOCK CACHE(16)',
  'SBC-2, LOCK UNLOCK CACHE(16)',
  { ...lockFlags, lba: u64, numberOfBlocks: u32, reserved2: reserved8 },
);

/** RDINH and WRINH inhibit reads and writes outside the range, for linked commands. */
const limitFlags = {
  reserved1: reservedBits(6),
  rdinh: option(1),
  wrinh: option(1),
} as const;

/** Limits the linked commands that follow to a range of blocks; obsolete. Shape: 10 bytes. */
export const setLimits10 = command('SET LIMITS(10)', 'SET LIMITS(10)', 'SBC, SET LIMITS(10)', {
  ...limitFlags,
  lba: u32,
  reserved2: reserved8,
  numberOfBlocks: u16,
});
/** As SET LIMITS(10), length of 32 bits. Shape: 12 bytes. */
export const setLimits12 = command('SET LIMITS(12)', 'SET LIMITS(12)', 'SBC, SET LIMITS(12)', {
  ...limitFlags,
  lba: u32,
  numberOfBlocks: u32,
  reserved2: reserved8,
});

/**
 * Gives blocks of a thin unit back; the ranges are in the parameter list. ANCHOR: they stay
 * reserved on the medium.
 *
 * Shape: 10 bytes.
 */
export const unmap = command('UNMAP', 'UNMAP', 'SBC-4, UNMAP', {
  reserved1: reservedBits(7),
  anchor: option(1),
  reserved2: reserved32,
  ...group,
  parameterListLengthBytes: u16,
});

/** Formats the medium; all data is lost. Shape: 6 bytes. */
export const formatUnit = command('FORMAT UNIT', 'FORMAT UNIT', 'SBC-4, FORMAT UNIT', {
  fmtpinfo: option(2),
  longlist: option(1),
  fmtdata: option(1),
  cmplst: option(1),
  defectListFormat: option(3),
  vendorSpecific: optionByte,
  /** INTERLEAVE of SBC. */
  obsolete1: reserved8,
  reserved1: reservedBits(6),
  ffmt: option(2),
});

/** Gives blocks another place on the medium; the list names them. Shape: 6 bytes. */
export const reassignBlocks = command(
  'REASSIGN BLOCKS',
  'REASSIGN BLOCKS',
  'SBC-4, REASSIGN BLOCKS',
  {
    reserved1: reservedBits(6),
    longlba: option(1),
    longlist: option(1),
    reserved2: reserved24,
  },
);

/** POWER CONDITION of START STOP UNIT. */
export const PowerCondition = {
  START_VALID: 0x0,
  ACTIVE: 0x1,
  IDLE: 0x2,
  STANDBY: 0x3,
  LU_CONTROL: 0x7,
  FORCE_IDLE_0: 0xa,
  FORCE_STANDBY_0: 0xb,
} as const;

/** Starts, stops or ejects the medium, or changes the power condition. Shape: 6 bytes. */
export const startStopUnit = command(
  'START STOP UNIT',
  'START STOP UNIT',
  'SBC-4, START STOP UNIT',
  {
    reserved1: reservedBits(7),
    immed: option(1),
    reserved2: reserved8,
    reserved3: reservedBits(4),
    powerConditionModifier: option(4),
    powerCondition: withDefault(named(bit(4), PowerCondition), PowerCondition.START_VALID),
    reserved4: reservedBits(1),
    noFlush: option(1),
    loej: option(1),
    start: option(1),
  },
);

const lists = { reqPlist: option(1), reqGlist: option(1), defectListFormat: option(3) } as const;

/** Asks for the list of defects. Shape: 10 bytes. */
export const readDefectData10 = command(
  'READ DEFECT DATA(10)',
  'READ DEFECT DATA(10)',
  'SBC-4, READ DEFECT DATA(10)',
  {
    reserved1: reserved8,
    reserved2: reservedBits(3),
    ...lists,
    reserved3: reserved32,
    allocationLengthBytes: u16,
  },
);
/** As READ DEFECT DATA(10), length of 32 bits. Shape: 12 bytes. */
export const readDefectData12 = command(
  'READ DEFECT DATA(12)',
  'READ DEFECT DATA(12)',
  'SBC-4, READ DEFECT DATA(12)',
  {
    reserved1: reservedBits(3),
    ...lists,
    addressDescriptorIndex: withDefault(u32, 0),
    allocationLengthBytes: u32,
    reserved2: reserved8,
  },
);

/** SERVICE ACTION of SANITIZE. */
export const SanitizeAction = {
  OVERWRITE: 0x01,
  BLOCK_ERASE: 0x02,
  CRYPTOGRAPHIC_ERASE: 0x03,
  EXIT_FAILURE_MODE: 0x1f,
} as const;

/** Destroys all data, also what blocks once held. Shape: 10 bytes. */
export const sanitize = command('SANITIZE', 'SANITIZE', 'SBC-4, SANITIZE', {
  immed: option(1),
  znr: option(1),
  ause: option(1),
  serviceAction: named(bit(5), SanitizeAction),
  reserved1: reservedBytes(5),
  parameterListLengthBytes: withDefault(u16, 0),
});

/** Moves to block 0; obsolete. Shape: 6 bytes. */
export const rezeroUnit = command('REZERO UNIT', 'REZERO UNIT', 'SCSI-2, REZERO UNIT', {
  reserved1: reserved32,
});
