/**
 * Variable length CDBs of 32 bytes: access with expected protection information.
 *
 * Source: SBC-4, clause 5.
 */
import {
  codec,
  hex,
  named,
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  reservedBytes,
  type Table,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { VariableLength } from './opcode.ts';
import { control, group, operationCode, option } from './parts.ts';

const ADDITIONAL_CDB_BYTES = 0x18;

type Action = keyof typeof VariableLength;

/** A CDB of 32 bytes: `opening` is bytes 2 to 5, `fields` are bytes 10 to 31. */
function command32<const K extends Action, O extends Table, F extends Table>(
  kind: K,
  opening: O,
  fields: F,
) {
  return codec(
    kind,
    `SBC-4, ${kind}`,
    {
      operationCode: operationCode('VARIABLE LENGTH CDB'),
      control,
      ...opening,
      ...group,
      additionalCdbLengthBytes: withDefault(u8, ADDITIONAL_CDB_BYTES),
      serviceAction: withDefault(named(u16, VariableLength), VariableLength[kind]),
      ...fields,
    },
    kind,
  );
}

const plain = { reservedOpening: reserved32 } as const;

/** Expected initial reference tag, application tag and its mask. */
const expected = {
  expectedReferenceTag: withDefault(hex(u32), 0),
  expectedApplicationTag: withDefault(hex(u16), 0),
  applicationTagMask: withDefault(hex(u16), 0),
} as const;
const range = { lba: u64, ...expected, transferLengthBlocks: u32 } as const;
/** FUA_NV, behind it a reserved bit. */
const obsolete = { obsolete1: reservedBits(1), reserved1: reservedBits(1) } as const;
const limits = { reserved2: reservedBits(5), dld: option(3) } as const;

/** READ with expected protection information. Shape: 32 bytes. */
export const read32 = command32('READ(32)', plain, {
  rdprotect: option(3),
  dpo: option(1),
  fua: option(1),
  rarc: option(1),
  ...obsolete,
  ...limits,
  ...range,
});
/** WRITE with expected protection information. Shape: 32 bytes. */
export const write32 = command32('WRITE(32)', plain, {
  wrprotect: option(3),
  dpo: option(1),
  fua: option(1),
  reserved3: reservedBits(1),
  ...obsolete,
  ...limits,
  ...range,
});

const check = {
  dpo: option(1),
  reserved1: reservedBits(1),
  bytchk: option(2),
  reserved2: reservedBits(1),
  reserved3: reserved8,
} as const;

/** VERIFY with expected protection information. Shape: 32 bytes. */
export const verify32 = command32('VERIFY(32)', plain, {
  vrprotect: option(3),
  ...check,
  lba: u64,
  ...expected,
  verificationLengthBlocks: u32,
});
/** WRITE AND VERIFY with expected protection information. Shape: 32 bytes. */
export const writeAndVerify32 = command32('WRITE AND VERIFY(32)', plain, {
  wrprotect: option(3),
  ...check,
  ...range,
});
/** WRITE SAME with expected protection information. Shape: 32 bytes. */
export const writeSame32 = command32('WRITE SAME(32)', plain, {
  wrprotect: option(3),
  anchor: option(1),
  unmap: option(1),
  /** PBDATA and LBDATA. */
  obsolete1: reservedBits(2),
  ndob: option(1),
  reserved1: reserved8,
  lba: u64,
  ...expected,
  numberOfBlocks: u32,
});

/**
 * Writes a bitwise or. BMOP: set (0) or or (1); the generation guards a bitmap that several hosts
 * write.
 *
 * Shape: 32 bytes.
 */
export const orwrite32 = command32(
  'ORWRITE(32)',
  {
    reservedOpening1: reservedBits(5),
    bmop: option(3),
    reservedOpening2: reservedBits(4),
    previousGenerationProcessing: option(4),
    reservedOpening3: reserved16,
  },
  {
    orprotect: option(3),
    dpo: option(1),
    fua: option(1),
    reserved1: reservedBits(1),
    obsolete1: reservedBits(1),
    reserved2: reservedBits(1),
    reserved3: reserved8,
    lba: u64,
    expectedOrwgeneration: u32,
    newOrwgeneration: u32,
    transferLengthBlocks: u32,
  },
);

/** WRITE ATOMIC with expected protection information. Shape: 32 bytes. */
export const writeAtomic32 = command32(
  'WRITE ATOMIC(32)',
  { reservedOpening: reserved16, atomicBoundaryBlocks: withDefault(u16, 0) },
  {
    wrprotect: option(3),
    dpo: option(1),
    fua: option(1),
    reserved1: reservedBits(3),
    reserved2: reserved8,
    ...range,
  },
);

const xorRange = {
  reserved3: reserved8,
  lba: u64,
  reserved4: reservedBytes(8),
  transferLengthBlocks: u32,
} as const;

/** Reads the XOR data of an XDWRITE; obsolete. Shape: 32 bytes. */
export const xdread32 = command32('XDREAD(32)', plain, {
  reserved2: reservedBits(7),
  xorpinfo: option(1),
  ...xorRange,
});
/** Writes, and keeps the XOR of old and new data; obsolete. Shape: 32 bytes. */
export const xdwrite32 = command32('XDWRITE(32)', plain, {
  wrprotect: option(3),
  dpo: option(1),
  fua: option(1),
  disableWrite: option(1),
  obsolete1: reservedBits(1),
  reserved2: reservedBits(1),
  ...xorRange,
});
/** Writes the XOR of what is there and what is sent; obsolete. Shape: 32 bytes. */
export const xpwrite32 = command32('XPWRITE(32)', plain, {
  reserved2: reservedBits(3),
  dpo: option(1),
  fua: option(1),
  reserved5: reservedBits(1),
  obsolete1: reservedBits(1),
  xorpinfo: option(1),
  ...xorRange,
});
/** XDWRITE and XDREAD in one; obsolete. Shape: 32 bytes. */
export const xdwriteread32 = command32('XDWRITEREAD(32)', plain, {
  wrprotect: option(3),
  dpo: option(1),
  fua: option(1),
  disableWrite: option(1),
  obsolete1: reservedBits(1),
  xorpinfo: option(1),
  ...xorRange,
});
