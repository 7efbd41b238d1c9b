/** Pieces of CT_IUs. */
import { describe, expect, test } from 'vitest';
import {
  accept,
  bareAccept,
  bareRequest,
  countedName,
  listUntil,
  request,
} from '../../../../src/codecs/ct/parts.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { codec, u8, u16 } from '../../../../src/codecs/layout/index.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { hasLayout } from '../../../../src/codecs/without-layout.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const server = { gsType: 0xfa, gsSubtype: 0x03 };

describe('requests and accepts', () => {
  test('have the preamble of their server and command, and a body', () => {
    const asked = request(server, 'FC-GS-7, test', 'GZC', 0x0100, { n: u16 });
    expectVector(asked, `${preamble('fa03', '0100')} 0007`, { kind: 'GZC', n: 7 });
    expectEncoded(asked, { n: 7 }, `${preamble('fa03', '0100')} 0007`);
    expect([asked.name, asked.source]).toEqual(['GZC', 'FC-GS-7, test, GZC']);
    const answered = accept(server, 'FC-GS-7, test', 'GZC', { n: u8 });
    expectEncoded(answered, { n: 7 }, `${preamble('fa03', ACCEPT)} 07`);
    expect([answered.kind, answered.name]).toEqual(['CT_ACC GZC', 'CT_ACC to GZC']);
  });

  test('without a public layout say so, and keep a payload', () => {
    const asked = bareRequest(server, 'FC-GS-7, test', 'CMIT', 0x7ffb);
    expectEncoded(asked, { payload: parseHex('0102') }, `${preamble('fa03', '7ffb')} 0102`);
    expect(hasLayout(asked)).toBe(false);
    const answered = bareAccept(server, 'FC-GS-7, test', 'CMIT');
    expectEncoded(answered, { payload: parseHex('03') }, `${preamble('fa03', ACCEPT)} 03`);
    expect(hasLayout(answered)).toBe(false);
  });
});

describe('a list that says where it ends', () => {
  const element = codec('element', 'this test', { last: u8, value: u8 });
  const table = codec('list', 'this test', { items: listUntil(element, ({ last }) => last !== 0) });

  test('is read up to its last element, and what follows is trailing', () => {
    const bytes = parseHex('0001 8002 0003');
    const value = table.decode(bytes);
    expect(value.items.map((one) => one.value)).toEqual([1, 2]);
    expect(value.trailing).toEqual(parseHex('0003'));
    expect(table.encode(value)).toEqual(bytes);
    expect(table.spans(bytes).map(({ path }) => path)).toEqual([
      'items[0].last',
      'items[0].value',
      'items[1].last',
      'items[1].value',
      'trailing',
    ]);
  });

  test('ends with the bytes where no element says so, and is refused where it is none', () => {
    expect(table.decode(parseHex('0001 00'))).toMatchObject({
      items: [{ value: 1 }],
      trailing: Uint8Array.of(0),
    });
    expect(() => table.encode({ items: 7 as never })).toThrow(CodecError);
  });
});

describe('a counted name', () => {
  const table = codec('named', 'this test', countedName());

  test('has its length in front', () => {
    expectVector(table, '05 68656c6c6f', { nameLengthBytes: 5, name: 'hello' });
    expectEncoded(table, { name: '' }, '00');
    expect(() => table.encode({ name: 'x'.repeat(256) })).toThrow(CodecError);
  });
});
