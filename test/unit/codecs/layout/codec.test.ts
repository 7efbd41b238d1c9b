/** Families: what they say of bytes and values; declarations that are refused; places out of reach. */
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
  u32,
} from '../../../../src/codecs/layout/index.ts';
import { complaintOf } from '../../../helpers/complaint.ts';

const pair = codec('pair', 'this test', { first: u16, second: u8 });

describe('families', () => {
  const a = codec('a', 'this test', { code: u8, value: u8 }, 'A');
  const b = codec('b', 'this test', { code: u8, value: u16, more: rest }, 'B');
  const either = family('either', 'this test', {
    members: { a, b },
    select: (raw, at) => ({ 1: 'a', 2: 'b' })[raw[at]!] as 'a' | 'b' | undefined,
    peekBytes: 2,
    extent: (raw, at) => raw[at + 1]!,
  });

  it.each([
    [
      [1],
      {
        fault: 'truncated',
        field: 'code',
        offset: 0,
        what: 'needs 2 bytes, 1 remain',
        neededBytes: 2,
      },
    ],
    [
      [],
      {
        fault: 'truncated',
        field: 'code',
        offset: 0,
        what: 'needs 2 bytes, 0 remain',
        neededBytes: 2,
      },
    ],
    [
      [1, 3],
      {
        fault: 'bad-length',
        field: 'length',
        offset: 0,
        what: 'says it has 3 bytes, 2 remain',
        neededBytes: 3,
      },
    ],
    [
      [1, 0],
      { fault: 'bad-length', field: 'length', offset: 0, what: 'says it has 0 bytes, 2 remain' },
    ],
  ] as const)('%o', (wire, wanted) => {
    const raw = Uint8Array.from(wire);
    expect(complaintOf(() => either.decode(raw), 'either')).toEqual(wanted);
    expect(complaintOf(() => either.spans(raw), 'either')).toEqual(wanted);
  });

  it('a region that ends before it begins has none', () => {
    expect(complaintOf(() => either.decode(new Uint8Array(9), 5, 2), 'either')).toMatchObject({
      what: 'needs 2 bytes, 0 remain',
    });
  });

  it('one byte is a length', () => {
    const short = family('short', 'this test', {
      members: { one: codec('one', 'this test', { code: u8 }, 'ONE') },
      select: () => 'one',
      peekBytes: 1,
      extent: () => 1,
    });
    expect(short.decode(Uint8Array.of(7))).toEqual({ kind: 'ONE', code: 7 });
  });

  it('what is of no member’s kind', () => {
    const wanted = { fault: 'bad-value', field: 'kind', what: 'C is none of A B' };
    const value = { kind: 'C' } as never;
    expect(complaintOf(() => either.encode(value), 'either')).toEqual({ ...wanted, offset: 0 });
    expect(complaintOf(() => either.sizeOf(value, 4), 'either')).toEqual({ ...wanted, offset: 4 });
    expect(complaintOf(() => either.encode(undefined as never), 'either')).toMatchObject({
      what: 'undefined is none of A B',
    });
  });

  it('what is unknown and has no bytes', () => {
    const value = { kind: 'unknown' } as never;
    expect(complaintOf(() => either.encode(value), 'either')).toEqual({
      fault: 'bad-value',
      field: 'raw',
      offset: 0,
      what: 'needs bytes, got undefined',
    });
  });

  it('what is unknown is copied, and shown as bytes', () => {
    const raw = Uint8Array.of(9, 2);
    const value = either.decode(raw) as { kind: 'unknown'; raw: Uint8Array };
    const encoded = either.encode(value);
    expect(encoded).toEqual(raw);
    expect(encoded).not.toBe(value.raw);
    encoded[0] = 0;
    expect(value.raw[0]).toBe(9);
    const target = new Uint8Array(6);
    expect(either.write(target, 3, value)).toBe(5);
    expect(target).toEqual(Uint8Array.of(0, 0, 0, 9, 2, 0));
    expect(either.spans(raw)).toEqual([
      { path: 'raw', offset: 0, length: 2, value: raw, text: '0902' },
    ]);
  });

  it('what lies behind a message is its trailing, with what the message left', () => {
    const raw = Uint8Array.of(1, 4, 7, 8, 9);
    expect(either.decode(raw)).toEqual({
      kind: 'A',
      code: 1,
      value: 4,
      trailing: Uint8Array.of(7, 8, 9),
    });
    expect(either.spans(raw).at(-1)).toEqual({
      path: 'trailing',
      offset: 2,
      length: 3,
      value: Uint8Array.of(7, 8, 9),
      text: '3 bytes',
    });
    const whole = Uint8Array.of(1, 2, 9);
    expect(either.decode(whole)).toMatchObject({ trailing: Uint8Array.of(9) });
    expect(either.spans(whole).map(({ path }) => path)).toEqual(['code', 'value', 'trailing']);
    expect(either.spans(Uint8Array.of(2, 4, 7, 8)).map(({ path }) => path)).toEqual([
      'code',
      'value',
      'more',
    ]);
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
    ...[0, 25, 1.5].map((width): [string, () => unknown, Error] => [
      `a run of ${width} bits`,
      () => bit(width),
      new RangeError('bit fields are 1 to 24 bits wide'),
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

describe('places outside of the array', () => {
  it('are named', () => {
    expect(() => pair.decode(new Uint8Array(3), 1, 9)).toThrow(
      new RangeError('bytes 1 to 9 lie outside an array of 3 bytes'),
    );
    expect(() => pair.decode(new Uint8Array(3), -1)).toThrow(RangeError);
  });

  it('fields of variable size are not reached by a view', () => {
    const made = codec('made', 'this test', { size: u32, raw: rest });
    const view = made.view(new Uint8Array(4)) as unknown as { raw: unknown };
    expect(() => view.raw).toThrow(
      new TypeError('made: a view does not reach raw: decode the message'),
    );
  });
});
