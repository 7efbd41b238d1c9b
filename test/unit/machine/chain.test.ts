/** A chain, beside an array that does the same. */
import { describe, expect, it } from 'vitest';
import { Chain, type Chained } from '../../../src/machine/chain.ts';
import { streams } from '../../../src/machine/random.ts';

class Item implements Chained<Item> {
  chain: object | undefined = undefined;
  older: Item | undefined = undefined;
  newer: Item | undefined = undefined;
}

describe('Chain', () => {
  it('keeps the order of arrival, whoever leaves', () => {
    const random = streams(3).stream('chain');
    const chain = new Chain<Item>();
    let array: Item[] = [];
    for (let step = 0; step < 2_000; step++) {
      if (random.below(2) === 0 || array.length === 0) {
        const item = new Item();
        chain.add(item);
        array.push(item);
      } else {
        const leaves = array[random.below(array.length)]!;
        expect(chain.remove(leaves)).toBe(true);
        array = array.filter((item) => item !== leaves);
      }
      expect(chain.size).toBe(array.length);
      expect(chain.first).toBe(array[0]);
    }
    expect(chain.all()).toEqual(array);
    const backwards: Item[] = [];
    for (let item = array.at(-1); item !== undefined; item = item.older) backwards.push(item);
    expect(backwards).toEqual(array.toReversed());
  });

  it('takes out only what stands in it, and nothing twice', () => {
    const [one, other] = [new Chain<Item>(), new Chain<Item>()];
    const item = new Item();
    expect(one.remove(item)).toBe(false);
    one.add(item);
    expect(() => other.add(item)).toThrow(RangeError);
    expect(() => one.add(item)).toThrow(RangeError);
    expect(other.remove(item)).toBe(false);
    expect(one.remove(item)).toBe(true);
    expect(one.remove(item)).toBe(false);
    other.add(item);
    expect([one.size, other.size]).toEqual([0, 1]);
  });
});
