import { expect, it } from 'vitest';
import { invariants } from '../../../../src/audit/auditor.ts';
import { MEANING } from '../../../../src/audit/evidence.ts';

it('there is a rule for every invariant, in the order of their numbers', () => {
  const all = invariants();
  const numbers = all.map((one) => Number(one.invariant.slice(1)));
  expect(numbers.slice(0, 44)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  for (const { needs, hears } of all) {
    for (const kind of [...needs, ...hears]) expect(MEANING).toHaveProperty([kind]);
  }
});
