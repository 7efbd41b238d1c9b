/** Tables laid out: where fields lie, and which tables cannot be. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  bytes,
  type Codec,
  codec,
  family,
  list,
  rest,
  struct,
  text,
  u8,
  u16,
  u24,
} from '../../../../src/codecs/layout/index.ts';
import { layOut } from '../../../../src/codecs/layout/layout.ts';

const pair = codec('pair', 'this test', { first: u16, second: u8 });

describe('a table', () => {
  it('has its fields one behind the other, runs of bits within bytes', () => {
    const { head, headBytes, tails, kind } = layOut('table', 'KIND', {
      a: bit(4),
      b: bit(12),
      c: u24,
      d: rest,
      e: u16,
    });
    expect(head.map(({ key, byte, bit: from }) => [key, byte, from])).toEqual([
      ['a', 0, 0],
      ['b', 0, 4],
      ['c', 2, 0],
    ]);
    expect([headBytes, kind]).toEqual([5, 'KIND']);
    expect(tails.map(({ key, field }) => [key, field.place])).toEqual([
      ['d', 'tail'],
      ['e', 'tail'],
    ]);
  });
});

describe('tables that cannot be', () => {
  it.each([
    ['a bit run that does not fill bytes', () => codec('x', 'y', { a: bit(3) })],
    ['a number that begins within a byte', () => codec('x', 'y', { a: bit(4), b: u8, c: bit(4) })],
    ['a name that values have for themselves', () => codec('x', 'y', { kind: u8 })],
    ['a name that views have for themselves', () => codec('x', 'y', { bytes: u8 })],
    ['a name that is no identifier', () => codec('x', 'y', { 'a b': u8 })],
    ['no bytes', () => bytes(0)],
    ['a run of 32 bits', () => bit(32)],
    ['a pad of two characters', () => text(3, 'ab')],
    ['an empty struct', () => struct(codec('x', 'y', {}))],
  ])('are refused when they are declared: %s', (_title, declare) => {
    expect(declare).toThrow();
  });
});

describe('declarations that cannot be', () => {
  const one = codec('one', 'this test', { code: u8 }, 'ONE');
  const other = codec('other', 'this test', { code: u8, value: u8 }, 'ONE');
  const select = () => undefined;
  const declared = (members: Record<string, Codec<unknown>>) => () =>
    family('of', 'this test', { members, select, peekBytes: 1 });

  it.each([
    [
      'a member without a kind',
      declared({ pair: pair as never }),
      new TypeError('of: pair needs a kind'),
    ],
    [
      'two members of one kind',
      declared({ one: one as never, other: other as never }),
      new TypeError('of: two members are called ONE'),
    ],
    [
      'a member called unknown',
      declared({ unknown: codec('u', 'this test', { code: u8 }, 'unknown') as never }),
      new TypeError('of: two members are called unknown'),
    ],
    [
      'a name that is none',
      () => codec('x', 'y', { 'a b': u8 }),
      new TypeError('x: a b is no field name'),
    ],
    ['kind', () => codec('x', 'y', { kind: u8 }), new TypeError('x: kind is no field name')],
    [
      'trailing',
      () => codec('x', 'y', { trailing: u8 }),
      new TypeError('x: trailing is no field name'),
    ],
    ...['bytes', 'at', 'move'].map((key): [string, () => unknown, Error] => [
      key,
      () => codec('x', 'y', { [key]: u8 }),
      new TypeError(`x: a view has a ${key} of its own`),
    ]),
    [
      'a number within a byte',
      () => codec('x', 'y', { a: bit(4), b: u8 }),
      new TypeError('x: b does not begin on a byte'),
    ],
    [
      'runs that do not fill bytes',
      () => codec('x', 'y', { a: bit(4), b: bit(3) }),
      new TypeError('x: its fixed fields do not fill whole bytes'),
    ],
    [
      'a run behind a field of variable size',
      () => codec('x', 'y', { a: rest, b: bit(4), c: bit(4) }),
      new TypeError('x: b behind a field of variable size must fill bytes'),
    ],
    [
      'a list of runs',
      () => list(bit(4)),
      new TypeError('a field of 4 bits cannot stand behind one of variable size'),
    ],
    ...[0, 32, 1.5].map((width): [string, () => unknown, Error] => [
      `a run of ${width} bits`,
      () => bit(width),
      new RangeError('bit fields are 1 to 31 bits wide'),
    ]),
    ...[0, 0.5].map((length): [string, () => unknown, Error] => [
      `${length} bytes`,
      () => bytes(length),
      new RangeError('a field of bytes has 1 byte or more'),
    ]),
    ...['', 'ab', '\u0100'].map((pad): [string, () => unknown, Error] => [
      `a pad ${JSON.stringify(pad)}`,
      () => text(3, pad),
      new RangeError('text is padded with one byte'),
    ]),
    [
      'a struct of no bytes',
      () => struct(codec('none', 'y', {})),
      new TypeError('none has no bytes'),
    ],
    [
      'a struct of variable size',
      () => struct(codec('open', 'y', { a: u8, b: rest })),
      new TypeError('open has no fixed size: embed it'),
    ],
  ] as [string, () => unknown, Error][])('%s', (_title, declare, error) => {
    expect(declare).toThrow(error);
  });

  it('one member under two keys is none of them', () => {
    expect(declared({ a: one as never, b: one as never })).not.toThrow();
  });

  it('a field of variable size may be called as views call their own', () => {
    const odd = codec('odd', 'this test', { a: u8, bytes: rest });
    expect(odd.decode(Uint8Array.of(1, 2)).bytes).toEqual(Uint8Array.of(2));
    expect(odd.view(Uint8Array.of(1, 2)).a).toBe(1);
  });
});
