/** CRC-32C: the examples of RFC 7143, A.4, whose bytes stand as they go out. */
import { expect, test } from 'vitest';
import { crc32c } from '../../../src/codecs/crc32c.ts';
import { formatHex, u32le } from '../../../src/codecs/layout/index.ts';

const stored = (bytes: Uint8Array): string => {
  const digest = new Uint8Array(4);
  u32le.write(digest, 0, 0, crc32c(bytes));
  return formatHex(digest, ' ');
};

test('32 zeros, 32 ones, counting up, counting down', () => {
  expect(stored(new Uint8Array(32))).toBe('aa 36 91 8a');
  expect(stored(new Uint8Array(32).fill(0xff))).toBe('43 ab a8 62');
  expect(stored(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe('4e 79 dd 46');
  expect(stored(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe('5c db 3f 11');
});

test('goes on where another part ended', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7);
  for (const at of [0, 1, 9, 64, 100])
    expect(crc32c(bytes, at, 100, crc32c(bytes, 0, at))).toBe(crc32c(bytes));
});
