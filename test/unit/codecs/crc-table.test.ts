/** CRCs by table, beside the definition bit by bit. */
import { expect, test } from 'vitest';
import { crcByTable } from '../../../src/codecs/crc-table.ts';

function bitByBit(bytes: Uint8Array, polynomial: number): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  }
  return ~crc >>> 0;
}

test.each([0xedb8_8320, 0x82f6_3b78, 0xeb31_d82e])(
  'polynomial %i at every length',
  (polynomial) => {
    const crc = crcByTable(polynomial);
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => (i * 37 + 11) & 0xff);
    for (let length = 0; length <= bytes.length; length++)
      expect(crc(bytes, 0, length)).toBe(bitByBit(bytes.subarray(0, length), polynomial));
  },
);
