/**
 * CDBs by which disks of an array exchange XOR data; obsolete since SBC-3.
 *
 * Source: SBC-2, clause 5.
 */
import { reserved8, reservedBits, u8, u16, u32 } from '../layout/index.ts';
import { command, group, option } from './parts.ts';

const range = { lba: u32, ...group, transferLengthBlocks: u16 } as const;
const access = { dpo: option(1), fua: option(1) } as const;
/** FUA_NV. */
const obsolete = { obsolete1: reservedBits(1) } as const;

/** Writes, and keeps the XOR of old and new data; obsolete. Shape: 10 bytes. */
export const xdwrite10 = command('XDWRITE(10)', 'XDWRITE(10)', 'SBC-2, XDWRITE(10)', {
  wrprotect: option(3),
  ...access,
  disableWrite: option(1),
  ...obsolete,
  reserved1: reservedBits(1),
  ...range,
});
/** Writes the XOR of what is there and what is sent; obsolete. Shape: 10 bytes. */
export const xpwrite10 = command('XPWRITE(10)', 'XPWRITE(10)', 'SBC-3, XPWRITE(10)', {
  reserved1: reservedBits(3),
  ...access,
  reserved2: reservedBits(1),
  ...obsolete,
  xorpinfo: option(1),
  ...range,
});
/** Reads the XOR data of an XDWRITE; obsolete. Shape: 10 bytes. */
export const xdread10 = command('XDREAD(10)', 'XDREAD(10)', 'SBC-2, XDREAD(10)', {
  reserved1: reservedBits(7),
  xorpinfo: option(1),
  ...range,
});
/** XDWRITE and XDREAD in one; obsolete. Shape: 10 bytes. */
export const xdwriteread10 = command(
  'XDWRITEREAD(10)',
  'XDWRITEREAD(10)',
  'SBC-3, XDWRITEREAD(10)',
  {
    wrprotect: option(3),
    ...access,
    disableWrite: option(1),
    ...obsolete,
    xorpinfo: option(1),
    ...range,
  },
);

/**
 * XDWRITE that sends the XOR data to another disk, named by the secondary address and LBA;
 * obsolete.
 *
 * Shape: 16 bytes.
 */
export const xdwriteExtended16 = command(
  'XDWRITE EXTENDED(16)',
  'XDWRITE EXTENDED(16)',
  'SBC, XDWRITE EXTENDED(16)',
  {
    tableAddress: option(1),
    reserved1: reservedBits(2),
    ...access,
    disableWrite: option(1),
    portControl: option(2),
    lba: u32,
    secondaryLba: u32,
    transferLengthBlocks: u32,
    secondaryAddress: u8,
  },
);

const gather = {
  reserved1: reservedBits(3),
  ...access,
  intdata: option(1),
  portControl: option(2),
  lba: u32,
  lengthBlocks: u32,
  parameterListLengthBytes: u32,
  reserved2: reserved8,
} as const;

/** Makes the data of a lost disk again from others; obsolete. Shape: 16 bytes. */
export const rebuild16 = command('REBUILD(16)', 'REBUILD(16)', 'SBC, REBUILD(16)', gather);
/** Makes check data again from others; obsolete. Shape: 16 bytes. */
export const regenerate16 = command(
  'REGENERATE(16)',
  'REGENERATE(16)',
  'SBC, REGENERATE(16)',
  gather,
);
