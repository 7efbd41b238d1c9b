/** Fields that are numbers: vectors written out by hand, bytes on one side, values on the other. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  codec,
  fcId,
  parseHex,
  u8,
  u16,
  u24,
  u32,
  u32le,
  u64,
  wwn,
} from '../../../../src/codecs/layout/index.ts';
import { isPlainUint, showHex, uintComplaint } from '../../../../src/codecs/layout/numbers.ts';
import { describeVectors } from '../../../helpers/field-vectors.ts';

describeVectors([
  ['u8', u8, '00', 0],
  ['u8', u8, 'ff', 255],
  ['u16', u16, '80 01', 32_769],
  ['u24', u24, 'ff ff fe', 16_777_214],
  ['u24', u24, '80 00 00', 8_388_608],
  ['u32', u32, 'ff ff ff ff', 4_294_967_295],
  ['u32', u32, '80 00 00 01', 2_147_483_649],
  ['u32le', u32le, '01 02 03 84', 0x84030201],
  ['u64', u64, '80 00 00 00 00 00 00 01', 9223372036854775809n],
  ['u64', u64, '00 00 00 01 00 00 00 02', 4_294_967_298n],
  ['wwn', wwn, '20 00 00 25 b5 00 00 0f', 0x20000025b500000fn],
  ['fcId', fcId, '01 0e 01', 0x010e01],
  ['bit(8)', bit(8), 'a5', 0xa5],
  ['bit(24)', bit(24), 'f0 00 0f', 0xf0000f],
]);

describe('runs of bits', () => {
  // 1 01 | 00110 011 1 | 0001111 0000 1111 1 in 4 bytes: a1..f of widths 1 2 5 | 3 1 | 7 + 13
  const table = codec('runs', 'this test', {
    a: bit(1),
    b: bit(2),
    c: bit(5),
    d: u24,
    e: bit(3),
    f: bit(1),
    g: bit(7),
    h: bit(13),
    i: u8,
  });
  const message = parseHex('a6 800001 6e 1f 0f ff');

  it('begin at the highest bit and do not mix with a 24-bit number beside them', () => {
    // a6 = 1 01 00110; 6e 1f 0f = 011 0 1110000 1111100001111
    expect(table.decode(message)).toEqual({
      a: 1,
      b: 1,
      c: 6,
      d: 0x800001,
      e: 3,
      f: 0,
      g: 0b1110000,
      h: 0b1111100001111,
      i: 255,
    });
    expect(table.encode(table.decode(message))).toEqual(message);
  });

  it('have spans that say their bits', () => {
    const spans = table.spans(message).map(({ path, offset, length, bits }) => ({
      path,
      offset,
      length,
      bits,
    }));
    expect(spans[1]).toEqual({ path: 'b', offset: 0, length: 1, bits: { first: 1, width: 2 } });
    expect(spans[3]).toEqual({ path: 'd', offset: 1, length: 3, bits: undefined });
    expect(spans[6]).toEqual({ path: 'g', offset: 4, length: 2, bits: { first: 4, width: 7 } });
    expect(spans[7]).toEqual({ path: 'h', offset: 5, length: 2, bits: { first: 3, width: 13 } });
  });

  it('may hold eight bits that begin within a byte', () => {
    const shifted = codec('shifted', 'this test', { a: bit(4), b: bit(8), c: bit(4) });
    expect(shifted.decode(parseHex('12 34'))).toEqual({ a: 1, b: 0x23, c: 4 });
    expect(shifted.encode({ a: 1, b: 0x23, c: 4 })).toEqual(parseHex('12 34'));
  });
});

describe('what is no number of so many bits', () => {
  it.each([
    [256, 8, '256 does not fit 1 byte'],
    [-1, 16, '-1 does not fit 2 bytes'],
    [-0, 8, '-0 does not fit 1 byte'],
    [2, 1, '2 does not fit 1 bit'],
    [8, 3, '8 does not fit 3 bits'],
    ['7', 24, '7 does not fit 3 bytes'],
  ])('%o in %i bits', (value, bits, what) => {
    expect(uintComplaint(value, bits)).toBe(what);
  });

  it('is not said of what fits', () => {
    for (const [value, bits] of [
      [0, 1],
      [255, 8],
      [2 ** 32 - 1, 32],
    ] as const)
      expect(uintComplaint(value, bits)).toBeUndefined();
  });
});

describe('numbers that code is made for', () => {
  it('are those whose reading and writing nobody changed', () => {
    expect(isPlainUint(u16 as never)).toBe(true);
    expect(isPlainUint({ ...u16, format: String } as never)).toBe(true);
    expect(isPlainUint({ ...u16, read: () => 0 } as never)).toBe(false);
    expect(isPlainUint({ ...u16, write: () => undefined } as never)).toBe(false);
    expect(isPlainUint(wwn as never)).toBe(false);
  });

  it('are shown in hex as wide as they are', () => {
    expect(showHex(12)(10)).toBe('0x00a');
    expect(showHex(32)(0xabc)).toBe('0x00000abc');
  });
});
