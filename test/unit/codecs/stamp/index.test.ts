/** What a block's stamp says when the block is not in one piece, or not in its place. */
import { describe, expect, test } from 'vitest';
import { putStamp, readStamp, STAMP_BYTES } from '../../../../src/codecs/stamp/index.ts';

const luId = new Uint8Array(16).fill(7);
const place = { lba: 99, luId };

function stamped(version: number, lba = place.lba): Uint8Array {
  const block = new Uint8Array(STAMP_BYTES);
  putStamp(block, 0, { writerId: 3, version, lba, luId });
  return block;
}

describe('a stamped block', () => {
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
});
