/** CDBs that read, write and verify. Layout: SBC-4, clause 5; protection and group as tshark reads them. */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-access.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [m.read6, '08 1fffff f0 00', { lba: 0x1f_ffff, transferLengthBlocks: 0xf0 }],
  [
    m.read10,
    '28 bc 01020304 2a 0506 00',
    {
      rdprotect: 5,
      dpo: 1,
      fua: 1,
      rarc: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      transferLengthBlocks: 0x0506,
    },
  ],
  [
    m.read12,
    'a8 bc 01020304 05060708 2a 00',
    {
      rdprotect: 5,
      dpo: 1,
      fua: 1,
      rarc: 1,
      lba: 0x0102_0304,
      transferLengthBlocks: 0x0506_0708,
      groupNumber: 0x2a,
    },
  ],
  [
    m.read16,
    '88 bd 0102030405060708 090a0b0c ea 00',
    {
      rdprotect: 5,
      dpo: 1,
      fua: 1,
      rarc: 1,
      dld2: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 0x090a_0b0c,
      dld1: 1,
      dld0: 1,
      groupNumber: 0x2a,
    },
  ],
  [m.write6, '0a 012345 f0 00', { lba: 0x1_2345, transferLengthBlocks: 0xf0 }],
  [
    m.write10,
    '2a b8 01020304 2a 0506 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      transferLengthBlocks: 0x0506,
    },
  ],
  [
    m.write12,
    'aa b8 01020304 05060708 2a 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304,
      transferLengthBlocks: 0x0506_0708,
      groupNumber: 0x2a,
    },
  ],
  [
    m.write16,
    '8a b9 0102030405060708 090a0b0c aa 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      dld2: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 0x090a_0b0c,
      dld1: 1,
      dld0: 0,
      groupNumber: 0x2a,
    },
  ],
  [
    m.verify10,
    '2f b2 01020304 2a 0506 00',
    {
      vrprotect: 5,
      dpo: 1,
      bytchk: m.Bytchk.ALL_DATA,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      verificationLengthBlocks: 0x0506,
    },
  ],
  [
    m.verify12,
    'af b6 01020304 05060708 2a 00',
    {
      vrprotect: 5,
      dpo: 1,
      bytchk: m.Bytchk.ONE_BLOCK,
      lba: 0x0102_0304,
      verificationLengthBlocks: 0x0506_0708,
      groupNumber: 0x2a,
    },
  ],
  [
    m.verify16,
    '8f b2 0102030405060708 090a0b0c 2a 00',
    {
      vrprotect: 5,
      dpo: 1,
      bytchk: 1,
      lba: 0x0102_0304_0506_0708n,
      verificationLengthBlocks: 0x090a_0b0c,
      groupNumber: 0x2a,
    },
  ],
  [
    m.writeAndVerify10,
    '2e b2 01020304 2a 0506 00',
    {
      wrprotect: 5,
      dpo: 1,
      bytchk: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      transferLengthBlocks: 0x0506,
    },
  ],
  [
    m.writeAndVerify12,
    'ae b2 01020304 05060708 2a 00',
    {
      wrprotect: 5,
      dpo: 1,
      bytchk: 1,
      lba: 0x0102_0304,
      transferLengthBlocks: 0x0506_0708,
      groupNumber: 0x2a,
    },
  ],
  [
    m.writeAndVerify16,
    '8e b2 0102030405060708 090a0b0c 2a 00',
    {
      wrprotect: 5,
      dpo: 1,
      bytchk: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 0x090a_0b0c,
      groupNumber: 0x2a,
    },
  ],
  [
    m.writeSame10,
    '41 b8 01020304 2a 0506 00',
    {
      wrprotect: 5,
      anchor: 1,
      unmap: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      numberOfBlocks: 0x0506,
    },
  ],
  [
    m.writeSame16,
    '93 a9 0102030405060708 090a0b0c 2a 00',
    {
      wrprotect: 5,
      anchor: 0,
      unmap: 1,
      ndob: 1,
      lba: 0x0102_0304_0506_0708n,
      numberOfBlocks: 0x090a_0b0c,
      groupNumber: 0x2a,
    },
  ],
  [
    m.compareAndWrite,
    '89 b8 0102030405060708 000000 05 2a 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304_0506_0708n,
      numberOfBlocks: 5,
      groupNumber: 0x2a,
    },
  ],
  [
    m.orwrite16,
    '8b b8 0102030405060708 090a0b0c 2a 00',
    {
      orprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304_0506_0708n,
      transferLengthBlocks: 0x090a_0b0c,
      groupNumber: 0x2a,
    },
  ],
  [
    m.writeAtomic16,
    '9c b8 0102030405060708 0008 0010 2a 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      lba: 0x0102_0304_0506_0708n,
      atomicBoundaryBlocks: 8,
      transferLengthBlocks: 16,
      groupNumber: 0x2a,
    },
  ],
  [
    m.prefetch10,
    '34 02 01020304 2a 0506 00',
    { immed: 1, lba: 0x0102_0304, groupNumber: 0x2a, prefetchLengthBlocks: 0x0506 },
  ],
  [
    m.prefetch16,
    '90 02 0102030405060708 090a0b0c 2a 00',
    { immed: 1, lba: 0x0102_0304_0506_0708n, prefetchLengthBlocks: 0x090a_0b0c, groupNumber: 0x2a },
  ],
  [m.seek6, '0b 012345 00 00', { lba: 0x1_2345 }],
  [m.seek10, '2b 00 01020304 00 0000 00', { lba: 0x0102_0304 }],
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

test('BYTCHK: 10b is reserved', () => {
  expect(m.Bytchk).toEqual({ PROTECTION_ONLY: 0, ALL_DATA: 1, ONE_BLOCK: 3 });
});
