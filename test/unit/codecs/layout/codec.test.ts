/** A message declared once, and all that comes of it. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  CodecError,
  Cursor,
  codec,
  derived,
  fcId,
  hex,
  named,
  parseHex,
  rest,
  u8,
  u16,
  withDefault,
} from '../../../../src/codecs/layout/index.ts';

const Command = { ASK: 1, TELL: 2 } as const;
const message = codec(
  'message',
  'this test, clause 4',
  {
    command: withDefault(named(u8, Command), Command.ASK),
    flag: bit(1),
    priority: withDefault(bit(7), 3),
    nPortId: fcId,
    lengthBytes: derived(u16, (_value, sizeOf) => sizeOf('data')),
    data: rest,
  },
  'MESSAGE',
);
const WIRE = parseHex('02 85 010e01 0002 aabb');
const VALUE = {
  kind: 'MESSAGE',
  command: 2,
  flag: 1,
  priority: 5,
  nPortId: 0x01_0e01,
  lengthBytes: 2,
  data: Uint8Array.of(0xaa, 0xbb),
} as const;

describe('a codec', () => {
  it('says what it is of', () => {
    const { name, source, kind, headBytes, minBytes, table } = message;
    expect({ name, source, kind, headBytes, minBytes }).toEqual({
      name: 'message',
      source: 'this test, clause 4',
      kind: 'MESSAGE',
      headBytes: 7,
      minBytes: 7,
    });
    expect(Object.keys(table)).toEqual([
      'command',
      'flag',
      'priority',
      'nPortId',
      'lengthBytes',
      'data',
    ]);
    expect(codec('plain', 'this test', { a: u8 }).kind).toBeUndefined();
  });

  it('decodes, views and encodes, anywhere in an array', () => {
    const within = Uint8Array.of(0xff, ...WIRE, 0xff);
    expect(message.decode(within, 1, 10)).toEqual(VALUE);
    expect(message.view(within, 1).nPortId).toBe(0x01_0e01);
    expect(message.read(new Cursor(within, 1, 10))).toEqual(VALUE);
    expect(message.encode(VALUE)).toEqual(WIRE);
    expect(message.sizeOf(VALUE)).toBe(9);
    const target = new Uint8Array(11).fill(0xa5);
    expect(message.write(target, 1, VALUE)).toBe(10);
    expect(target).toEqual(Uint8Array.of(0xa5, ...WIRE, 0xa5));
    expect(message.spans(within, 1, 10)).toHaveLength(6);
  });

  it('fills in what has a default', () => {
    const { nPortId, data } = VALUE;
    expect(message.encode({ flag: 0, nPortId, data })).toEqual(parseHex('01 03 010e01 0002 aabb'));
    expect(() => message.encode({ nPortId } as never)).toThrow(CodecError);
  });

  it('has properties in wire order, whatever was read first', () => {
    expect(Object.keys(message.decode(WIRE))).toEqual(Object.keys(VALUE));
  });

  it('shows fields by their tables', () => {
    const shown = codec('shown', 'this test', { a: named(u8, Command), b: hex(u16) });
    expect(shown.spans(parseHex('02 0abc')).map(({ text }) => text)).toEqual([
      'TELL (0x02)',
      '0x0abc',
    ]);
  });
});
