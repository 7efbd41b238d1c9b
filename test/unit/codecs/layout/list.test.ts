/** Lists, by bytes written out by hand, and what is said of those that cannot be. */
import { describe, expect, it } from 'vitest';
import {
  CodecError,
  codec,
  list,
  of,
  parseHex,
  rest,
  sized,
  u8,
  u16,
  u32,
} from '../../../../src/codecs/layout/index.ts';
import { complaintOf } from '../../../helpers/complaint.ts';

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

const numbers = codec('numbers', 'this test', {
  count: u8,
  elements: list(u16, { count: of<{ count: number }>((value) => value.count), max: 3 }),
});

describe('what is said of a list', () => {
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
});
