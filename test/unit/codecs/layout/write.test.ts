/** What is said of bytes and values that do not fit: fault, layer, field, offset and words. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  bytes,
  type Codec,
  CodecError,
  codec,
  derived,
  embed,
  list,
  mac,
  of,
  rest,
  restText,
  sized,
  struct,
  text,
  u8,
  u16,
  u24,
  u32,
  u64,
} from '../../../../src/codecs/layout/index.ts';
import { complaintOf } from '../../../helpers/complaint.ts';

const pair = codec('pair', 'this test', { first: u16, second: u8 });
const fields = codec('fields', 'this test', {
  one: u8,
  three: u24,
  run: bit(1),
  runs: bit(7),
  name: u64,
  port: mac,
  raw: bytes(2),
  words: text(3),
  inner: struct(pair),
});
const good = {
  one: 1,
  three: 1,
  run: 1,
  runs: 1,
  name: 1n,
  port: '00:00:00:00:00:01',
  raw: new Uint8Array(2),
  words: 'abc',
  inner: { first: 1, second: 1 },
};

describe('values that do not fit their field', () => {
  it.each([
    ['one', 256, 0, '256 does not fit 1 byte'],
    ['one', -1, 0, '-1 does not fit 1 byte'],
    ['one', -0, 0, '-0 does not fit 1 byte'],
    ['one', 0.5, 0, '0.5 does not fit 1 byte'],
    ['one', '1', 0, '1 does not fit 1 byte'],
    ['one', null, 0, 'null does not fit 1 byte'],
    ['one', {}, 0, 'an object does not fit 1 byte'],
    ['one', () => 1, 0, 'a function does not fit 1 byte'],
    ['one', 'x'.repeat(40), 0, `${'x'.repeat(40)} does not fit 1 byte`],
    ['one', 'x'.repeat(41), 0, `${'x'.repeat(40)}… does not fit 1 byte`],
    ['three', 16_777_216, 1, '16777216 does not fit 3 bytes'],
    ['run', 2, 4, '2 does not fit 1 bit'],
    ['runs', 128, 4, '128 does not fit 7 bits'],
    ['name', 1, 5, '1 is no bigint'],
    ['name', 1n << 64n, 5, '18446744073709551616 does not fit 8 bytes'],
    ['port', '00:00', 13, '00:00 is no MAC address'],
    ['port', 7, 13, '7 is no MAC address'],
    ['raw', 'ab', 19, 'needs 2 bytes, got ab'],
    ['raw', new Uint8Array(3), 19, 'needs 2 bytes, got 3'],
    ['words', 'abcd', 21, 'needs text of at most 3 one-byte characters, got abcd'],
    ['words', 'a\u0100', 21, 'needs text of at most 3 one-byte characters, got a\u0100'],
    ['inner', 'ab', 24, 'needs pair, got ab'],
    [
      'inner',
      { ...good.inner, trailing: new Uint8Array(1) },
      24,
      'pair has no room for trailing bytes here',
    ],
  ] as const)('%s: %o', (field, value, offset, what) => {
    const call = () => fields.encode({ ...good, [field]: value } as never);
    expect(complaintOf(call, 'fields')).toEqual({ fault: 'out-of-range', field, offset, what });
  });

  it('take the highest and the lowest that do', () => {
    const value = {
      ...good,
      one: 255,
      three: 16_777_215,
      run: 1,
      runs: 127,
      name: (1n << 64n) - 1n,
    };
    expect(fields.decode(fields.encode(value))).toEqual(value);
    const least = {
      ...good,
      one: 0,
      three: 0,
      run: 0,
      runs: 0,
      name: 0n,
      words: '\u00ff\u00ff\u00ff',
    };
    expect(fields.decode(fields.encode(least))).toEqual(least);
  });

  it('or are missing', () => {
    expect(
      complaintOf(() => fields.encode({ ...good, three: undefined as never }), 'fields'),
    ).toEqual({ fault: 'bad-value', field: 'three', offset: 1, what: 'is missing' });
    const tails = codec('tails', 'this test', { size: u8, raw: sized(() => 1, list(u8)) });
    expect(complaintOf(() => tails.encode({ size: 1 } as never), 'tails')).toEqual({
      fault: 'bad-value',
      field: 'raw',
      offset: 1,
      what: 'is missing',
    });
  });

  it.each([[null], [undefined], [5], ['x']])('or are no object: %o', (value) => {
    const wanted = {
      fault: 'bad-value',
      field: 'value',
      offset: 0,
      what: `needs an object, got ${String(value)}`,
    };
    expect(complaintOf(() => fields.encode(value as never), 'fields')).toEqual(wanted);
    const room = new Uint8Array(40);
    expect(complaintOf(() => fields.write(room, 3, value as never), 'fields')).toEqual({
      ...wanted,
      offset: 3,
    });
  });
});

describe('values of every kind that do not fit', () => {
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

describe('values behind the head', () => {
  const tails = codec('tails', 'this test', {
    size: derived(u8, (_value, sizeOf) => sizeOf('raw')),
    raw: sized(
      of<{ size: number }>((value) => value.size),
      rest,
    ),
    elements: list(u16, { count: () => 1 }),
    words: restText,
  });
  const value = { raw: Uint8Array.of(1), elements: [2], words: 'x' };

  it.each([
    ['raw', 'ab', 1, 'bad-value', 'needs bytes, got ab'],
    ['elements', 5, 2, 'bad-value', 'needs a list, got 5'],
    ['words', 5, 4, 'bad-value', 'needs text of one-byte characters, got 5'],
    ['words', '\u0100', 4, 'bad-value', 'needs text of one-byte characters, got \u0100'],
    ['trailing', 'ab', 5, 'bad-value', 'needs bytes, got ab'],
  ] as const)('%s: %o', (field, wrong, offset, fault, what) => {
    const made = { size: 1, ...value, [field]: wrong } as never;
    expect(complaintOf(() => tails.encode(made), 'tails')).toEqual({ fault, field, offset, what });
    expect(complaintOf(() => tails.write(new Uint8Array(20), 0, made), 'tails')).toEqual({
      fault,
      field,
      offset,
      what,
    });
  });

  it('an element that does not fit names its place', () => {
    const made = { ...value, elements: [65_536] };
    expect(complaintOf(() => tails.encode(made), 'tails')).toEqual({
      fault: 'out-of-range',
      field: 'elements[0]',
      offset: 2,
      what: '65536 does not fit 2 bytes',
    });
  });

  it('the highest character of one byte fits', () => {
    expect(tails.encode({ ...value, words: '\u00ff' }).at(-1)).toBe(0xff);
  });

  it('a target without room is the caller’s mistake', () => {
    expect(() => tails.write(new Uint8Array(3), 0, { size: 1, ...value })).toThrow(
      new RangeError('tails: elements[0] has no room at 2 in 3 bytes'),
    );
    expect(() => tails.write(new Uint8Array(3), 3, value)).toThrow(
      new RangeError('tails: its head has no room in 3 bytes at 3'),
    );
  });

  it('a size that is asked of a field of fixed size is a mistake of the table', () => {
    const odd = codec('odd', 'this test', {
      size: derived(u8, (_value, sizeOf) => sizeOf('size')),
      raw: rest,
    });
    expect(() => odd.encode({})).toThrow(new TypeError('odd: size is no field of variable size'));
  });
});

describe('messages in messages', () => {
  it('end somewhere', () => {
    type Nested = { inner?: unknown };
    const deep: Codec<Nested, Nested> = codec('deep', 'this test', {
      inner: { ...embed(lazy()), optional: true },
    }) as never;
    function lazy(): Codec<Nested, Nested> {
      return {
        read: (cursor: never) => deep.read(cursor),
        sizeOf: (value: Nested, at: number) => deep.sizeOf(value, at),
      } as never;
    }
    expect(complaintOf(() => deep.decode(Uint8Array.of(1)), 'deep')).toEqual({
      fault: 'bad-length',
      field: 'inner',
      offset: 0,
      what: 'nested deeper than 16',
    });
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
