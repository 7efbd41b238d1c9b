/** CDBs that read, write and verify the medium, 6 to 16 bytes. Source: SBC-4, clause 5. */
import {
  bit,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { command, group, option } from './parts.ts';

const range6 = {
  reserved1: reservedBits(3),
  lba: bit(21),
  /** 0 stands for 256 blocks. */
  transferLengthBlocks: u8,
} as const;
const range10 = { lba: u32, ...group, transferLengthBlocks: u16 } as const;
const range12 = { lba: u32, transferLengthBlocks: u32, ...group } as const;
const range16 = { lba: u64, transferLengthBlocks: u32, ...group } as const;
/** The duration limit descriptor's number is spread over byte 1 (DLD2) and byte 14 (DLD1, DLD0). */
const limitedRange16 = {
  lba: u64,
  transferLengthBlocks: u32,
  dld1: option(1),
  dld0: option(1),
  groupNumber: option(6),
} as const;

const readFlags = {
  rdprotect: option(3),
  dpo: option(1),
  fua: option(1),
  rarc: option(1),
} as const;
const writeFlags = {
  wrprotect: option(3),
  dpo: option(1),
  fua: option(1),
  reserved1: reservedBits(1),
} as const;
/** FUA_NV and RELADR of older editions. */
const obsolete = { obsolete1: reservedBits(2) } as const;
const obsolete16 = { obsolete1: reservedBits(1), dld2: option(1) } as const;

/** Reads blocks; LBA of 21 bits. Shape: 6 bytes. */
export const read6 = command('READ(6)', 'READ(6)', 'SBC-3, READ(6)', range6);
/** Reads blocks; LBA of 32 bits. What Linux sends up to 2 TB. Shape: 10 bytes. */
export const read10 = command('READ(10)', 'READ(10)', 'SBC-4, READ(10)', {
  ...readFlags,
  ...obsolete,
  ...range10,
});
/** Reads blocks; length of 32 bits. Shape: 12 bytes. */
export const read12 = command('READ(12)', 'READ(12)', 'SBC-4, READ(12)', {
  ...readFlags,
  ...obsolete,
  ...range12,
});
/** Reads blocks; LBA of 64 bits. Shape: 16 bytes. */
export const read16 = command('READ(16)', 'READ(16)', 'SBC-4, READ(16)', {
  ...readFlags,
  ...obsolete16,
  ...limitedRange16,
});

/** Writes blocks; LBA of 21 bits. Shape: 6 bytes. */
export const write6 = command('WRITE(6)', 'WRITE(6)', 'SBC-3, WRITE(6)', range6);
/** Writes blocks; LBA of 32 bits. Shape: 10 bytes. */
export const write10 = command('WRITE(10)', 'WRITE(10)', 'SBC-4, WRITE(10)', {
  ...writeFlags,
  ...obsolete,
  ...range10,
});
/** Writes blocks; length of 32 bits. Shape: 12 bytes. */
export const write12 = command('WRITE(12)', 'WRITE(12)', 'SBC-4, WRITE(12)', {
  ...writeFlags,
  ...obsolete,
  ...range12,
});
/** Writes blocks; LBA of 64 bits. Shape: 16 bytes. */
export const write16 = command('WRITE(16)', 'WRITE(16)', 'SBC-4, WRITE(16)', {
  ...writeFlags,
  ...obsolete16,
  ...limitedRange16,
});

/** BYTCHK: what the medium is compared with. */
export const Bytchk = { PROTECTION_ONLY: 0, ALL_DATA: 1, ONE_BLOCK: 3 } as const;

const check = {
  dpo: option(1),
  reserved1: reservedBits(1),
  bytchk: option(2),
  /** RELADR. */
  obsolete1: reservedBits(1),
} as const;
const verifyFlags = { vrprotect: option(3), ...check } as const;
const writeVerifyFlags = { wrprotect: option(3), ...check } as const;

/** Checks blocks on the medium, with BYTCHK against data that is sent. Shape: 10 bytes. */
export const verify10 = command('VERIFY(10)', 'VERIFY(10)', 'SBC-4, VERIFY(10)', {
  ...verifyFlags,
  lba: u32,
  ...group,
  verificationLengthBlocks: u16,
});
/** As VERIFY(10), length of 32 bits. Shape: 12 bytes. */
export const verify12 = command('VERIFY(12)', 'VERIFY(12)', 'SBC-4, VERIFY(12)', {
  ...verifyFlags,
  lba: u32,
  verificationLengthBlocks: u32,
  ...group,
});
/** As VERIFY(10), LBA of 64 bits. Shape: 16 bytes. */
export const verify16 = command('VERIFY(16)', 'VERIFY(16)', 'SBC-4, VERIFY(16)', {
  ...verifyFlags,
  lba: u64,
  verificationLengthBlocks: u32,
  ...group,
});

/** Writes blocks, then checks them on the medium. Shape: 10 bytes. */
export const writeAndVerify10 = command(
  'WRITE AND VERIFY(10)',
  'WRITE AND VERIFY(10)',
  'SBC-4, WRITE AND VERIFY(10)',
  { ...writeVerifyFlags, ...range10 },
);
/** As WRITE AND VERIFY(10), length of 32 bits. Shape: 12 bytes. */
export const writeAndVerify12 = command(
  'WRITE AND VERIFY(12)',
  'WRITE AND VERIFY(12)',
  'SBC-4, WRITE AND VERIFY(12)',
  { ...writeVerifyFlags, ...range12 },
);
/** As WRITE AND VERIFY(10), LBA of 64 bits. Shape: 16 bytes. */
export const writeAndVerify16 = command(
  'WRITE AND VERIFY(16)',
  'WRITE AND VERIFY(16)',
  'SBC-4, WRITE AND VERIFY(16)',
  { ...writeVerifyFlags, ...range16 },
);

const sameFlags = { wrprotect: option(3), anchor: option(1), unmap: option(1) } as const;

/**
 * One block of data for a range of blocks. 0 blocks reach to the end of the medium.
 *
 * Shape: 10 bytes.
 */
export const writeSame10 = command('WRITE SAME(10)', 'WRITE SAME(10)', 'SBC-4, WRITE SAME(10)', {
  ...sameFlags,
  /** PBDATA, LBDATA and RELADR. */
  obsolete1: reservedBits(3),
  lba: u32,
  ...group,
  numberOfBlocks: u16,
});
/** NDOB: no block of data is sent, zeros are meant. Shape: 16 bytes. */
export const writeSame16 = command('WRITE SAME(16)', 'WRITE SAME(16)', 'SBC-4, WRITE SAME(16)', {
  ...sameFlags,
  obsolete1: reservedBits(2),
  ndob: option(1),
  lba: u64,
  numberOfBlocks: u32,
  ...group,
});

/**
 * Sends twice `numberOfBlocks` blocks: those to compare with, then those to write.
 *
 * Shape: 16 bytes.
 */
export const compareAndWrite = command(
  'COMPARE AND WRITE',
  'COMPARE AND WRITE',
  'SBC-4, COMPARE AND WRITE',
  {
    ...writeFlags,
    ...obsolete,
    lba: u64,
    reserved2: reserved24,
    numberOfBlocks: u8,
    ...group,
  },
);

/** Writes the bitwise or of the blocks there and those sent. Shape: 16 bytes. */
export const orwrite16 = command('ORWRITE(16)', 'ORWRITE(16)', 'SBC-4, ORWRITE(16)', {
  orprotect: option(3),
  dpo: option(1),
  fua: option(1),
  reserved1: reservedBits(1),
  ...obsolete,
  ...range16,
});

/** Writes all blocks or none. Shape: 16 bytes. */
export const writeAtomic16 = command(
  'WRITE ATOMIC(16)',
  'WRITE ATOMIC(16)',
  'SBC-4, WRITE ATOMIC(16)',
  {
    wrprotect: option(3),
    dpo: option(1),
    fua: option(1),
    reserved1: reservedBits(3),
    lba: u64,
    atomicBoundaryBlocks: withDefault(u16, 0),
    transferLengthBlocks: u16,
    ...group,
  },
);

/** IMMED: status is sent before the blocks are in the cache. */
const prefetchFlags = {
  reserved1: reservedBits(6),
  immed: option(1),
  /** RELADR. */
  obsolete1: reservedBits(1),
} as const;

/** Brings blocks into the cache. Shape: 10 bytes. */
export const prefetch10 = command('PRE-FETCH(10)', 'PRE-FETCH(10)', 'SBC-4, PRE-FETCH(10)', {
  ...prefetchFlags,
  lba: u32,
  ...group,
  prefetchLengthBlocks: u16,
});
/** As PRE-FETCH(10), LBA of 64 bits. Shape: 16 bytes. */
export const prefetch16 = command('PRE-FETCH(16)', 'PRE-FETCH(16)', 'SBC-4, PRE-FETCH(16)', {
  ...prefetchFlags,
  lba: u64,
  prefetchLengthBlocks: u32,
  ...group,
});

/** Moves to a block; obsolete. Shape: 6 bytes. */
export const seek6 = command('SEEK(6)', 'SEEK(6)', 'SCSI-2, SEEK(6)', {
  reserved1: reservedBits(3),
  lba: bit(21),
  reserved2: reserved8,
});
/** Moves to a block; obsolete. Shape: 10 bytes. */
export const seek10 = command('SEEK(10)', 'SEEK(10)', 'SCSI-2, SEEK(10)', {
  reserved1: reserved8,
  lba: u32,
  reserved2: reserved8,
  reserved3: reserved16,
});
