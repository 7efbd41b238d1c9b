import { describe, expect, it } from 'vitest';
import { TimeHeap } from '../../../src/machine/heap.ts';
import { streams } from '../../../src/machine/random.ts';

type Entry = { readonly time: number; readonly order: number; readonly item: number };

const sorted = (entries: readonly Entry[]): Entry[] =>
  [...entries].sort((a, b) => a.time - b.time || a.order - b.order);

/** Takes everything out. */
function emptied(heap: TimeHeap): number[] {
  const items: number[] = [];
  while (heap.size > 0) {
    items.push(heap.first);
    heap.removeFirst();
  }
  return items;
}

describe('TimeHeap', () => {
  it('gives items in the order of time, then of entry, also while others come', () => {
    const random = streams(1).stream('heap');
    const heap = new TimeHeap(1);
    let entries: Entry[] = [];
    for (let order = 0; order < 4_000; order++) {
      const entry = { time: random.below(40), order, item: order };
      entries.push(entry);
      heap.add(entry.time, order, entry.item);
      while (heap.size > 0 && random.chance(0.45)) {
        const [first] = sorted(entries);
        expect([heap.firstTime, heap.first]).toEqual([first!.time, first!.item]);
        heap.removeFirst();
        entries = entries.filter((one) => one !== first);
      }
      expect(heap.size).toBe(entries.length);
    }
    expect(entries.length).toBeGreaterThan(100);
    expect(emptied(heap)).toEqual(sorted(entries).map(({ item }) => item));
  });

  it('keepOnly asks once for each item and leaves the order alone', () => {
    const random = streams(2).stream('heap');
    const heap = new TimeHeap();
    const entries = Array.from({ length: 500 }, (_, order) => ({
      time: random.below(50),
      order,
      item: order * 3,
    }));
    for (const { time, order, item } of entries) heap.add(time, order, item);
    const asked: number[] = [];
    heap.keepOnly((item) => {
      asked.push(item);
      return item % 2 === 0;
    });
    expect(asked.sort((a, b) => a - b)).toEqual(entries.map(({ item }) => item));
    const kept = sorted(entries).filter(({ item }) => item % 2 === 0);
    expect(emptied(heap)).toEqual(kept.map(({ item }) => item));
  });
});
