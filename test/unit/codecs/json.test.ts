/** What a codec gives as JSON. */
import { expect, test } from 'vitest';
import { flogi } from '../../../src/codecs/els/index.ts';
import { toJson } from '../../../src/codecs/json.ts';

test('a value with names and bytes, which JSON.stringify refuses', () => {
  const value = flogi.decode(new Uint8Array(116).fill(0x20, 20, 28));
  expect(() => JSON.stringify(value)).toThrow(TypeError);
  expect(JSON.parse(toJson(value))).toMatchObject({
    portName: '20:20:20:20:20:20:20:20',
    vendorVersion: '0'.repeat(32),
    class1: { options: 0 },
  });
});

test('large numbers as digits, what is missing as nothing, and never a broken text', () => {
  const value = {
    lba: 5n,
    none: undefined,
    list: [1n, undefined],
    text: 'a"\u0007\u2192',
    nan: NaN,
  };
  expect(JSON.parse(toJson(value))).toEqual({
    lba: '5',
    list: ['1', null],
    text: 'a"\u0007\u2192',
    nan: null,
  });
  expect(toJson(undefined)).toBe('null');
  expect(toJson({ raw: new Uint8Array([1]) }, () => 'hex')).toBe('{"raw":"hex"}');
});
