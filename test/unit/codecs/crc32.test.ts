import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, crc32Around, crc32ByTable } from '../../../src/codecs/crc32.ts';

const text = (value: string) => new TextEncoder().encode(value);

describe('crc32', () => {
  it('gives the check value of the CRC catalogue', () => {
    expect(crc32(text('123456789'))).toBe(0xcbf4_3926);
    expect(crc32ByTable(text('123456789'))).toBe(0xcbf4_3926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });

  it('equals zlib at every length, alignment and place, by table and by platform', () => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * 167 + (i >> 3)) & 0xff);
    for (let length = 0; length < 2200; length += length < 300 ? 1 : 97) {
      for (const at of [0, 1, 5]) {
        const expected = zlibCrc32(bytes.subarray(at, at + length));
        expect(crc32(bytes, at, at + length)).toBe(expected);
        expect(crc32ByTable(bytes, at, at + length)).toBe(expected);
      }
    }
  });

  it('goes on from the CRC of the bytes in front', () => {
    const before = crc32ByTable(text('1234'));
    expect(crc32ByTable(text('123456789'), 4, 9, before)).toBe(0xcbf4_3926);
  });

  it('takes any piece of the bytes as an array of its own', () => {
    const bytes = Uint8Array.from({ length: 900 }, (_, i) => (i * 31 + (i >> 2)) & 0xff);
    for (const [at, end] of [
      [0, 900],
      [10, 700],
      [3, 3],
    ] as const) {
      const expected = zlibCrc32(bytes.subarray(at, end));
      for (const [from, to] of [
        [0, 900],
        [10, 700],
        [24, 600],
        [30, 290],
        [50, 60],
        [600, 880],
        [0, 0],
      ] as const) {
        expect(crc32Around(bytes, at, end, bytes.subarray(from, to), from)).toBe(expected);
      }
    }
  });
});
