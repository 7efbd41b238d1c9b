/** Commands that touch the same blocks follow each other, and others do not wait for them. */
import { expect, test } from 'vitest';
import { WriteOrder } from '../../../../src/array/pair/write-order.ts';

function rig() {
  const order = new WriteOrder();
  const ran: string[] = [];
  const releases = new Map<string, () => void>();
  const enter = (name: string, lba: number, blocks: number, changes: boolean, unit = 0) =>
    order.enter({ unit, lba, blocks, changes }, (release) => {
      ran.push(name);
      releases.set(name, release);
    });
  return { order, ran, enter, release: (name: string) => releases.get(name)!() };
}

test('a change waits for what touches its blocks, in the order in which they came', () => {
  const { enter, order, ran, release } = rig();
  enter('w1', 0, 8, true);
  enter('r1', 7, 1, false);
  enter('w2', 4, 8, true);
  enter('w3', 8, 1, true);
  enter('other unit', 0, 8, true, 1);
  expect(ran).toEqual(['w1', 'other unit']);
  release('w1');
  expect(ran).toEqual(['w1', 'other unit', 'r1']);
  release('r1');
  expect(ran.at(-1)).toBe('w2');
  release('w2');
  expect(ran.at(-1)).toBe('w3');
  release('w3');
  release('w3');
  expect(order.size).toBe(1);
});

test('reads do not wait for reads, and one of all blocks waits for each', () => {
  const { enter, ran, release } = rig();
  enter('r1', 0, 8, false);
  enter('r2', 0, 8, false);
  enter('all', 0, Number.POSITIVE_INFINITY, true);
  expect(ran).toEqual(['r1', 'r2']);
  release('r2');
  expect(ran).toHaveLength(2);
  release('r1');
  expect(ran.at(-1)).toBe('all');
});
