/** Pieces of ELS payloads. */
import { describe, expect, test } from 'vitest';
import {
  acceptHead,
  commandCode,
  complete,
  head,
  pages,
  plainAccept,
  plainRequest,
  whereBytesRemain,
} from '../../../../src/codecs/els/parts.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { codec, fixedTail, of, u8, u16 } from '../../../../src/codecs/layout/index.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('the first word', () => {
  test('is the command and three reserved bytes', () => {
    const table = codec('request', 'this test', head(0x0e));
    expectVector(table, '0e010203', { command: 0x0e, reserved1: 0x01_0203 });
    expectEncoded(table, {}, '0e000000');
    expectEncoded(codec('accept', 'this test', acceptHead), {}, '02000000');
    const short = codec('byte', 'this test', { command: commandCode(0x61), n: u8 });
    expectEncoded(short, { n: 4 }, '6104');
  });

  test('is all that plain requests and accepts have', () => {
    expectVector(plainRequest('RTV'), '0e000000', { kind: 'RTV' });
    expect(plainRequest('RTV').source).toBe('FC-LS-3, RTV');
    expectVector(plainAccept('SCN', 'FC-PH-2'), '02000000', { kind: 'LS_ACC SCN' });
    expect(plainAccept('SCN', 'FC-PH-2').source).toBe('FC-PH-2, SCN accept');
  });
});

describe('pages', () => {
  const page = codec('page', 'this test', { value: u8 });
  const table = codec('paged', 'this test', {
    pageLengthBytes: u8,
    pages: pages(
      page,
      of<{ pageLengthBytes: number }>((value) => value.pageLengthBytes),
    ),
  });

  test('are as long as the field says; what a page has beyond its layout is kept', () => {
    const bytes = parseHex('02 0a0b 0c0d');
    const value = table.decode(bytes);
    expect(value.pages).toEqual([
      { value: 10, trailing: Uint8Array.of(11) },
      { value: 12, trailing: Uint8Array.of(13) },
    ]);
    expect(table.encode(value)).toEqual(bytes);
    expect(table.spans(bytes).map(({ path, offset }) => [path, offset])).toEqual([
      ['pageLengthBytes', 0],
      ['pages[0].value', 1],
      ['pages[0].trailing', 2],
      ['pages[1].value', 3],
      ['pages[1].trailing', 4],
    ]);
  });

  test('that are not whole are left unread', () => {
    const value = table.decode(parseHex('02 0a0b 0c'));
    expect(value.pages).toHaveLength(1);
    expect(value.trailing).toEqual(Uint8Array.of(12));
  });

  test('of no bytes, and what is no list, are refused', () => {
    expect(() => table.decode(parseHex('00 0a'))).toThrow('pages of 0 bytes');
    expect(() => table.encode({ pageLengthBytes: 1, pages: 7 as never })).toThrow(CodecError);
  });
});

describe('a field that may be left out', () => {
  const table = codec('table', 'this test', { n: u8, more: whereBytesRemain(2, fixedTail(u16)) });

  test('is there where its bytes are', () => {
    expectVector(table, '01 0203', { n: 1, more: 0x203 }, 3);
    expect(table.decode(parseHex('01 02'))).toEqual({
      n: 1,
      more: undefined,
      trailing: Uint8Array.of(2),
    });
    expectEncoded(table, { n: 1 }, '01');
  });
});

describe('complete', () => {
  test('fills in what input leaves out', () => {
    expect(complete(codec('request', 'this test', head(5)), {})).toEqual({
      command: 5,
      reserved1: 0,
    });
  });
});
