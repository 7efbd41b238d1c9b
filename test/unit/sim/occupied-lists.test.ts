import { expect, it } from 'vitest';
import { streams } from '../../../src/machine/random.ts';
import { OccupiedLists } from '../../../src/sim/occupied-lists.ts';

it.each([5, 7, 10])('the first list is that of the lowest level, 2^%i lists to a level', (bits) => {
  const levels = 3;
  const random = streams(bits).stream('lists');
  const lists = new OccupiedLists(levels, bits);
  const occupied = new Set<number>();
  for (let step = 0; step < 3_000; step++) {
    const list = random.below(levels << bits);
    // The ends of levels and words, more often than chance would.
    const ends = [0, 31, 32, (1 << bits) - 1, 1 << bits, (levels << bits) - 1];
    const one = random.chance(0.3) ? ends[random.below(ends.length)]! % (levels << bits) : list;
    if (random.chance(occupied.size > 12 ? 0.7 : 0.4)) {
      const gone = [...occupied][random.below(Math.max(1, occupied.size))] ?? one;
      occupied.delete(gone);
      lists.remove(gone);
    } else {
      occupied.add(one);
      lists.add(one);
    }
    if (occupied.size > 0) expect(lists.first()).toBe(Math.min(...occupied));
  }
});
