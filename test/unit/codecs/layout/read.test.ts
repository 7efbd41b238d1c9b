/** From bytes to values: heads that are cut, places out of reach, what is read through a cursor. */
import { describe, expect, it } from 'vitest';
import {
  bit,
  bytes,
  Cursor,
  codec,
  mac,
  parseHex,
  rest,
  struct,
  text,
  u8,
  u16,
  u24,
  u64,
} from '../../../../src/codecs/layout/index.ts';
import { layOut } from '../../../../src/codecs/layout/layout.ts';
import { checkHead, interpretHead } from '../../../../src/codecs/layout/read.ts';
import { complaintOf } from '../../../helpers/complaint.ts';

const pair = codec('pair', 'this test', { first: u16, second: u8 });
const fields = codec('fields', 'this test', {
  one: u8,
  three: u24,
  run: bit(1),
  runs: bit(7),
  name: u64,
  port: mac,
  raw: bytes(2),
  words: text(3),
  inner: struct(pair),
});
const good = {
  one: 1,
  three: 1,
  run: 1,
  runs: 1,
  name: 1n,
  port: '00:00:00:00:00:01',
  raw: new Uint8Array(2),
  words: 'abc',
  inner: { first: 1, second: 1 },
};

describe('bytes that are cut', () => {
  it.each([
    [0, 'one', 0],
    [1, 'three', 1],
    [3, 'three', 1],
    [4, 'run', 4],
    [5, 'name', 5],
    [12, 'name', 5],
    [13, 'port', 13],
    [20, 'raw', 19],
    [26, 'inner', 24],
  ] as const)('at %i bytes name the first field without room', (length, field, offset) => {
    const wanted = {
      fault: 'truncated',
      field,
      what: `the message needs 27 bytes, ${length} remain`,
      neededBytes: 27,
    };
    const cut = new Uint8Array(length);
    for (const call of [() => fields.decode(cut), () => fields.spans(cut), () => fields.view(cut)])
      expect(complaintOf(call, 'fields')).toEqual({ ...wanted, offset });
    const within = new Uint8Array(length + 4);
    expect(complaintOf(() => fields.decode(within, 3, 3 + length), 'fields')).toEqual({
      ...wanted,
      offset: 3 + offset,
    });
  });

  it('a region that ends before it begins has none', () => {
    expect(complaintOf(() => fields.decode(new Uint8Array(40), 9, 4), 'fields')).toMatchObject({
      field: 'one',
      offset: 9,
      what: 'the message needs 27 bytes, 0 remain',
    });
  });

  it('a view of the exact length is none of them', () => {
    expect(fields.view(fields.encode(good)).inner).toEqual(good.inner);
  });
});

describe('places outside of the array', () => {
  const one = codec('one', 'this test', { a: u8 });
  const inside = new Uint8Array(new ArrayBuffer(16), 4, 4);

  it.each([
    ['decode before it', () => one.decode(inside, -1)],
    ['decode behind it', () => one.decode(inside, 0, 5)],
    ['decode at no number', () => one.decode(inside, Number.NaN)],
    ['view before it', () => one.view(inside, -1)],
    ['spans behind it', () => one.spans(inside, 0, 5)],
    ['write behind it', () => one.write(inside, 4, { a: 1 })],
    ['write before it', () => one.write(inside, -1, { a: 1 })],
  ])('are the caller’s mistake: %s', (_title, call) => expect(call).toThrow(RangeError));
});

describe('a region outside of its array', () => {
  it('are named', () => {
    expect(() => pair.decode(new Uint8Array(3), 1, 9)).toThrow(
      new RangeError('bytes 1 to 9 lie outside an array of 3 bytes'),
    );
    expect(() => pair.decode(new Uint8Array(3), -1)).toThrow(RangeError);
  });
});

describe('a message read through a cursor', () => {
  const table = codec('table', 'this test', { a: u8, data: rest }, 'KIND');

  it('goes as far as the message does, and leaves what is behind', () => {
    const cursor = new Cursor(parseHex('ff 0102 03 04 ff'), 1, 5);
    expect(pair.read(cursor)).toEqual({ first: 0x102, second: 3 });
    expect([cursor.at, cursor.remaining]).toEqual([4, 1]);
    expect(table.read(cursor)).toEqual({ kind: 'KIND', a: 4, data: new Uint8Array(0) });
    expect(cursor.remaining).toBe(0);
  });

  it('is not read where its head has no room', () => {
    const cursor = new Cursor(new Uint8Array(2), 0, 2);
    expect(complaintOf(() => pair.read(cursor), 'pair')).toMatchObject({
      field: 'second',
      offset: 2,
    });
    expect(cursor.at).toBe(0);
  });
});

describe('a head read field by field', () => {
  it('is what decode gives', () => {
    const layout = layOut('pair', 'KIND', pair.table);
    const message = parseHex('ff 0102 03');
    expect(interpretHead(layout)(message, 1)).toEqual({ kind: 'KIND', first: 0x102, second: 3 });
    expect(() => checkHead(layout, 1, 4)).not.toThrow();
    expect(() => checkHead(layout, 1, 3)).toThrow(
      'pair: second at byte 3: the message needs 3 bytes, 2 remain',
    );
  });
});
