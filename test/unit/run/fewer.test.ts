/** The fewest of a list that still show something. */
import { expect, test } from 'vitest';
import { fewest } from '../../../src/run/fewer.ts';

const numbers = Array.from({ length: 100 }, (_, i) => i);

test('what is needed stays, in its order, and nothing else', () => {
  const needed = [3, 41, 42, 99];
  let tries = 0;
  const left = fewest(numbers, (some) => {
    tries++;
    return needed.every((one) => some.includes(one));
  });
  expect(left).toEqual(needed);
  expect(tries).toBeLessThan(200);
});

test('of two that would do, the one behind goes', () => {
  expect(fewest([1, 2, 1], (some) => some.includes(1))).toEqual([1]);
  expect(fewest(numbers, (some) => some.some((one) => one > 10))).toEqual([11]);
});

test('where one is only needed because of another, both go', () => {
  // A hole in the middle shows nothing; a beginning and an end may be left out.
  const isWhole = (some: readonly number[]) =>
    some.every((one, i) => i === 0 || one === some[i - 1]! + 1);
  const left = fewest(numbers, (some) => isWhole(some) && some.includes(50));
  expect(left).toEqual([50]);
});

test('nothing is left of what shows it without anything, and all of what needs everything', () => {
  expect(fewest(numbers, () => true)).toEqual([]);
  expect(fewest([1, 2, 3], (some) => some.length === 3)).toEqual([1, 2, 3]);
  expect(fewest([], () => true)).toEqual([]);
});
