/** Spans: where each field of a message lies. */
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/codecs/layout/cursor.ts';
import {
  bit,
  CodecError,
  codec,
  embed,
  list,
  of,
  parseHex,
  rest,
  sized,
  struct,
  u8,
  u16,
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

describe('spans', () => {
  const table = codec('table', 'this test', {
    a: bit(4),
    b: bit(12),
    pair: struct(pair),
    n: u8,
    items: list(u16, { count: n }),
    data: rest,
  });
  const message = parseHex('a5 5a 01 0203 02 0004 0005 aabb');

  it('have path, place, bits, value and text, in wire order', () => {
    const spans = table.spans(Uint8Array.of(0xff, ...message, 0xff), 1, message.length + 1);
    expect(spans.map(({ path, offset, length }) => [path, offset, length])).toEqual([
      ['a', 1, 1],
      ['b', 1, 2],
      ['pair.first', 3, 1],
      ['pair.second', 4, 2],
      ['n', 6, 1],
      ['items[0]', 7, 2],
      ['items[1]', 9, 2],
      ['data', 11, 2],
    ]);
    expect(spans[0]).toMatchObject({ bits: { first: 0, width: 4 }, value: 10, text: '10' });
    expect(spans[1]).toMatchObject({ bits: { first: 4, width: 12 }, value: 0x55a });
    expect(spans[2]!.bits).toBeUndefined();
    expect(spans.at(-1)).toMatchObject({ value: Uint8Array.of(0xaa, 0xbb), text: 'aabb' });
  });

  it('name what lies behind the message', () => {
    expect(pair.spans(parseHex('01 0203 0405')).at(-1)).toEqual({
      path: 'trailing',
      offset: 3,
      length: 2,
      value: Uint8Array.of(4, 5),
      text: '2 bytes',
    });
  });

  it('are appended below a path, and the cursor is moved', () => {
    const spans: ReturnType<typeof pair.spans> = [];
    const cursor = new Cursor(parseHex('ff 01 0203 ff'), 1, 5);
    expect(pair.trace(cursor, 'outer', spans)).toEqual({ first: 1, second: 0x203 });
    expect(cursor.at).toBe(4);
    expect(spans.map(({ path }) => path)).toEqual(['outer.first', 'outer.second']);
  });

  it('of a struct are those of its fields, in the head and behind a variable field', () => {
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
