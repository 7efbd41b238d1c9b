/** What a block's stamp says when the block is not in one piece, or not in its place. */
import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  blockStamp,
  putStamp,
  readStamp,
  STAMP_BYTES,
  stampIn,
} from '../../../../src/codecs/stamp/index.ts';

const luId = new Uint8Array(16).fill(7);
const place = { lba: 99, luId };

function stamped(version: number, lba = place.lba): Uint8Array {
  const block = new Uint8Array(STAMP_BYTES);
  putStamp(block, 0, { writerId: 3, version, lba, luId });
  return block;
}

describe('a stamped block', () => {
  test('says of itself who wrote it, in whatever place; units are told apart', () => {
    const bytes = new Uint8Array(2 * STAMP_BYTES);
    bytes.set(stamped(12), 100);
    expect(stampIn(bytes, 100)).toMatchObject({ writerId: 3, version: 12 });
    expect(stampIn(bytes, 99)).toBeUndefined();
    expect(stampIn(new Uint8Array(STAMP_BYTES), 0)).toBeUndefined();
    expect(stampIn(bytes.subarray(100, 104), 0)).toBeUndefined();
    const other = new Uint8Array(STAMP_BYTES);
    putStamp(other, 0, { writerId: 3, version: 12, lba: 99, luId: new Uint8Array(16).fill(8) });
    expect(stampIn(other, 0)?.unit).not.toBe(stampIn(bytes, 100)?.unit);
  });

  test('names its writer and version', () => {
    expect(readStamp(stamped(12), 0, place)).toEqual({ found: 'stamp', writerId: 3, version: 12 });
    expect(readStamp(new Uint8Array(STAMP_BYTES), 0, place)).toEqual({ found: 'blank' });
  });

  test.each([56, 64, 256, 400, 492])('torn at byte %i holds parts of two writes', (at) => {
    const block = stamped(12);
    block.set(stamped(13).subarray(at), at);
    expect(readStamp(block, 0, place)).toMatchObject({ found: 'wrong', fault: 'torn' });
  });

  test.each([0, 9, 20, 200, 508])('with a bit flipped in byte %i is damaged', (at) => {
    const block = stamped(12);
    block[at]! ^= 0x10;
    expect(readStamp(block, 0, place)).toMatchObject({ found: 'wrong', fault: 'damaged' });
  });

  test('of another place is misplaced', () => {
    expect(readStamp(stamped(12, 98), 0, place)).toMatchObject({
      found: 'wrong',
      why: 'belongs to LBA 98',
      fault: 'misplaced',
    });
  });

  test('of another logical unit is misplaced', () => {
    const elsewhere = { lba: 99, luId: new Uint8Array(16).fill(8) };
    expect(readStamp(stamped(12), 0, elsewhere)).toMatchObject({
      found: 'wrong',
      why: 'belongs to another logical unit',
      fault: 'misplaced',
    });
  });

  test('is read where it lies, and nothing else is a stamp', () => {
    const blocks = new Uint8Array(2 * STAMP_BYTES);
    blocks.set(stamped(5), STAMP_BYTES);
    expect(readStamp(blocks, STAMP_BYTES, place)).toMatchObject({ found: 'stamp', version: 5 });
    blocks.fill(0x41, 0, STAMP_BYTES);
    expect(readStamp(blocks, 0, place)).toEqual({
      found: 'wrong',
      why: 'no stamp',
      fault: 'damaged',
    });
  });

  test('byte by byte: magic, writer, version, LBA, logical unit, fill, CRC-32', () => {
    const lba = 2 ** 32 + 2;
    const block = stamped(0x0102, lba);
    expect(block.subarray(0, 44)).toEqual(
      parseHex(
        `53414e4d4f544e31 00000003 00000102 0000000100000002 ${'07'.repeat(16)} 00000000`.replaceAll(
          ' ',
          '',
        ),
      ),
    );
    expect(new DataView(block.buffer).getUint32(508)).toBe(zlibCrc32(block.subarray(0, 508)));
    const value = blockStamp.decode(block);
    expect(value).toMatchObject({ magic: 'SANMOTN1', writerId: 3, version: 0x0102, luId });
    expect(value.lba).toBe(BigInt(lba));
    expect(blockStamp.encode(value)).toEqual(block);
    expect(readStamp(block, 0, { lba, luId })).toMatchObject({ found: 'stamp', version: 0x0102 });
  });

  test('fills differ between neighbours in version, so that a tear shows anywhere', () => {
    const one = stamped(12);
    const next = stamped(13);
    for (let at = 44; at < 508; at += 4)
      expect(one.subarray(at, at + 4), String(at)).not.toEqual(next.subarray(at, at + 4));
  });
});
