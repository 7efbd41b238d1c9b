/** Vectors written out by hand: bytes on one side, values on the other. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  bytes,
  CodecError,
  codec,
  type FixedField,
  fcId,
  flags,
  hex,
  mac,
  named,
  paddedBytes,
  parseHex,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  struct,
  text,
  u8,
  u16,
  u24,
  u32,
  u32le,
  u64,
  withDefault,
  wwn,
} from '../../../../src/codecs/layout/index.ts';

type Vector = { title: string; field: FixedField<unknown, boolean>; wire: string; value: unknown };

const any = (field: unknown) => field as FixedField<unknown, boolean>;
const pair = codec('pair', 'this test', { first: u16, second: u8 });

const vectors: Vector[] = [
  { title: 'u8', field: any(u8), wire: '00', value: 0 },
  { title: 'u8', field: any(u8), wire: 'ff', value: 255 },
  { title: 'u16', field: any(u16), wire: '80 01', value: 32_769 },
  { title: 'u24', field: any(u24), wire: 'ff ff fe', value: 16_777_214 },
  { title: 'u24', field: any(u24), wire: '80 00 00', value: 8_388_608 },
  { title: 'u32', field: any(u32), wire: 'ff ff ff ff', value: 4_294_967_295 },
  { title: 'u32', field: any(u32), wire: '80 00 00 01', value: 2_147_483_649 },
  { title: 'u32le', field: any(u32le), wire: '01 02 03 84', value: 0x84030201 },
  { title: 'u64', field: any(u64), wire: '80 00 00 00 00 00 00 01', value: 9223372036854775809n },
  { title: 'u64', field: any(u64), wire: '00 00 00 01 00 00 00 02', value: 4_294_967_298n },
  { title: 'wwn', field: any(wwn), wire: '20 00 00 25 b5 00 00 0f', value: 0x20000025b500000fn },
  { title: 'fcId', field: any(fcId), wire: '01 0e 01', value: 0x010e01 },
  { title: 'mac', field: any(mac), wire: '0e fc 00 01 0e 01', value: '0e:fc:00:01:0e:01' },
  { title: 'mac', field: any(mac), wire: 'ff ff ff ff ff ff', value: 'ff:ff:ff:ff:ff:ff' },
  { title: 'mac', field: any(mac), wire: '00 00 00 00 00 00', value: '00:00:00:00:00:00' },
  { title: 'bytes', field: any(bytes(3)), wire: '01 02 ff', value: Uint8Array.of(1, 2, 255) },
  { title: 'text', field: any(text(6)), wire: '61 62 00 20 20 ff', value: 'ab\0  \u00ff' },
  { title: 'bit(8)', field: any(bit(8)), wire: 'a5', value: 0xa5 },
  { title: 'bit(24)', field: any(bit(24)), wire: 'f0 00 0f', value: 0xf0000f },
  { title: 'named', field: any(named(u8, { YES: 1 })), wire: '07', value: 7 },
  { title: 'flags', field: any(flags(u16, { TOP: 0x8000 })), wire: '80 00', value: 0x8000 },
  { title: 'named u32le', field: any(named(u32le, {})), wire: '01 00 00 00', value: 1 },
  { title: 'struct', field: any(struct(pair)), wire: '01 02 03', value: { first: 258, second: 3 } },
];

describe.each(vectors)('$title $wire', ({ field, wire, value }) => {
  const raw = parseHex(wire);
  const one = codec('one', 'this test', { before: u8, field, after: u8 });
  const message = Uint8Array.of(0x5a, ...raw, 0xc3);
  const decoded = { before: 0x5a, field: value, after: 0xc3 };

  it('decodes and is seen through a view', () => {
    expect(one.decode(message)).toEqual(decoded);
    expect(one.view(message).field).toEqual(value);
    expect(field.read(raw, 0, 0)).toEqual(value);
  });

  it('encodes, also over memory that was used before', () => {
    expect(one.encode(decoded)).toEqual(message);
    const used = new Uint8Array(message.length).fill(0xa5);
    one.write(used, 0, decoded);
    expect(used).toEqual(message);
    const alone = new Uint8Array(raw.length + 2).fill(0xa5);
    expect(field.write(alone, 1, 0, value)).toBeUndefined();
    expect(alone).toEqual(Uint8Array.of(0xa5, ...raw, 0xa5));
  });

  it('is refused at every length that cuts it', () => {
    for (let length = 0; length < message.length; length++) {
      const cut = message.subarray(0, length);
      expect(() => one.decode(cut)).toThrow(CodecError);
      expect(() => one.view(cut)).toThrow(CodecError);
      expect(() => one.spans(cut)).toThrow(CodecError);
    }
  });
});

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

describe('values that do not fit', () => {
  const table = codec('table', 'this test', {
    a: u8,
    b: bit(3),
    c: bit(5),
    d: u32,
    e: u64,
    f: mac,
    g: bytes(2),
    h: text(3),
    i: struct(pair),
  });
  const good = {
    a: 1,
    b: 1,
    c: 1,
    d: 1,
    e: 1n,
    f: '00:00:00:00:00:01',
    g: new Uint8Array(2),
    h: 'abc',
    i: { first: 1, second: 1 },
  };
  const none = [undefined, null, true, Symbol('s'), {}, [], () => 1, Object.create(null)];
  const noNumbers = [...none, '1', 1n, Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 0.5];
  const wrong: Record<string, { offset: number; values: unknown[] }> = {
    a: { offset: 0, values: [...noNumbers, 256] },
    b: { offset: 1, values: [...noNumbers, 8] },
    c: { offset: 1, values: [...noNumbers, 32] },
    d: { offset: 2, values: [...noNumbers, 2 ** 32, 2 ** 53] },
    e: { offset: 6, values: [...none, 1, '1', -1n, 1n << 64n] },
    f: {
      offset: 14,
      values: [
        ...none,
        1,
        '',
        '00:00:00:00:00',
        '00:00:00:00:00:0g',
        '000000000001',
        '00.00.00.00.00.01',
        '00:00:00:00:00x01',
      ],
    },
    g: { offset: 20, values: [...none, 1, 'ab', new Uint8Array(1), new Uint8Array(3)] },
    h: { offset: 22, values: [...none, 1, 'abcd', 'a\u0100', new Uint8Array(3)] },
    i: {
      offset: 25,
      values: [undefined, null, 1, 'ab', { ...good.i, trailing: new Uint8Array(1) }],
    },
  };

  it.each(Object.entries(wrong))('are refused with field and offset: %s', (key, one) => {
    expect(table.decode(table.encode(good))).toEqual(good);
    for (const value of one.values) {
      const error = errorOf(() => table.encode({ ...good, [key]: value } as never));
      expect(error).toBeInstanceOf(CodecError);
      expect(error).toMatchObject({ layer: 'table', field: key, offset: one.offset });
    }
  });

  it('are named where they are in a struct', () => {
    const error = errorOf(() => table.encode({ ...good, i: { first: 1, second: 256 } }));
    expect(error).toMatchObject({ layer: 'pair', field: 'second', offset: 27 });
    expect(String(error)).toBe('CodecError: pair: second at byte 27: 256 does not fit 1 byte');
  });

  it('are refused where the whole value is none', () => {
    for (const value of [undefined, null, 1, 'x'])
      expect(() => table.encode(value as never)).toThrow(CodecError);
  });
});

describe('addresses', () => {
  it('are not mixed up, however alike they are', () => {
    const one = codec('one', 'this test', { port: mac });
    const alike = [0x0000, 0x1000, 0x2000, 0xf000].map((high) =>
      Uint8Array.of(high >> 8, high & 0xff, 0, 0, 0, 1),
    );
    for (const bytes of [...alike, ...alike]) {
      const high = bytes[0]!.toString(16).padStart(2, '0');
      expect(one.decode(bytes).port).toBe(`${high}:00:00:00:00:01`);
    }
  });

  it('may be written with dashes and capitals', () => {
    const one = codec('one', 'this test', { port: mac });
    expect(one.encode({ port: '0E-FC-00-aB-Cd-09' })).toEqual(parseHex('0efc00abcd09'));
  });
});

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

  it('are padded: text with its pad, bytes with zeros', () => {
    const table = codec('table', 'this test', { a: text(4), b: text(3, '\0'), c: paddedBytes(3) });
    const used = new Uint8Array(10).fill(0xa5);
    table.write(used, 0, { a: 'ab', b: 'c', c: Uint8Array.of(7) });
    expect(used).toEqual(parseHex('61622020 630000 070000'));
    expect(() => table.encode({ a: '', b: '', c: new Uint8Array(4) })).toThrow(CodecError);
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

describe('tables that cannot be', () => {
  it.each([
    ['a bit run that does not fill bytes', () => codec('x', 'y', { a: bit(3) })],
    ['a number that begins within a byte', () => codec('x', 'y', { a: bit(4), b: u8, c: bit(4) })],
    ['a name that values have for themselves', () => codec('x', 'y', { kind: u8 })],
    ['a name that views have for themselves', () => codec('x', 'y', { bytes: u8 })],
    ['a name that is no identifier', () => codec('x', 'y', { 'a b': u8 })],
    ['no bytes', () => bytes(0)],
    ['a run of 25 bits', () => bit(25)],
    ['a pad of two characters', () => text(3, 'ab')],
    ['an empty struct', () => struct(codec('x', 'y', {}))],
  ])('are refused when they are declared: %s', (_title, declare) => {
    expect(declare).toThrow();
  });
});

describe('places outside of the array', () => {
  const one = codec('one', 'this test', { a: u8 });
  const inside = new Uint8Array(new ArrayBuffer(16), 4, 4);

  it.each([
    ['decode before it', () => one.decode(inside, -1)],
    ['decode behind it', () => one.decode(inside, 0, 5)],
    ['decode at no number', () => one.decode(inside, Number.NaN)],
    ['view before it', () => one.view(inside, -1)],
    ['spans behind it', () => one.spans(inside, 0, 5)],
    ['write behind it', () => one.write(inside, 4, { a: 1 })],
    ['write before it', () => one.write(inside, -1, { a: 1 })],
  ])('are the caller’s mistake: %s', (_title, call) => expect(call).toThrow(RangeError));

  it('are not reached by a view that is moved', () => {
    const view = one.view(inside);
    expect(() => view.move(inside, 4)).toThrow(CodecError);
    view.move(Uint8Array.of(1, 2, 3), 2);
    expect(view.a).toBe(3);
  });
});

function errorOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
