/** Families: members told apart by a code. */
import { describe, expect, it } from 'vitest';
import {
  CodecError,
  codec,
  derived,
  embed,
  family,
  list,
  named,
  of,
  parseHex,
  rest,
  sized,
  u8,
  u16,
  withDefault,
} from '../../../../src/codecs/layout/index.ts';
import { complaintOf } from '../../../helpers/complaint.ts';

const Type = { NUMBER: 1, DATA: 2 } as const;

const number = codec(
  'number',
  'this test',
  { type: withDefault(named(u8, Type), Type.NUMBER), words: withDefault(u8, 1), value: u16 },
  'NUMBER',
);
const data = codec(
  'data',
  'this test',
  {
    type: withDefault(named(u8, Type), Type.DATA),
    words: derived(u8, (_v, sizeOf) => (2 + sizeOf('raw')) / 4),
    raw: rest,
  },
  'DATA',
);
/** Type, length in words of 4 bytes, contents. */
const descriptor = family('descriptor', 'this test', {
  members: { NUMBER: number, DATA: data },
  select: (bytes, at) =>
    bytes[at] === 1 ? 'NUMBER' : bytes[at] === 2 ? 'DATA' : (String(bytes[at]) as never),
  peekBytes: 2,
  extent: (bytes, at) => 4 * bytes[at + 1]!,
});
const descriptors = codec('descriptors', 'this test', {
  n: derived(u8, (_v, sizeOf) => sizeOf('all')),
  all: sized(
    of<{ n: number }>((v) => v.n),
    list(descriptor),
  ),
});

const message = parseHex('10  01 01 1234  02 02 aabbccddeeff  09 01 0506');

describe('a family', () => {
  it('tells its members apart and keeps what none of them claims', () => {
    const value = descriptors.decode(message);
    expect(value.all).toEqual([
      { kind: 'NUMBER', type: 1, words: 1, value: 0x1234 },
      { kind: 'DATA', type: 2, words: 2, raw: parseHex('aabbccddeeff') },
      { kind: 'unknown', raw: parseHex('09 01 0506') },
    ]);
    expect(descriptors.encode(value)).toEqual(message);
  });

  it('fills in codes and lengths', () => {
    const all = [
      { kind: 'NUMBER', value: 0x1234 },
      { kind: 'DATA', raw: parseHex('aabbccddeeff') },
      { kind: 'unknown', raw: parseHex('09 01 0506') },
    ] as const;
    expect(descriptors.encode({ all: [...all] })).toEqual(message);
  });

  it('has the spans of its members', () => {
    const spans = descriptors.spans(message).map((span) => [span.path, span.offset, span.length]);
    expect(spans).toEqual([
      ['n', 0, 1],
      ['all[0].type', 1, 1],
      ['all[0].words', 2, 1],
      ['all[0].value', 3, 2],
      ['all[1].type', 5, 1],
      ['all[1].words', 6, 1],
      ['all[1].raw', 7, 6],
      ['all[2].raw', 13, 4],
    ]);
  });

  it('keeps to the length that a member states, and what is behind it apart', () => {
    const region = parseHex('02 01 aabb ccdd');
    const value = descriptor.decode(region);
    expect(value).toMatchObject({
      kind: 'DATA',
      raw: parseHex('aabb'),
      trailing: parseHex('ccdd'),
    });
    expect(descriptor.encode(value as never)).toEqual(region);
    expect(descriptor.spans(region).map((span) => [span.path, span.offset, span.length])).toEqual([
      ['type', 0, 1],
      ['words', 1, 1],
      ['raw', 2, 2],
      ['trailing', 4, 2],
    ]);
    const padded = parseHex('01 02 1234 5678 9abc de');
    expect(descriptor.decode(padded)).toMatchObject({
      value: 0x1234,
      trailing: parseHex('56789abcde'),
    });
    expect(descriptor.encode(descriptor.decode(padded) as never)).toEqual(padded);
  });

  it.each([
    ['no bytes', '', 'truncated', 0],
    ['one byte', '01', 'truncated', 0],
    ['a length of 0', '0100 1234', 'bad-length', 0],
    ['a length past the end', '0102 1234', 'bad-length', 0],
  ])('refuses %s', (_title, wire, fault, offset) => {
    for (const call of [
      () => descriptor.decode(parseHex(wire)),
      () => descriptor.spans(parseHex(wire)),
      () => codec('one', 'this test', { one: embed(descriptor) }).decode(parseHex(wire)),
    ]) {
      expect(call).toThrow(CodecError);
      expect(call).toThrow(expect.objectContaining({ fault, offset, layer: 'descriptor' }));
    }
  });

  it('finds no member in a name that all objects have', () => {
    const named = family('named', 'this test', {
      members: { NUMBER: number },
      select: () => 'constructor' as never,
      peekBytes: 1,
    });
    expect(named.decode(Uint8Array.of(1))).toEqual({ kind: 'unknown', raw: Uint8Array.of(1) });
  });

  it.each([
    undefined,
    null,
    1,
    {},
    { kind: 'LETTER' },
    { kind: 'unknown', raw: 'x' },
    { kind: 'unknown' },
  ])('refuses to encode %j', (value) => {
    expect(() => descriptor.encode(value as never)).toThrow(CodecError);
    expect(() => descriptors.encode({ all: [value as never] })).toThrow(CodecError);
  });

  it('needs a kind for each member, and one of its own', () => {
    const declare = (members: never) =>
      family('x', 'y', { members, select: () => undefined, peekBytes: 1 });
    const plain = codec('plain', 'y', { a: u8 });
    expect(() => declare({ plain } as never)).toThrow(TypeError);
    const other = codec('other', 'y', { a: u8 }, 'NUMBER');
    expect(() => declare({ number, other } as never)).toThrow(TypeError);
    const unknown = codec('unknown', 'y', { a: u8 }, 'unknown');
    expect(() => declare({ unknown } as never)).toThrow(TypeError);
  });
});

describe('what a family says', () => {
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
