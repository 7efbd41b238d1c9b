import { describe, expect, it } from 'vitest';
import { streams, Xoshiro128 } from '../../../src/machine/random.ts';

const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

describe('random streams', () => {
  it('are xoshiro128** 1.1', () => {
    // From the reference C program with the state 1, 2, 3, 4, as rand_xoshiro publishes them.
    const generator = new Xoshiro128(1, 2, 3, 4);
    expect(take(10, () => generator.nextU32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
    expect(() => new Xoshiro128(0, 0, 0, 0)).toThrow(RangeError);
  });

  it('depend on seed and name alone', () => {
    const numbers = (seed: number, names: string[]) => {
      const all = streams(seed);
      return Object.fromEntries(
        names.map((name) => {
          const stream = all.stream(name);
          return [name, take(8, () => stream.nextU32())];
        }),
      );
    };
    expect(numbers(7, ['a', 'b', 'link h1.a'])).toEqual(numbers(7, ['link h1.a', 'b', 'a']));
    const seeds = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const names = ['', 'a', 'b', 'ab', 'ba', 'a\0', '\0a'];
    const first = seeds.flatMap((seed) => Object.values(numbers(seed, names)).map(String));
    expect(new Set(first).size).toBe(seeds.length * names.length);
    expect(() => streams(0.5)).toThrow(RangeError);
  });

  it('below favours no number', () => {
    // 2^32 draws taken modulo 3 x 2^30 would fall below 2^30 half the time instead of a third.
    const stream = streams(1).stream('bias');
    const draws = take(30_000, () => stream.below(3 * 2 ** 30));
    const low = draws.filter((drawn) => drawn < 2 ** 30).length;
    expect(low).toBeGreaterThan(9_500);
    expect(low).toBeLessThan(10_500);
    const wide = take(30_000, () => stream.below(3 * 2 ** 51));
    const wideLow = wide.filter((drawn) => drawn < 2 ** 51).length;
    expect(wideLow).toBeGreaterThan(9_500);
    expect(wideLow).toBeLessThan(10_500);
  });

  it('below and range reach both ends and no further', () => {
    const stream = streams(1).stream('ends');
    expect(new Set(take(200, () => stream.below(3)))).toEqual(new Set([0, 1, 2]));
    expect(new Set(take(200, () => stream.range(-1, 1)))).toEqual(new Set([-1, 0, 1]));
    expect(take(5, () => stream.below(1))).toEqual([0, 0, 0, 0, 0]);
    const large = take(1000, () => stream.below(2 ** 53));
    expect(large.every((drawn) => Number.isSafeInteger(drawn) && drawn >= 0)).toBe(true);
    expect(Math.max(...large)).toBeGreaterThan(2 ** 52);
    expect(large.some((drawn) => drawn % 2 === 1)).toBe(true);
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 54]) {
      expect(() => stream.below(n)).toThrow(RangeError);
    }
    expect(() => stream.range(2, 1)).toThrow(RangeError);
    expect(() => stream.range(0, 0.5)).toThrow(RangeError);
  });

  it('chance is never at 0, always at 1, and about p between', () => {
    const stream = streams(1).stream('chance');
    expect(take(1000, () => stream.chance(0)).includes(true)).toBe(false);
    expect(take(1000, () => stream.chance(1)).includes(false)).toBe(false);
    const hits = take(10_000, () => stream.chance(0.25)).filter(Boolean).length;
    expect(hits).toBeGreaterThan(2_300);
    expect(hits).toBeLessThan(2_700);
    expect(() => stream.chance(1.1)).toThrow(RangeError);
    expect(() => stream.chance(Number.NaN)).toThrow(RangeError);
  });
});
