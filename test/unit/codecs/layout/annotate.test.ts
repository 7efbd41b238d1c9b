/** What a table says of a field beyond its place: names, defaults, reserved parts. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  CodecError,
  codec,
  derived,
  fcId,
  flags,
  hex,
  named,
  nameOf,
  namesOf,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  rest,
  text,
  u8,
  u16,
  u24,
  u32,
  u32le,
  withDefault,
  wwn,
} from '../../../../src/codecs/layout/index.ts';
import { describeVectors } from '../../../helpers/field-vectors.ts';

describeVectors([
  ['named', named(u8, { YES: 1 }), '07', 7],
  ['flags', flags(u16, { TOP: 0x8000 }), '80 00', 0x8000],
  ['named u32le', named(u32le, {}), '01 00 00 00', 1],
]);

describe('fields that may be left out', () => {
  it('are refused where they are null instead', () => {
    const table = codec('table', 'this test', { a: withDefault(u8, 1), b: withDefault(bit(8), 2) });
    for (const value of [{ a: null }, { a: 1, b: null }])
      expect(() => table.encode(value as never)).toThrow(CodecError);
  });

  it('are zero where they are reserved and kept where they are not zero', () => {
    const table = codec('table', 'this test', {
      a: reserved8,
      b: reserved16,
      c: reserved24,
      d: reserved32,
      e: reservedBits(4),
      f: withDefault(bit(4), 9),
      g: reservedBytes(2),
    });
    const empty = new Uint8Array(13);
    empty[10] = 0x09;
    expect(table.encode({})).toEqual(empty);
    const full = new Uint8Array(13).fill(0xff);
    expect(table.encode(table.decode(full))).toEqual(full);
    const used = new Uint8Array(13).fill(0xa5);
    table.write(used, 0, {});
    expect(used).toEqual(empty);
  });
});

describe('a field that is computed', () => {
  const table = codec('table', 'this test', {
    size: derived(u8, (_value, sizeOf) => sizeOf('data')),
    data: rest,
  });

  it('is filled in where it is left out, and kept where it is given', () => {
    expect(table.encode({ data: Uint8Array.of(1, 2) })).toEqual(Uint8Array.of(2, 1, 2));
    expect(table.encode({ size: 9, data: Uint8Array.of(1) })).toEqual(Uint8Array.of(9, 1));
  });
});

describe('what a person sees', () => {
  it.each([
    ['wwn', wwn.format(0x20000025b500000fn), '20:00:00:25:b5:00:00:0f'],
    ['fcId', fcId.format(0xe01), '000e01'],
    ['named, known', named(u8, { FLOGI: 4 }).format(4), 'FLOGI (0x04)'],
    ['named, unknown', named(u16, { FLOGI: 4 }).format(5), '0x0005'],
    ['flags', flags(u8, { LOW: 1, HIGH: 0x80 }).format(0x81), '0x81 (LOW HIGH)'],
    ['hex of bits', hex(bit(12)).format(10), '0x00a'],
    ['text', text(5).format('a\u0001b  '), '"a.b"'],
  ])('%s', (_title, shown, expected) => expect(shown).toBe(expected));
});

describe('names of codes', () => {
  const Colour = { RED: 1, GREEN: 2, SCARLET: 1 } as const;

  it('are found by code, the first of several', () => {
    expect(nameOf(Colour, 1)).toBe('RED');
    expect(nameOf(Colour, 2)).toBe('GREEN');
    expect(nameOf(Colour, 3)).toBeUndefined();
    expect(nameOf(Colour, 1)).toBe('RED');
  });

  it('stand in front of the number, which shows its width', () => {
    expect(named(u8, Colour).format(2)).toBe('GREEN (0x02)');
    expect(named(u16, Colour).format(3)).toBe('0x0003');
    expect(hex(u24).format(0xabc)).toBe('0x000abc');
    expect(u32le.format(0xabc)).toBe('0x00000abc');
    expect(u32.format(0xabc)).toBe('2748');
    expect(reserved8.format(1)).toBe('0x01');
    expect(reserved16.format(1)).toBe('0x0001');
    expect(reserved24.format(1)).toBe('0x000001');
    expect(reserved32.format(1)).toBe('0x00000001');
  });

  it('are part of what a generator sees', () => {
    expect(named(u8, Colour).shape).toEqual({ kind: 'uint', bits: 8, names: Colour });
    expect(flags(u16, Colour).shape).toEqual({ kind: 'uint', bits: 16, masks: Colour });
  });
});

describe('names of bits', () => {
  const Mask = { TOP: 0x8000_0000, LOW: 1, BOTH: 6, NONE: 0 } as const;

  it('are those that are set in full, in the order of the table', () => {
    expect(namesOf(Mask, 0x8000_0007)).toEqual(['TOP', 'LOW', 'BOTH']);
    expect(namesOf(Mask, 2)).toEqual([]);
    expect(namesOf(Mask, 0)).toEqual([]);
    expect(namesOf(Mask, 6)).toEqual(['BOTH']);
  });

  it('stand behind the number', () => {
    expect(flags(u32, Mask).format(0x8000_0001)).toBe('0x80000001 (TOP LOW)');
    expect(flags(u8, Mask).format(2)).toBe('0x02');
  });
});
