/** The 8-byte LUN; forms: SAM-5, 4.7; `sg_luns --test` decodes each of these alike. */
import { describe, expect, test } from 'vitest';
import { codec } from '../../../../src/codecs/layout/index.ts';
import {
  EXTENDED_FLAT_LUN_MAX,
  FLAT_LUN_MAX,
  formatLun,
  LunAddressing,
  lunBytes,
  lunField,
  lunNumber,
  PERIPHERAL_LUN_MAX,
  REPORT_LUNS_WELL_KNOWN_LUN,
} from '../../../../src/codecs/scsi/lun.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

describe('the 8-byte LUN', () => {
  test.each([
    [0, 0x0000_0000_0000_0000n],
    [1, 0x0001_0000_0000_0000n],
    [255, 0x00ff_0000_0000_0000n],
    [256, 0x4100_0000_0000_0000n],
    [16_383, 0x7fff_0000_0000_0000n],
    [16_384, 0xd200_4000_0000_0000n],
    [16_777_215, 0xd2ff_ffff_0000_0000n],
  ])('%i', (number, field) => {
    expect(lunField(number)).toBe(field);
    expect(lunNumber(field)).toBe(number);
    expect(formatLun(field)).toBe(String(number));
  });

  test('a number that no form carries is refused', () => {
    for (const number of [-1, 1.5, 16_777_216, Number.NaN])
      expect(() => lunField(number)).toThrow(RangeError);
  });

  test.each([
    ['behind a bus', 0x0101_0000_0000_0000n],
    ['of the logical unit form', 0x8001_0000_0000_0000n],
    ['of two levels', 0x0001_0002_0000_0000n],
    ['of three levels', 0x0001_0000_0003_0000n],
    ['well known', 0xc101_0000_0000_0000n],
  ])('one %s has no number', (_form, field) => expect(lunNumber(field)).toBeUndefined());

  test('is shown in hex where it has none', () => {
    expect(formatLun(0x0101_0000_0000_0000n)).toBe('0x0101000000000000');
    expect(REPORT_LUNS_WELL_KNOWN_LUN).toBe(0xc101_0000_0000_0000n);
    expect(formatLun(REPORT_LUNS_WELL_KNOWN_LUN)).toBe('REPORT LUNS (well known)');
  });

  test('limits and forms of SAM-5', () => {
    expect([PERIPHERAL_LUN_MAX, FLAT_LUN_MAX, EXTENDED_FLAT_LUN_MAX]).toEqual([
      255, 16_383, 16_777_215,
    ]);
    expect(LunAddressing).toEqual({
      PERIPHERAL_DEVICE: 0,
      FLAT_SPACE: 1,
      LOGICAL_UNIT: 2,
      EXTENDED: 3,
    });
    const one = codec('a LUN', 'none', { lun: lunBytes });
    checkFixedVector(one, '4100000000000000', { lun: 0x4100_0000_0000_0000n });
    expect(one.spans(one.encode({ lun: 7n << 48n }))[0]?.text).toBe('7');
  });
});
