/** Views: heads read on access. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  CodecError,
  codec,
  of,
  parseHex,
  rest,
  sized,
  struct,
  u8,
  u16,
  u32,
  wwn,
} from '../../../../src/codecs/layout/index.ts';

const pair = codec('pair', 'this test', { first: u8, second: u16 });
const n = of<{ n: number }>((v) => v.n);

describe('a view', () => {
  const table = codec('table', 'this test', {
    a: bit(3),
    b: bit(13),
    c: u32,
    d: wwn,
    e: struct(pair),
  });
  const message = parseHex('a5 5a 80000001 2000525400aa0001 01 0203');

  it('reads each field where it is asked, as decode does', () => {
    const view = table.view(Uint8Array.of(0xff, ...message), 1);
    const { a, b, c, d, e } = view;
    expect({ a, b, c, d, e }).toEqual(table.decode(message));
    expect([a, b, c, d]).toEqual([5, 0x55a, 0x8000_0001, 0x2000_5254_00aa_0001n]);
  });

  it('sees what is written below it', () => {
    const bytes = message.slice();
    const view = table.view(bytes);
    bytes[5] = 2;
    expect(view.c).toBe(0x8000_0002);
  });

  it('is moved to another message', () => {
    const view = table.view(message);
    const other = new Uint8Array(message.length + 1);
    view.move(other, 1);
    expect([view.at, view.bytes, view.c]).toEqual([1, other, 0]);
    expect(() => view.move(other, 2)).toThrow(CodecError);
    expect(() => view.move(other, -1)).toThrow(RangeError);
  });

  const one = codec('one', 'this test', { a: u8 });
  const inside = new Uint8Array(new ArrayBuffer(16), 4, 4);

  it('is not moved out of its array', () => {
    const view = one.view(inside);
    expect(() => view.move(inside, 4)).toThrow(CodecError);
    view.move(Uint8Array.of(1, 2, 3), 2);
    expect(view.a).toBe(3);
  });

  it('does not reach a struct that lies behind a variable field', () => {
    const behind = codec('behind', 'this test', { n: u8, x: sized(n, rest), after: u8 });
    const view = behind.view(parseHex('01 ff 03'));
    expect(view.n).toBe(1);
    expect(() => view.after).toThrow(TypeError);
  });

  it('keeps its own names where a field behind the head has one of them', () => {
    const message = codec('message', 'test', { n: u8, bytes: rest });
    const given = parseHex('01 ff 03');
    const view = message.view(given);
    expect(view.bytes).toBe(given);
    view.move(given, 2);
    expect(view.n).toBe(3);
    expect(message.decode(given).bytes).toEqual(parseHex('ff 03'));
  });

  it('a field of variable size may be called as views call their own', () => {
    const odd = codec('odd', 'this test', { a: u8, bytes: rest });
    expect(odd.decode(Uint8Array.of(1, 2)).bytes).toEqual(Uint8Array.of(2));
    expect(odd.view(Uint8Array.of(1, 2)).a).toBe(1);
  });

  it('says so where a field of variable size is asked for', () => {
    const made = codec('made', 'this test', { size: u32, raw: rest });
    const view = made.view(new Uint8Array(4)) as unknown as { raw: unknown };
    expect(() => view.raw).toThrow(
      new TypeError('made: a view does not reach raw: decode the message'),
    );
  });
});
