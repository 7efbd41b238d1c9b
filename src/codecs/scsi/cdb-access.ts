/** CDBs that read and write the medium: READ and WRITE in all sizes. Source: SBC-4, clause 5. */
import { bit, reservedBits, u8, u16, u32, u64 } from '../layout/index.ts';
import { command, group, option } from './parts.ts';

const range6 = {
  reserved1: reservedBits(3),
  lba: bit(21),
  /** 0 stands for 256 blocks. */
  transferLengthBlocks: u8,
} as const;
const range10 = { lba: u32, ...group, transferLengthBlocks: u16 } as const;
const range12 = { lba: u32, transferLengthBlocks: u32, ...group } as const;
/** The duration limit descriptor's number is spread over byte 1 (DLD2) and byte 14 (DLD1, DLD0). */
const range16 = {
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

export const read6 = command('READ(6)', 'READ(6)', 'SBC-3, READ(6)', range6);
export const write6 = command('WRITE(6)', 'WRITE(6)', 'SBC-3, WRITE(6)', range6);

export const read10 = command('READ(10)', 'READ(10)', 'SBC-4, READ(10)', {
  ...readFlags,
  ...obsolete,
  ...range10,
});
export const write10 = command('WRITE(10)', 'WRITE(10)', 'SBC-4, WRITE(10)', {
  ...writeFlags,
  ...obsolete,
  ...range10,
});
export const read12 = command('READ(12)', 'READ(12)', 'SBC-4, READ(12)', {
  ...readFlags,
  ...obsolete,
  ...range12,
});
export const write12 = command('WRITE(12)', 'WRITE(12)', 'SBC-4, WRITE(12)', {
  ...writeFlags,
  ...obsolete,
  ...range12,
});
export const read16 = command('READ(16)', 'READ(16)', 'SBC-4, READ(16)', {
  ...readFlags,
  ...obsolete16,
  ...range16,
});
export const write16 = command('WRITE(16)', 'WRITE(16)', 'SBC-4, WRITE(16)', {
  ...writeFlags,
  ...obsolete16,
  ...range16,
});
