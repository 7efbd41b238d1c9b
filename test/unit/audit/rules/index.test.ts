import { expect, it } from 'vitest';
import { invariants } from '../../../../src/audit/auditor.ts';
import { MEANING } from '../../../../src/audit/evidence.ts';

it('there is a rule for every invariant, in the order of their numbers', () => {
  const all = invariants();
  expect(all.map((one) => one.invariant)).toEqual(all.map((_, index) => `I${index + 1}`));
  for (const { needs, hears } of all) {
    for (const kind of [...needs, ...hears]) expect(MEANING).toHaveProperty([kind]);
  }
});
