/** Text that ends at a byte of zero. */
import { expect, test } from 'vitest';
import { CodecError, codec, list, textToZero, u8 } from '../../../../src/codecs/layout/index.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const message = codec('message', 'test', { first: u8, text: textToZero, rest: list(u8) });

test('ends behind its zero, and goes on with the next field', () => {
  expectVector(message, '07 61 62 00 09', { first: 7, text: 'ab', rest: [9] }, 2);
  expectEncoded(message, { first: 7, text: '', rest: [] }, '07 00');
});

test('is truncated without a zero', () => {
  expect(() => message.decode(Uint8Array.of(1, 0x61))).toThrow(
    expect.objectContaining({ fault: 'truncated', field: 'text', neededBytes: 2 }),
  );
});

test('takes neither a zero nor a character of two bytes', () => {
  for (const text of ['a\0b', 'a€'])
    expect(() => message.encode({ first: 1, text, rest: [] })).toThrow(CodecError);
});
