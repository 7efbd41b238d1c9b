/** Where legs may differ, region by region. */
import { expect, test } from 'vitest';
import { Difference } from '../../../../src/array/pair/difference.ts';

test('blocks are kept as the regions that they touch, and given up one by one', () => {
  const differs = new Difference(100);
  differs.set(7, 2);
  differs.set(97, 3);
  expect(differs.runs()).toEqual([
    { lba: 0, blocks: 8 },
    { lba: 8, blocks: 8 },
    { lba: 96, blocks: 4 },
  ]);
  expect([differs.meets(15, 1), differs.meets(16, 80), differs.meets(95, 2)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(differs.first).toBe(0);
  differs.clear(0);
  expect([differs.first, differs.size]).toEqual([1, 2]);
  differs.clearAll();
  expect([differs.first, differs.size]).toEqual([undefined, 0]);
});

test('a map is taken over as bytes; bits behind the last region mean nothing', () => {
  const one = new Difference(100);
  one.set(8, 1);
  const other = new Difference(100);
  other.set(99, 1);
  expect(one.encode()).toEqual(Uint8Array.of(2, 0));
  other.join(one.encode());
  other.join(Uint8Array.of(0, 0xff, 0xff));
  expect(other.runs().map(({ lba }) => lba)).toEqual([8, 64, 72, 80, 88, 96]);
});

test('the map of a large unit is no longer than one command asks for', () => {
  for (const blocks of [1, 8, 2 ** 22, 2 ** 22 + 1, 2 ** 40])
    expect(new Difference(blocks).bytes).toBeLessThanOrEqual(64 * 1024);
  expect(new Difference(2 ** 40).regionBlocks).toBe(2 ** 21);
});
