/** The budget of bytes that many streams share. */
import { expect, test } from 'vitest';
import { StreamBudget } from '../../../../src/codecs/stream/index.ts';

test('gives what is left, all or nothing', () => {
  const budget = new StreamBudget(10);
  expect(budget.take(7)).toBe(true);
  expect(budget.take(4)).toBe(false);
  expect(budget.take(3)).toBe(true);
  budget.giveBack(5);
  expect(budget.take(5)).toBe(true);
  expect(budget.take(1)).toBe(false);
});
