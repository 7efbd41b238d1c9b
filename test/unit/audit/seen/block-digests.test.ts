import { expect, test } from 'vitest';
import { noteData, seenBlocks } from '../../../../src/audit/seen/block-digests.ts';

const bytes = (count: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (i * 3 + seed) & 0xff);

test('whole blocks have digests, by what they hold', () => {
  const blocks = seenBlocks('u', 8, 4, 512)!;
  noteData(blocks, 512, bytes(1024, 1));
  const [first, second, third, fourth] = blocks.digests;
  expect([first, fourth]).toEqual([undefined, undefined]);
  expect(second).toBeDefined();
  const same = seenBlocks('u', 0, 1, 512)!;
  noteData(same, 0, bytes(1024, 1).subarray(0, 512));
  expect(same.digests).toEqual([second]);
  noteData(same, 0, bytes(512, 2));
  expect(same.digests).not.toEqual([second]);
  // 512 is no multiple of 256 / 3, but what repeats every 256 bytes is the same in every block.
  expect(third).toBe(second);
});

test('pieces of blocks, blocks of one value, and more than are looked at tell nothing', () => {
  const blocks = seenBlocks('u', 0, 2, 512)!;
  noteData(blocks, 100, bytes(500, 1));
  expect(blocks.digests).toEqual([undefined, undefined]);
  noteData(blocks, 100, bytes(924, 1));
  expect(blocks.digests[0]).toBeUndefined();
  expect(blocks.digests[1]).toBeDefined();
  noteData(blocks, 0, new Uint8Array(1024).fill(7));
  expect(blocks.digests).toEqual([undefined, undefined]);
  for (const [count, each] of [
    [0, 512],
    [5000, 512],
    [1, 100],
  ] as const)
    expect(seenBlocks('u', 0, count, each)).toBeUndefined();
});
