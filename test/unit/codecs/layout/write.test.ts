/** What is said of bytes and values that do not fit: fault, layer, field, offset and words. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  bytes,
  type Codec,
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
  u64,
} from '../../../../src/codecs/layout/index.ts';
import { type Complaint, complaintOf } from '../../../helpers/complaint.ts';

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

describe('bytes that are cut', () => {
  it.each([
    [0, 'one', 0],
    [1, 'three', 1],
    [3, 'three', 1],
    [4, 'run', 4],
    [5, 'name', 5],
    [12, 'name', 5],
    [13, 'port', 13],
    [20, 'raw', 19],
    [26, 'inner', 24],
  ] as const)('at %i bytes name the first field without room', (length, field, offset) => {
    const wanted = {
      fault: 'truncated',
      field,
      what: `the message needs 27 bytes, ${length} remain`,
      neededBytes: 27,
    };
    const cut = new Uint8Array(length);
    for (const call of [() => fields.decode(cut), () => fields.spans(cut), () => fields.view(cut)])
      expect(complaintOf(call, 'fields')).toEqual({ ...wanted, offset });
    const within = new Uint8Array(length + 4);
    expect(complaintOf(() => fields.decode(within, 3, 3 + length), 'fields')).toEqual({
      ...wanted,
      offset: 3 + offset,
    });
  });

  it('a region that ends before it begins has none', () => {
    expect(complaintOf(() => fields.decode(new Uint8Array(40), 9, 4), 'fields')).toMatchObject({
      field: 'one',
      offset: 9,
      what: 'the message needs 27 bytes, 0 remain',
    });
  });

  it('a view of the exact length is none of them', () => {
    expect(fields.view(fields.encode(good)).inner).toEqual(good.inner);
  });
});

const counted = codec('counted', 'this test', {
  lengthBytes: u8,
  raw: sized(
    of<{ lengthBytes: number }>((value) => value.lengthBytes),
    rest,
  ),
});
const numbers = codec('numbers', 'this test', {
  count: u8,
  elements: list(u16, { count: of<{ count: number }>((value) => value.count), max: 3 }),
});
const signed = codec('signed', 'this test', {
  lengthBytes: u8,
  raw: sized(
    of<{ lengthBytes: number }>((value) => value.lengthBytes - 4),
    rest,
  ),
});

describe('regions and lists', () => {
  const decoding: [string, Codec<unknown>, number[], Complaint][] = [
    [
      'a region that runs past the bytes',
      counted as never,
      [5, 1, 2],
      {
        fault: 'bad-length',
        field: 'raw',
        offset: 1,
        what: 'says it has 5 bytes, 2 remain',
        neededBytes: 5,
      },
    ],
    [
      'a region of less than nothing',
      signed as never,
      [1, 1, 2],
      { fault: 'bad-length', field: 'raw', offset: 1, what: 'a length of -3 bytes is impossible' },
    ],
    [
      'an element that is cut',
      numbers as never,
      [2, 0, 1, 0],
      {
        fault: 'truncated',
        field: 'elements[1]',
        offset: 3,
        what: 'needs 2 bytes, 1 remain',
        neededBytes: 2,
      },
    ],
    [
      'more elements than may be',
      numbers as never,
      [4, 0, 1, 0, 2, 0, 3, 0, 4],
      { fault: 'bad-length', field: 'elements', offset: 1, what: 'more than 3 elements' },
    ],
  ];
  it.each(decoding)('%s', (_title, made, wire, wanted) => {
    const raw = Uint8Array.from(wire);
    expect(complaintOf(() => made.decode(raw), made.name)).toEqual(wanted);
    expect(complaintOf(() => made.spans(raw), made.name)).toEqual(wanted);
  });

  it('as many elements as may be are none too many', () => {
    expect(numbers.decode(Uint8Array.of(3, 0, 1, 0, 2, 0, 3)).elements).toEqual([1, 2, 3]);
    const open = codec('open', 'this test', { elements: list(u8, { max: 2 }) });
    expect(open.decode(Uint8Array.of(1, 2)).elements).toEqual([1, 2]);
    expect(complaintOf(() => open.decode(Uint8Array.of(1, 2, 3)), 'open')).toEqual({
      fault: 'bad-length',
      field: 'elements',
      offset: 2,
      what: 'more than 2 elements',
    });
  });

  it.each([
    [-1, 'a list of -1 elements is impossible'],
    [0.5, 'a list of 0.5 elements is impossible'],
  ])('a count of %d', (count, what) => {
    const odd = codec('odd', 'this test', { elements: list(u8, { count: () => count }) });
    expect(complaintOf(() => odd.decode(Uint8Array.of(1)), 'odd')).toEqual({
      fault: 'bad-length',
      field: 'elements',
      offset: 0,
      what,
    });
  });

  it.each([-1, 0.5])('a list of %d bytes', (length) => {
    const odd = codec('odd', 'this test', { elements: list(u8, { lengthBytes: () => length }) });
    expect(complaintOf(() => odd.decode(Uint8Array.of(1)), 'odd')).toEqual({
      fault: 'bad-length',
      field: 'elements',
      offset: 0,
      what: `a list of ${length} bytes is impossible`,
    });
  });

  it('an element of no bytes', () => {
    const empty = codec('empty', 'this test', {});
    const endless = codec('endless', 'this test', { elements: list(empty) });
    expect(complaintOf(() => endless.decode(Uint8Array.of(1)), 'endless')).toEqual({
      fault: 'bad-length',
      field: 'elements[0]',
      offset: 0,
      what: 'has no bytes',
    });
  });

  it('bytes that are left over in a region', () => {
    const two = codec('two', 'this test', {
      elements: sized(() => 3, list(u8, { count: () => 2 })),
    });
    expect(complaintOf(() => two.decode(Uint8Array.of(1, 2, 3)), 'two')).toEqual({
      fault: 'bad-length',
      field: 'elements',
      offset: 2,
      what: 'leaves 1 bytes of its region unread',
    });
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
