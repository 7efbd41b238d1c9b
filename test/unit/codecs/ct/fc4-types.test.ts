/** The map of FC-4 types: what Linux registers, what tshark marks (fcdns.fc4types.*). */
import { describe, expect, test } from 'vitest';
import {
  fc4TypeMap,
  fc4Types,
  fc4TypesOf,
  hasFc4Type,
} from '../../../../src/codecs/ct/fc4-types.ts';
import { codec } from '../../../../src/codecs/layout/codec.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';

describe('FC-4 type maps', () => {
  test('FC-4 type maps: FCP is bit 8 of word 0, NVMe bit 8 of word 1', () => {
    expect(formatHex(fc4TypeMap([8]).subarray(0, 8))).toBe('0000010000000000');
    expect(formatHex(fc4TypeMap([0x28]).subarray(0, 8))).toBe('0000000000000100');
    expect(fc4TypesOf(fc4TypeMap([0x28, 8, 255, 0]))).toEqual([0, 8, 0x28, 255]);
    expect(() => fc4TypeMap([256])).toThrow(RangeError);
  });

  test('of Linux: FCP and CT, as tshark says of them', () => {
    const map = parseHex(`00000100 00000001 ${'00'.repeat(24)}`);
    expect(fc4TypesOf(map)).toEqual([0x08, 0x20]);
    expect(fc4TypeMap([0x20, 0x08])).toEqual(map);
    expect(hasFc4Type(map, 0x08)).toBe(true);
    expect(hasFc4Type(map, 0x09)).toBe(false);
    const table = codec('types', 'this test', { fc4Types });
    expect(table.spans(map)[0]?.text).toBe('0x08 0x20');
    expect(fc4Types.format(new Uint8Array(32))).toBe('none');
  });
});
