/** What a block may hold, by what its guest asked for and was told. */
import { describe, expect, it } from 'vitest';
import { UnitPast } from '../../../../src/audit/ledger/block-past.ts';

const values = (past: UnitPast, lba: number) => past.at(lba).map(({ value }) => value);

describe('The past of a unit', () => {
  it('has the last write that ended, and those that were under way with it', () => {
    const past = new UnitPast(0);
    expect(values(past, 5)).toEqual([0]);
    const first = past.begin(4, 3, 1, 1);
    const other = past.begin(5, 1, 2, 2);
    expect(values(past, 5)).toEqual([0, 1, 2]);
    past.end(4, 3, first, 3);
    // The other was under way already: it may have come before or after.
    expect(values(past, 5)).toEqual([1, 2]);
    past.end(5, 1, other, 4);
    expect(values(past, 5)).toEqual([1, 2]);
    const third = past.begin(5, 1, 3, 5);
    past.end(5, 1, third, 6);
    expect(values(past, 5)).toEqual([3]);
    expect(values(past, 4)).toEqual([1]);
    expect(new Map(past.all()).size).toBe(3);
  });

  it('keeps a write that nobody knows the end of', () => {
    const past = new UnitPast(0);
    past.begin(0, 1, 1, 1);
    const second = past.begin(0, 1, 2, 2);
    past.end(0, 1, second, 3);
    expect(values(past, 0)).toEqual([1, 2]);
  });

  it('knows nothing once it had to forget, until a block is written again', () => {
    const past = new UnitPast(0);
    const before = past.begin(0, 1, 1, 1);
    past.forget(2);
    past.end(0, 1, before, 3);
    expect(values(past, 0)).toContain(undefined);
    expect(values(past, 1)).toEqual([undefined]);
    const after = past.begin(0, 1, 2, 4);
    past.end(0, 1, after, 5);
    expect(values(past, 0)).toEqual([2]);
  });
});
