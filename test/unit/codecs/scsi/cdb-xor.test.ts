/** CDBs by which disks exchange XOR data. Layout: SBC-2, clause 5; operation codes as tshark names them. */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-xor.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [
    m.xdwrite10,
    '50 bc 01020304 2a 0506 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      disableWrite: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      transferLengthBlocks: 0x0506,
    },
  ],
  [
    m.xpwrite10,
    '51 11 01020304 2a 0506 00',
    {
      dpo: 1,
      fua: 0,
      xorpinfo: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      transferLengthBlocks: 0x0506,
    },
  ],
  [
    m.xdread10,
    '52 01 01020304 2a 0506 00',
    { xorpinfo: 1, lba: 0x0102_0304, groupNumber: 0x2a, transferLengthBlocks: 0x0506 },
  ],
  [
    m.xdwriteread10,
    '53 bd 01020304 2a 0506 00',
    {
      wrprotect: 5,
      dpo: 1,
      fua: 1,
      disableWrite: 1,
      xorpinfo: 1,
      lba: 0x0102_0304,
      groupNumber: 0x2a,
      transferLengthBlocks: 0x0506,
    },
  ],
  [
    m.xdwriteExtended16,
    '80 96 01020304 05060708 090a0b0c 0d 00',
    {
      tableAddress: 1,
      dpo: 1,
      fua: 0,
      disableWrite: 1,
      portControl: 2,
      lba: 0x0102_0304,
      secondaryLba: 0x0506_0708,
      transferLengthBlocks: 0x090a_0b0c,
      secondaryAddress: 13,
    },
  ],
  [
    m.rebuild16,
    '81 16 01020304 05060708 00000100 00 00',
    {
      dpo: 1,
      fua: 0,
      intdata: 1,
      portControl: 2,
      lba: 0x0102_0304,
      lengthBlocks: 0x0506_0708,
      parameterListLengthBytes: 256,
    },
  ],
  [
    m.regenerate16,
    '82 0a 01020304 05060708 00000100 00 00',
    {
      dpo: 0,
      fua: 1,
      intdata: 0,
      portControl: 2,
      lba: 0x0102_0304,
      lengthBlocks: 0x0506_0708,
      parameterListLengthBytes: 256,
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
