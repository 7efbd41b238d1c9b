/** Pairs of ports: without a direction, bounded, and found by either port. */
import { describe, expect, it } from 'vitest';
import { PortPairs } from '../../../../src/audit/ledger/port-pairs.ts';

const namesOf = (pairs: Iterable<{ link: string; low: number; high: number; value: string }>) =>
  [...pairs].map(({ link, low, high, value }) => `${link} ${low} ${high} ${value}`);

describe('PortPairs', () => {
  it('knows a pair whichever port is named first, link by link', () => {
    const pairs = new PortPairs<string>(10);
    pairs.set('one', 5, 3, 'a');
    pairs.set('one', 3, 5, 'b');
    pairs.set('two', 3, 5, 'c');
    expect([pairs.get('one', 5, 3), pairs.get('two', 5, 3)]).toEqual(['b', 'c']);
    expect(namesOf(pairs.ofPort(3))).toEqual(['one 3 5 b', 'two 3 5 c']);
  });

  it('finds the pairs of a port, without those that were deleted or forgotten', () => {
    const pairs = new PortPairs<string>(3);
    pairs.set('link', 1, 2, 'a');
    pairs.set('link', 1, 3, 'b');
    pairs.set('link', 2, 3, 'c');
    pairs.delete('link', 3, 1);
    expect(namesOf(pairs.ofPort(1))).toEqual(['link 1 2 a']);
    pairs.set('link', 4, 4, 'd');
    pairs.set('link', 2, 1, 'e');
    pairs.set('link', 5, 6, 'f');
    // Of 2 and 3 was heard longest ago.
    expect(namesOf(pairs.values())).toEqual(['link 4 4 d', 'link 1 2 e', 'link 5 6 f']);
    expect(namesOf(pairs.ofPort(3))).toEqual([]);
    expect(namesOf(pairs.ofPort(4))).toEqual(['link 4 4 d']);
    for (const { link, low, high } of pairs.ofPort(2)) pairs.delete(link, low, high);
    expect(namesOf(pairs.ofPort(1))).toEqual([]);
    pairs.clear();
    expect(namesOf(pairs.values())).toEqual([]);
    expect(namesOf(pairs.ofPort(5))).toEqual([]);
  });
});
