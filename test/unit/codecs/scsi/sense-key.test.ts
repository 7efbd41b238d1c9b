/** Sense keys and the bytes that they give a meaning; names: tshark -G values, scsi.sns.key. */
import { describe, expect, test } from 'vitest';
import {
  fieldPointerBits,
  PROGRESS_WHOLE,
  parseFieldPointer,
  progressOf,
  SenseKey,
  SenseResponseCode,
} from '../../../../src/codecs/scsi/sense-key.ts';

describe('sense key specific', () => {
  test('field pointers and progress', () => {
    // SPC-5: SKSV aside, C/D is bit 6, BPV bit 3, bit pointer bits 2-0 of the first byte.
    expect(fieldPointerBits({ inCdb: true, byte: 0x1234 })).toBe(0x40_1234);
    expect(fieldPointerBits({ inCdb: false, byte: 3, bit: 5 })).toBe(0x0d_0003);
    expect(parseFieldPointer(0x00_0007)).toEqual({ inCdb: false, byte: 7 });
    expect(() => fieldPointerBits({ inCdb: true, byte: 0x1_0000 })).toThrow(RangeError);
    expect(() => fieldPointerBits({ inCdb: true, byte: 0, bit: 8 })).toThrow(RangeError);
    expect(progressOf(0x00_8000) / PROGRESS_WHOLE).toBe(0.5);
  });

  test('what is written is read', () => {
    for (const pointer of [
      { inCdb: true, byte: 0 },
      { inCdb: false, byte: 0xffff },
      { inCdb: true, byte: 2, bit: 0 },
      { inCdb: false, byte: 21, bit: 7 },
    ])
      expect(parseFieldPointer(fieldPointerBits(pointer))).toEqual(pointer);
    expect(() => fieldPointerBits({ inCdb: false, byte: -1 })).toThrow(RangeError);
  });

  test('progress counts 65,536ths', () => {
    expect(PROGRESS_WHOLE).toBe(65_536);
    expect(progressOf(0x80_ffff)).toBe(65_535);
  });
});

test('keys and response codes', () => {
  expect(Object.entries(SenseKey)).toEqual([
    ['NO_SENSE', 0],
    ['RECOVERED_ERROR', 1],
    ['NOT_READY', 2],
    ['MEDIUM_ERROR', 3],
    ['HARDWARE_ERROR', 4],
    ['ILLEGAL_REQUEST', 5],
    ['UNIT_ATTENTION', 6],
    ['DATA_PROTECT', 7],
    ['BLANK_CHECK', 8],
    ['VENDOR_SPECIFIC', 9],
    ['COPY_ABORTED', 10],
    ['ABORTED_COMMAND', 11],
    ['EQUAL', 12],
    ['VOLUME_OVERFLOW', 13],
    ['MISCOMPARE', 14],
    ['COMPLETED', 15],
  ]);
  expect(Object.values(SenseResponseCode)).toEqual([0x70, 0x71, 0x72, 0x73]);
});
