/** Addresses as RFC 5952 writes them, with its own examples. */
import { expect, test } from 'vitest';
import { formatEndpoint, formatIp } from '../../../../src/codecs/ethernet/index.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';

test.each([
  ['0a000001', '10.0.0.1'],
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['20010000000000010000000000000001', '2001:0:0:1::1'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['00000000000000000000000000000000', '::'],
  ['fe800000000000000000000000000000', 'fe80::'],
])('%s is %s', (hex, text) => {
  expect(formatIp(parseHex(hex))).toBe(text);
});

test('with a port', () => {
  expect(formatEndpoint(Uint8Array.of(10, 0, 0, 1), 3260)).toBe('10.0.0.1:3260');
  expect(formatEndpoint(parseHex('00000000000000000000000000000001'), 860)).toBe('[::1]:860');
});
