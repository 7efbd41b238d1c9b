/** CHAP: values of RFC 1994 computed by another program (openssl), and the forms of RFC 7143, 6.1. */
import { expect, test } from 'vitest';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import {
  chapResponse,
  chooseAlgorithm,
  formatBinaryValue,
  parseBinaryValue,
  sameBytes,
} from '../../../../src/port/iscsi/chap.ts';
import { nodeHash } from '../../../helpers/iscsi-rig.ts';

// printf '\x17secret\x01\x02\x03' | openssl dgst -md5 (-sha1, -sha256)
test.each([
  ['MD5', 'ba2d6b54f205fd22af391cd3bb1956c8'],
  ['SHA-1', '4476d39f533c1f087d60fb1f39c022e64420b346'],
  ['SHA-256', '724022c438c30a42def8aa9f1f1361dd6d971a64ee5ff1daff2b79dfabeee85d'],
] as const)('%s over identifier, secret and challenge', (algorithm, expected) => {
  const response = chapResponse(nodeHash, algorithm, 0x17, 'secret', Uint8Array.of(1, 2, 3));
  expect(formatHex(response)).toBe(expected);
});

test('binary values: hex and base64', () => {
  expect(parseBinaryValue('0xaBc')).toEqual(Uint8Array.of(0x0a, 0xbc));
  expect(parseBinaryValue('0bAQID')).toEqual(Uint8Array.of(1, 2, 3));
  expect(parseBinaryValue('0bAQ==')).toEqual(Uint8Array.of(1));
  expect(formatBinaryValue(Uint8Array.of(1, 0xff))).toBe('0x01ff');
  for (const wrong of ['', 'abc', '0x', '0xg1', '0b!', '0bA', `0x${'00'.repeat(1025)}`])
    expect(parseBinaryValue(wrong), wrong).toBeUndefined();
});

test('the first algorithm that is known', () => {
  expect(chooseAlgorithm('8,7,5')).toBe('SHA-256');
  expect(chooseAlgorithm('5')).toBe('MD5');
  expect(chooseAlgorithm('8')).toBeUndefined();
  expect(chooseAlgorithm('')).toBeUndefined();
});

test('bytes are compared whole', () => {
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
});
