/** Fields of variable size, by bytes written out by hand. */
import { describe, expect, it } from 'vitest';
import {
  bytes,
  type Codec,
  CodecError,
  codec,
  derived,
  embed,
  list,
  NESTING_MAX,
  of,
  optional,
  parseHex,
  rest,
  restText,
  sized,
  struct,
  type TailField,
  u8,
  u16,
  when,
} from '../../../../src/codecs/layout/index.ts';
import { type Complaint, complaintOf } from '../../../helpers/complaint.ts';

const n = of<{ n: number }>((v) => v.n);
const pair = codec('pair', 'this test', { first: u8, second: u16 });

function errorOf(call: () => unknown): CodecError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return error as CodecError;
  }
  throw new Error('nothing was refused');
}

describe('a counted region', () => {
  const table = codec('table', 'this test', { n: u8, data: sized(n, rest), after: u16 });

  it('ends where its length says', () => {
    const message = parseHex('02 aabb 0102');
    const value = { n: 2, data: Uint8Array.of(0xaa, 0xbb), after: 0x0102 };
    expect(table.decode(message)).toEqual(value);
    expect(table.encode(value)).toEqual(message);
  });

  it('keeps what is behind the last field', () => {
    const message = parseHex('00 0102 ffee');
    expect(table.decode(message)).toMatchObject({ trailing: Uint8Array.of(0xff, 0xee) });
    expect(table.encode(table.decode(message))).toEqual(message);
    expect(table.spans(message).at(-1)).toMatchObject({ path: 'trailing', offset: 3, length: 2 });
  });

  it('is refused where it runs past the end', () => {
    const error = errorOf(() => table.decode(parseHex('05 aabb 0102')));
    expect(error).toMatchObject({ fault: 'bad-length', field: 'data', offset: 1, neededBytes: 5 });
    expect(errorOf(() => table.spans(parseHex('05 aabb 0102'))).message).toBe(error.message);
  });

  it('is read as far as it goes where it may be cut', () => {
    const cut = codec('cut', 'this test', { n: u8, data: sized(n, rest, { mayBeCut: true }) });
    const message = parseHex('05 aabb');
    expect(cut.decode(message)).toEqual({ n: 5, data: Uint8Array.of(0xaa, 0xbb) });
    expect(cut.encode(cut.decode(message))).toEqual(message);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused where its length is %d',
    (length) => {
      const odd = codec('odd', 'this test', { data: sized(() => length, rest) });
      expect(errorOf(() => odd.decode(new Uint8Array(4)))).toMatchObject({ fault: 'bad-length' });
    },
  );

  it('may not be left half read', () => {
    const two = codec('two', 'this test', { n: u8, items: sized(n, list(u8, { count: () => 2 })) });
    expect(two.decode(parseHex('02 0102'))).toEqual({ n: 2, items: [1, 2] });
    expect(errorOf(() => two.decode(parseHex('03 010203')))).toMatchObject({
      fault: 'bad-length',
      field: 'items',
      offset: 3,
    });
  });

  it('belongs to an embedded message whole, what its fields leave included', () => {
    const outer = codec('outer', 'this test', { n: u8, inner: sized(n, embed(pair)), after: u8 });
    const message = parseHex('05 010203 eeff 07');
    const value = outer.decode(message);
    expect(value).toEqual({
      n: 5,
      inner: { first: 1, second: 0x0203, trailing: Uint8Array.of(0xee, 0xff) },
      after: 7,
    });
    expect(outer.encode(value)).toEqual(message);
    expect(outer.spans(message).map((span) => [span.path, span.offset, span.length])).toEqual([
      ['n', 0, 1],
      ['inner.first', 1, 1],
      ['inner.second', 2, 2],
      ['inner.trailing', 4, 2],
      ['after', 6, 1],
    ]);
  });

  it('belongs whole to a message that is there under a condition', () => {
    const present = when<{ n: number }>((v) => v.n > 0);
    const outer = codec('outer', 'this test', {
      n: u8,
      inner: sized(n, optional(present, embed(pair))),
    });
    const message = parseHex('04 01020304');
    expect(outer.decode(message).inner).toMatchObject({ trailing: Uint8Array.of(4) });
    expect(outer.encode(outer.decode(message))).toEqual(message);
    expect(outer.decode(parseHex('00')).inner).toBeUndefined();
  });

  it('within a counted region keeps its own end', () => {
    const m = of<{ m: number }>((v) => v.m);
    const outer = codec('outer', 'this test', { n: u8, m: u8, x: sized(n, sized(m, embed(pair))) });
    expect(errorOf(() => outer.decode(parseHex('04 03 01020304')))).toMatchObject({ field: 'x' });
    expect(outer.decode(parseHex('03 03 010203')).x).toEqual({ first: 1, second: 0x0203 });
  });
});

describe('a length that is left out', () => {
  const table = codec('table', 'this test', {
    words: derived(u8, (_v, sizeOf) => sizeOf('data') / 4),
    data: sized(
      of<{ words: number }>((v) => v.words * 4),
      rest,
    ),
    more: restText,
  });

  it('is computed, and kept where it is given', () => {
    expect(table.encode({ data: new Uint8Array(8), more: '' })[0]).toBe(2);
    expect(table.encode({ words: 9, data: new Uint8Array(8), more: '' })[0]).toBe(9);
  });

  it('is refused where it comes out broken', () => {
    expect(errorOf(() => table.encode({ data: new Uint8Array(3), more: '' }))).toMatchObject({
      field: 'words',
      offset: 0,
    });
  });
});

describe('raw and text parts', () => {
  const table = codec('table', 'this test', { n: u8, data: sized(n, rest), more: restText });

  it('are refused where they are something else, with their place', () => {
    expect(errorOf(() => table.encode({ n: 0, data: 'ab' as never, more: '' }))).toMatchObject({
      fault: 'bad-value',
      field: 'data',
      offset: 1,
    });
    expect(
      errorOf(() => table.encode({ n: 0, data: new Uint8Array(2), more: '\u0100' })),
    ).toMatchObject({ fault: 'bad-value', field: 'more', offset: 3 });
    expect(errorOf(() => table.encode({ n: 0, more: '', trailing: [1] as never }))).toMatchObject({
      fault: 'bad-value',
      field: 'trailing',
      offset: 1,
    });
  });

  it('may be empty', () => {
    expect(table.encode({ n: 0 })).toEqual(Uint8Array.of(0));
    expect(table.decode(Uint8Array.of(0))).toEqual({ n: 0, data: new Uint8Array(0), more: '' });
    expect(table.spans(Uint8Array.of(0)).map((span) => span.path)).toEqual(['n']);
  });
});

describe('messages inside messages', () => {
  // A box holds a byte of length and, where that is not 0, a box in the region it counts.
  type Box = { n: number; inner?: Box | undefined };
  const inner: { field?: TailField<Box> } = {};
  const later: TailField<Box> = {
    place: 'tail',
    optional: false,
    shape: { kind: 'rest' },
    read: (...given) => inner.field!.read(...given),
    size: (...given) => inner.field!.size(...given),
    write: (...given) => inner.field!.write(...given),
    trace: (...given) => inner.field!.trace(...given),
  };
  const box = codec('box', 'this test', {
    n: u8,
    inner: optional(
      when<{ n: number }>((v) => v.n > 0),
      sized(n, later),
    ),
  });
  inner.field = embed(box) as unknown as TailField<Box>;
  const whole = embed(box).whole as unknown as TailField<Box>;
  const boxes = (depth: number): Uint8Array =>
    Uint8Array.from({ length: depth + 1 }, (_, i) => depth - i);

  it.each([
    ['one cursor', () => embed(box) as unknown as TailField<Box>],
    ['a cursor for each', () => whole],
  ])('end at the limit, read through %s', (_title, field) => {
    inner.field = field();
    expect(box.decode(boxes(NESTING_MAX)).n).toBe(NESTING_MAX);
    expect(errorOf(() => box.decode(boxes(NESTING_MAX + 1)))).toMatchObject({
      fault: 'bad-length',
      layer: 'box',
      field: 'inner',
    });
    expect(errorOf(() => box.spans(boxes(200)))).toMatchObject({ fault: 'bad-length' });
    // What was refused once does not count against the next message.
    expect(box.encode(box.decode(boxes(NESTING_MAX)))).toEqual(boxes(NESTING_MAX));
  });

  it('end at the limit when they are written', () => {
    const endless: Box = { n: 1 };
    endless.inner = endless;
    expect(errorOf(() => box.encode(endless))).toMatchObject({ fault: 'bad-length' });
  });
});

describe('a struct among other fields', () => {
  const outer = codec('outer', 'this test', { a: bytes(2), b: struct(pair), c: bytes(2), d: u8 });

  it('does not disturb the fields behind it', () => {
    const message = parseHex('0102 030405 0607 08');
    const value = outer.decode(Uint8Array.of(0xff, ...message, 0xff), 1, 9);
    expect(value).toEqual({
      a: Uint8Array.of(1, 2),
      b: { first: 3, second: 0x0405 },
      c: Uint8Array.of(6, 7),
      d: 8,
    });
    expect(outer.encode(value)).toEqual(message);
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
