import { describe, expect, it } from 'vitest';
import { BlockState, before as untouched, Zone } from '../../../../src/audit/ledger/block-zones.ts';

const zone = (value: number, start: number, firstEnd: number) => {
  const one = new Zone(value, start, firstEnd, undefined);
  one.lastStart = start;
  return one;
};

describe('the values of a block', () => {
  it('are found by what was written last, and forgotten but for writes under way', () => {
    const state = new BlockState([untouched(0)], true);
    state.add(zone(1, 5, 6));
    state.add(zone(2, 7, Infinity));
    expect([state.zoneOf(1)?.start, state.zoneOf(9)]).toEqual([5, undefined]);
    state.forget();
    expect(state.zones.map(({ value }) => value)).toEqual([2]);
  });

  it('die when no read may see them any more, and are known as stale after that', () => {
    const state = new BlockState([untouched(0)], true);
    state.add(zone(1, 5, 6));
    state.add(zone(2, 7, 8));
    state.beginRead(7);
    state.retire(9);
    // A read that began before the last write ended may still see the one before.
    expect(state.zones.map(({ value }) => value)).toEqual([1, 2]);
    state.endRead(7);
    state.retire(10);
    expect(state.zones.map(({ value }) => value)).toEqual([2]);
    expect([state.wasRetired(1), state.wasRetired(2)]).toEqual([true, false]);
  });
});
