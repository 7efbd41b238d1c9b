/** What commands change on a leg is noted once, for the other leg. */
import { expect, test } from 'vitest';
import { MirroredMedium } from '../../../../src/array/pair/mirrored-medium.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';

test('writes and unmaps reach the leg, and are taken in their order', () => {
  const leg = new MemoryMedium(64);
  const medium = new MirroredMedium(leg);
  const data = new Uint8Array(1024).fill(7);
  medium.write(4, data);
  data.fill(9);
  medium.unmap(5, 1);
  expect([leg.read(4, 1)[0], medium.read(5, 1)[0]]).toEqual([7, 0]);
  const [write, unmap] = medium.take();
  expect([write!.lba, write!.blocks, write!.data![0]]).toEqual([4, 2, 7]);
  expect(unmap).toEqual({ lba: 5, blocks: 1, data: undefined });
  expect(medium.take()).toEqual([]);
  expect(medium.mappedRun(4)).toEqual({ mapped: true, blocks: 1 });
  expect(medium.blocks).toBe(64);
});

test('says whose leg a block is on, and where there', () => {
  const medium = new MirroredMedium(new MemoryMedium(64), 'east');
  medium.write(5, new Uint8Array(512));
  const [leg, ...below] = medium.storedAt(5);
  expect(leg).toEqual({ layer: 'leg', name: 'east', block: 5 });
  expect(below.map(({ layer }) => layer)).toContain('extent');
});
