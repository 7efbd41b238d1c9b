/** A cache that is a unit: what it has, and what nobody knows that it has. */
import { describe, expect, it } from 'vitest';
import type { StampReading } from '../../../src/codecs/stamp/index.ts';
import { VolumeStore } from '../../../src/host/volume-store.ts';

const stamp = (version: number, writerId = 1): StampReading => ({
  ...{ found: 'stamp', writerId, version },
});
const blank: StampReading = { found: 'blank' };

describe('a store', () => {
  it('has what was written there and nothing since', () => {
    const store = new VolumeStore(8);
    const first = store.begin(0, 4, false);
    expect(store.has(0, 4)).toBe(false);
    store.end(first, true);
    expect([store.has(0, 4), store.has(3, 2)]).toEqual([true, false]);
    const second = store.begin(2, 1, false);
    expect([store.has(0, 2), store.has(0, 4)]).toEqual([true, false]);
    store.end(second, false);
    expect(store.has(2, 1)).toBe(false);
  });

  it('has nothing of two writes that were under way at once, whichever ends last', () => {
    const store = new VolumeStore(8);
    const [fill, write] = [store.begin(0, 2, true), store.begin(1, 2, false)];
    store.end(write, true);
    store.end(fill, true);
    expect([0, 1, 2].map((lba) => store.has(lba, 1))).toEqual([false, false, false]);
  });

  it('is filled with what was read, a run for each stamp, and has what is blank on both', () => {
    const store = new VolumeStore(8);
    const readings = [stamp(1), stamp(1), stamp(2), blank, stamp(3, 2), stamp(4)];
    const open = store.begin(5, 1, false);
    expect(store.fills(0, readings, 1)).toEqual([
      { lba: 0, blocks: 2, version: 1 },
      { lba: 2, blocks: 1, version: 2 },
    ]);
    expect([store.has(3, 1), store.has(4, 1)]).toEqual([true, false]);
    store.end(open, true);
    store.end(store.begin(3, 1, false), false);
    // It was written there once: it may be anything.
    store.fills(3, [blank], 1);
    expect(store.has(3, 1)).toBe(false);
  });

  it('keeps what was used last, and takes no more fills than it can', () => {
    const store = new VolumeStore(2);
    store.end(store.begin(0, 2, false), true);
    expect(store.has(0, 1)).toBe(true);
    store.end(store.begin(5, 1, false), true);
    expect([store.size, store.has(0, 1), store.has(1, 1)]).toEqual([2, true, false]);
    for (let i = 0; i < 62; i++) store.begin(100 + i, 1, true);
    const many = Array.from({ length: 9 }, (_, i) => stamp(i + 1));
    expect(store.fills(20, many, 1)).toHaveLength(2);
  });
});
