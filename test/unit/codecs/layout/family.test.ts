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
