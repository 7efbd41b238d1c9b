/** CDBs of block devices that move no blocks. Layout: SBC-4, clause 5; codes: tshark -G values. */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-block.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [m.readCapacity10, '25 00 00000000 0000 00 00', {}],
  [m.readCapacity16, '9e 10 0000000000000000 00000020 00 00', { allocationLengthBytes: 32 }],
  [
    m.getLbaStatus16,
    '9e 12 0102030405060708 00000200 01 00',
    { startingLba: 0x0102_0304_0506_0708n, allocationLengthBytes: 512, reportType: 1 },
  ],
  [
    m.reportReferrals,
    '9e 13 0102030405060708 00000200 01 00',
    { lba: 0x0102_0304_0506_0708n, allocationLengthBytes: 512, oneSeg: 1 },
  ],
  [
    m.readLong16,
    '9e 11 0102030405060708 0000 0208 03 00',
    { lba: 0x0102_0304_0506_0708n, byteTransferLengthBytes: 520, pblock: 1, correct: 1 },
  ],
  [
    m.writeLong16,
    '9f d1 0102030405060708 0000 0208 00 00',
    { corDis: 1, wrUncor: 1, pblock: 0, lba: 0x0102_0304_0506_0708n, byteTransferLengthBytes: 520 },
  ],
  [
    m.readLong10,
    '3e 06 01020304 00 0208 00',
    { pblock: 1, correct: 1, lba: 0x0102_0304, byteTransferLengthBytes: 520 },
  ],
  [
    m.writeLong10,
    '3f 60 01020304 00 0208 00',
    { corDis: 0, wrUncor: 1, pblock: 1, lba: 0x0102_0304, byteTransferLengthBytes: 520 },
  ],
  [
    m.synchronizeCache10,
    '35 02 01020304 2a 0506 00',
    { immed: 1, lba: 0x0102_0304, groupNumber: 0x2a, numberOfBlocks: 0x0506 },
  ],
  [
    m.synchronizeCache16,
    '91 02 0102030405060708 090a0b0c 2a 00',
    { immed: 1, lba: 0x0102_0304_0506_0708n, numberOfBlocks: 0x090a_0b0c, groupNumber: 0x2a },
  ],
  [
    m.lockUnlockCache10,
    '36 02 01020304 00 0506 00',
    { lock: 1, lba: 0x0102_0304, numberOfBlocks: 0x0506 },
  ],
  [
    m.lockUnlockCache16,
    '92 02 0102030405060708 090a0b0c 00 00',
    { lock: 1, lba: 0x0102_0304_0506_0708n, numberOfBlocks: 0x090a_0b0c },
  ],
  [
    m.setLimits10,
    '33 02 01020304 00 0506 00',
    { rdinh: 1, wrinh: 0, lba: 0x0102_0304, numberOfBlocks: 0x0506 },
  ],
  [
    m.setLimits12,
    'b3 01 01020304 05060708 00 00',
    { rdinh: 0, wrinh: 1, lba: 0x0102_0304, numberOfBlocks: 0x0506_0708 },
  ],
  [
    m.unmap,
    '42 01 00000000 2a 0018 00',
    { anchor: 1, groupNumber: 0x2a, parameterListLengthBytes: 24 },
  ],
  [
    m.formatUnit,
    '04 b5 07 00 02 00',
    {
      fmtpinfo: 2,
      longlist: 1,
      fmtdata: 1,
      cmplst: 0,
      defectListFormat: 5,
      vendorSpecific: 7,
      ffmt: 2,
    },
  ],
  [m.reassignBlocks, '07 02 000000 00', { longlba: 1, longlist: 0 }],
  [
    m.startStopUnit,
    '1b 01 00 0a 37 00',
    {
      immed: 1,
      powerConditionModifier: 10,
      powerCondition: m.PowerCondition.STANDBY,
      noFlush: 1,
      loej: 1,
      start: 1,
    },
  ],
  [
    m.readDefectData10,
    '37 00 15 00000000 0200 00',
    { reqPlist: 1, reqGlist: 0, defectListFormat: 5, allocationLengthBytes: 512 },
  ],
  [
    m.readDefectData12,
    'b7 0d 00000007 00000200 00 00',
    {
      reqPlist: 0,
      reqGlist: 1,
      defectListFormat: 5,
      addressDescriptorIndex: 7,
      allocationLengthBytes: 512,
    },
  ],
  [
    m.sanitize,
    '48 a1 0000000000 0010 00',
    {
      immed: 1,
      znr: 0,
      ause: 1,
      serviceAction: m.SanitizeAction.OVERWRITE,
      parameterListLengthBytes: 16,
    },
  ],
  [m.rezeroUnit, '01 00000000 00', {}],
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

test('codes of scsi_sbc.ssu.pwr and scsi_sbc.sanitize.sa', () => {
  expect(m.PowerCondition).toMatchObject({
    ACTIVE: 1,
    IDLE: 2,
    STANDBY: 3,
    LU_CONTROL: 7,
    FORCE_IDLE_0: 0xa,
    FORCE_STANDBY_0: 0xb,
  });
  expect(Object.values(m.SanitizeAction)).toEqual([1, 2, 3, 0x1f]);
});
