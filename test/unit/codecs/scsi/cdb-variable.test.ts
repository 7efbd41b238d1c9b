/** CDBs of 32 bytes. Layout: SBC-4, clause 5; opcodes and places as Linux 6.1, drivers/scsi/sd.c, has READ(32). */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-variable.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [
    m.read32,
    '7f 04 00000000 2a 18 0009 bc 05 0102030405060708 11223344 5566 7788 0000000a',
    {
      control: 4,
      groupNumber: 0x2a,
      rdprotect: 5,
      dpo: 1,
      fua: 1,
      rarc: 1,
      dld: 5,
      lba: 0x0102_0304_0506_0708n,
      expectedReferenceTag: 0x1122_3344,
      expectedApplicationTag: 0x5566,
      applicationTagMask: 0x7788,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.write32,
    '7f 00 00000000 2a 18 000b b8 05 0102030405060708 11223344 5566 7788 0000000a',
    {
      groupNumber: 0x2a,
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      dld: 5,
      lba: 0x0102_0304_0506_0708n,
      expectedReferenceTag: 0x1122_3344,
      expectedApplicationTag: 0x5566,
      applicationTagMask: 0x7788,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.verify32,
    '7f 00 00000000 2a 18 000a b2 00 0102030405060708 11223344 5566 7788 0000000a',
    {
      groupNumber: 0x2a,
      vrprotect: 5,
      dpo: 1,
      bytchk: 1,
      lba: 0x0102_0304_0506_0708n,
      expectedReferenceTag: 0x1122_3344,
      expectedApplicationTag: 0x5566,
      applicationTagMask: 0x7788,
      verificationLengthBlocks: 10,
    },
  ],
  [
    m.writeAndVerify32,
    '7f 00 00000000 2a 18 000c b2 00 0102030405060708 11223344 5566 7788 0000000a',
    {
      groupNumber: 0x2a,
      wrprotect: 5,
      dpo: 1,
      bytchk: 1,
      lba: 0x0102_0304_0506_0708n,
      expectedReferenceTag: 0x1122_3344,
      expectedApplicationTag: 0x5566,
      applicationTagMask: 0x7788,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.writeSame32,
    '7f 00 00000000 2a 18 000d a9 00 0102030405060708 11223344 5566 7788 0000000a',
    {
      groupNumber: 0x2a,
      wrprotect: 5,
      anchor: 0,
      unmap: 1,
      ndob: 1,
      lba: 0x0102_0304_0506_0708n,
      expectedReferenceTag: 0x1122_3344,
      expectedApplicationTag: 0x5566,
      applicationTagMask: 0x7788,
      numberOfBlocks: 10,
    },
  ],
  [
    m.orwrite32,
    '7f 00 01 02 0000 2a 18 000e b8 00 0102030405060708 00000007 00000008 0000000a',
    {
      bmop: 1,
      previousGenerationProcessing: 2,
      groupNumber: 0x2a,
      orprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304_0506_0708n,
      expectedOrwgeneration: 7,
      newOrwgeneration: 8,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.writeAtomic32,
    '7f 00 0000 0008 2a 18 000f b8 00 0102030405060708 11223344 5566 7788 0000000a',
    {
      atomicBoundaryBlocks: 8,
      groupNumber: 0x2a,
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304_0506_0708n,
      expectedReferenceTag: 0x1122_3344,
      expectedApplicationTag: 0x5566,
      applicationTagMask: 0x7788,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.xdread32,
    '7f 00 00000000 2a 18 0003 01 00 0102030405060708 0000000000000000 0000000a',
    { groupNumber: 0x2a, xorpinfo: 1, lba: 0x0102_0304_0506_0708n, transferLengthBlocks: 10 },
  ],
  [
    m.xdwrite32,
    '7f 00 00000000 2a 18 0004 bc 00 0102030405060708 0000000000000000 0000000a',
    {
      groupNumber: 0x2a,
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      disableWrite: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.xpwrite32,
    '7f 00 00000000 2a 18 0006 11 00 0102030405060708 0000000000000000 0000000a',
    {
      groupNumber: 0x2a,
      dpo: 1,
      fua: 0,
      xorpinfo: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 10,
    },
  ],
  [
    m.xdwriteread32,
    '7f 00 00000000 2a 18 0007 bd 00 0102030405060708 0000000000000000 0000000a',
    {
      groupNumber: 0x2a,
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      disableWrite: 1,
      xorpinfo: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 10,
    },
  ],
] as const;

test.each(vectors.map(([codec, hex, value]) => [codec.kind, codec, hex, value] as const))(
  '%s',
  (kind, codec, hex, value) => checkFixedVector(codec, hex, { kind, ...value }),
);

test('every CDB of the file has a vector', () => {
  const tested = new Set<object>(vectors.map(([codec]) => codec));
  const missing = Object.entries(m).filter(
    ([, one]) => typeof one === 'object' && 'decode' in one && !tested.has(one),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});
