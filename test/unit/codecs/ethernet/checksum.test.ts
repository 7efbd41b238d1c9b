import { expect, it } from 'vitest';
import { addWords, checksumOf } from '../../../../src/codecs/ethernet/index.ts';

/** RFC 1071, 3: numerical example. */
const WORDS = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);

it('sums words as RFC 1071 does, and folds what runs over', () => {
  expect(addWords(WORDS, 0, 8)).toBe(0x2_ddf0);
  expect(checksumOf(0x2_ddf0)).toBe(~0xddf2 & 0xffff);
});

it('takes an odd last byte for a high one, and gives 0 over what holds its own checksum', () => {
  expect(addWords(WORDS, 0, 3)).toBe(0x0001 + 0xf200);
  const sum = checksumOf(addWords(WORDS, 0, 8));
  expect(checksumOf(addWords(Uint8Array.of(sum >> 8, sum & 0xff), 0, 2, 0x2_ddf0))).toBe(0);
});
