/** Fields of variable size, by bytes written out by hand. */
import { describe, expect, it } from 'vitest';
import {
  bytes,
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
  u32,
  when,
} from '../../../../src/codecs/layout/index.ts';

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

describe('a list', () => {
  it('names the element that is cut or wrong', () => {
    const table = codec('table', 'this test', { n: u8, items: list(u16, { count: n }) });
    expect(errorOf(() => table.decode(parseHex('02 0001 00')))).toMatchObject({
      fault: 'truncated',
      layer: 'table',
      field: 'items[1]',
      offset: 3,
    });
    expect(errorOf(() => table.encode({ n: 2, items: [1, 65_536] }))).toMatchObject({
      fault: 'out-of-range',
      field: 'items[1]',
      offset: 3,
    });
    const messages = codec('table', 'this test', { items: list(pair) });
    const two = [
      { first: 1, second: 1 },
      { first: 256, second: 1 },
    ];
    expect(errorOf(() => messages.encode({ items: two }))).toMatchObject({
      layer: 'pair',
      field: 'first',
      offset: 3,
    });
  });

  it('is refused where it is none', () => {
    const table = codec('table', 'this test', { items: list(pair) });
    for (const items of [undefined, null, 5, 'ab', { length: 1 }, [undefined], [null], [7]])
      expect(errorOf(() => table.encode({ items } as never))).toBeInstanceOf(CodecError);
  });

  it('of elements without bytes is refused at the first, whatever the count', () => {
    const nothing = codec('nothing', 'this test', {});
    const table = codec('table', 'this test', { n: u32, items: list(nothing, { count: n }) });
    expect(errorOf(() => table.decode(parseHex('ffff 0000')))).toMatchObject({
      fault: 'bad-length',
    });
    expect(errorOf(() => table.decode(parseHex('00000001')))).toMatchObject({
      fault: 'bad-length',
      field: 'items[0]',
    });
  });

  it('ends with the bytes however many elements are claimed', () => {
    const table = codec('table', 'this test', {
      n: u32,
      items: list(u8, { count: n, max: 2 ** 32 }),
    });
    const forged = new Uint8Array(1_000).fill(0xff);
    expect(errorOf(() => table.decode(forged))).toMatchObject({
      fault: 'truncated',
      field: 'items[996]',
      offset: 1_000,
    });
  });

  it('reads a list by its length: the last element may run past it', () => {
    const length = of<{ n: number }>((value) => value.n);
    const table = codec('table', 'this test', { n: u8, items: list(u16, { lengthBytes: length }) });
    expect(table.decode(Uint8Array.of(3, 0, 1, 0, 2, 9))).toMatchObject({
      items: [1, 2],
      trailing: Uint8Array.of(9),
    });
    expect(table.decode(Uint8Array.of(0, 9))).toMatchObject({ items: [] });
    expect(errorOf(() => table.decode(Uint8Array.of(5, 0, 1, 0, 2))).fault).toBe('truncated');
    const wrong = of<{ n: number }>((value) => value.n - 9);
    const negative = codec('table', 'this test', {
      n: u8,
      items: list(u16, { lengthBytes: wrong }),
    });
    expect(errorOf(() => negative.decode(Uint8Array.of(5, 0, 1))).fault).toBe('bad-length');
  });

  it('is refused above its limit, before an element is read', () => {
    const table = codec('table', 'this test', { n: u8, items: list(u8, { count: n, max: 3 }) });
    expect(table.decode(parseHex('03 010203')).items).toEqual([1, 2, 3]);
    expect(errorOf(() => table.decode(parseHex('04 01')))).toMatchObject({ offset: 1 });
    const open = codec('open', 'this test', { items: list(u8, { max: 3 }) });
    expect(errorOf(() => open.decode(new Uint8Array(4)))).toMatchObject({ fault: 'bad-length' });
  });

  it.each([-1, 0.5, Number.NaN])('is refused where its count is %d', (count) => {
    const table = codec('table', 'this test', { items: list(u8, { count: () => count }) });
    expect(errorOf(() => table.decode(new Uint8Array(4)))).toMatchObject({ fault: 'bad-length' });
  });

  it('stops in front of an element that is cut, where it may be', () => {
    const counted = codec('counted', 'this test', { n: u8, data: sized(n, rest) });
    const table = codec('table', 'this test', { items: list(counted, { mayBeCut: true }) });
    const message = parseHex('01aa 02bbcc 05dd');
    const value = table.decode(message);
    expect(value.items).toHaveLength(2);
    expect(value.trailing).toEqual(Uint8Array.of(5, 0xdd));
    expect(table.encode(value)).toEqual(message);
    expect(table.spans(message).map((span) => span.path)).toEqual([
      'items[0].n',
      'items[0].data',
      'items[1].n',
      'items[1].data',
      'trailing',
    ]);
    const fixed = codec('fixed', 'this test', { items: list(u16, { mayBeCut: true }) });
    expect(fixed.decode(parseHex('0001 02'))).toEqual({
      items: [1],
      trailing: Uint8Array.of(2),
    });
  });

  it('that may be cut still refuses an element that is wrong in itself', () => {
    const odd = codec('odd', 'this test', {
      n: u8,
      data: sized(
        of<{ n: number }>((v) => v.n - 1),
        rest,
      ),
    });
    const table = codec('table', 'this test', { items: list(odd, { mayBeCut: true }) });
    expect(errorOf(() => table.decode(parseHex('00 00')))).toMatchObject({ fault: 'bad-length' });
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

describe('what is wrong deep inside', () => {
  const inner = codec('inner', 'this test', { items: list(u16) });

  it.each([
    ['to its own end', codec('outer', 'this test', { n: u8, inner: embed(inner) })],
    ['in a region', codec('outer', 'this test', { n: u8, inner: sized(n, embed(inner)) })],
  ])('is said by spans in the words of decode, read %s', (_title, outer) => {
    const message = parseHex('03 000102');
    const error = errorOf(() => outer.decode(message));
    expect(error).toMatchObject({ layer: 'inner', field: 'items[1]', offset: 3 });
    expect(errorOf(() => outer.spans(message)).message).toBe(error.message);
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

  it('has the spans of its fields, in the head and behind a variable field', () => {
    const behind = codec('behind', 'this test', { n: u8, x: sized(n, rest), b: struct(pair) });
    expect(
      behind.spans(parseHex('01 ff 030405')).map((span) => [span.path, span.offset, span.length]),
    ).toEqual([
      ['n', 0, 1],
      ['x', 1, 1],
      ['b.first', 2, 1],
      ['b.second', 3, 2],
    ]);
  });

  it('cannot be seen by a view where it lies behind a variable field', () => {
    const behind = codec('behind', 'this test', { n: u8, x: sized(n, rest), after: u8 });
    const view = behind.view(parseHex('01 ff 03'));
    expect(view.n).toBe(1);
    expect(() => view.after).toThrow(TypeError);
  });

  it('may have a name that views have for themselves: the view keeps its own', () => {
    const message = codec('message', 'test', { n: u8, bytes: rest });
    const given = parseHex('01 ff 03');
    const view = message.view(given);
    expect(view.bytes).toBe(given);
    view.move(given, 2);
    expect(view.n).toBe(3);
    expect(message.decode(given).bytes).toEqual(parseHex('ff 03'));
  });
});
