/** LUNs, as the codecs of FCP give them on. */
import { describe, expect, test } from 'vitest';
import {
  EXTENDED_FLAT_LUN_MAX,
  formatLun,
  lunField,
  lunNumber,
  REPORT_LUNS_WELL_KNOWN_LUN,
} from '../../../../src/codecs/fcp/index.ts';

describe('LUN', () => {
  // SAM-5, 4.7: peripheral device addressing, flat space addressing, extended flat space addressing.
  test.each([
    [0, 0x0000_0000_0000_0000n],
    [255, 0x00ff_0000_0000_0000n],
    [256, 0x4100_0000_0000_0000n],
    [16_383, 0x7fff_0000_0000_0000n],
    [16_384, 0xd200_4000_0000_0000n],
    [EXTENDED_FLAT_LUN_MAX, 0xd2ff_ffff_0000_0000n],
  ])('%i', (number, field) => {
    expect(lunField(number)).toBe(field);
    expect(lunNumber(field)).toBe(number);
    expect(formatLun(field)).toBe(String(number));
  });

  test('other addresses have no number', () => {
    for (const field of [
      REPORT_LUNS_WELL_KNOWN_LUN,
      0x0102_0000_0000_0000n, // bus 1
      0x0001_0002_0000_0000n, // two levels
      0x8144_0000_0000_0000n, // logical unit addressing
      0x0001_0000_0000_0001n,
    ]) {
      expect(lunNumber(field)).toBeUndefined();
    }
    expect(formatLun(REPORT_LUNS_WELL_KNOWN_LUN)).toContain('REPORT LUNS');
    expect(formatLun(0x0102_0000_0000_0000n)).toBe('0x0102000000000000');
    expect(() => lunField(-1)).toThrow(RangeError);
    expect(() => lunField(EXTENDED_FLAT_LUN_MAX + 1)).toThrow(RangeError);
  });

  test('flat space addressing may carry small numbers too', () => {
    expect(lunNumber(0x4005_0000_0000_0000n)).toBe(5);
  });
});
