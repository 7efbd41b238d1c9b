/** What is said of each invariant, and that it is said of each. */
import { expect, it } from 'vitest';
import { invariants } from '../../../src/audit/auditor.ts';
import { EXPLANATIONS, explanationOf } from '../../../src/audit/explanations.ts';
import { DEFENCES } from '../../../src/mobility/plan.ts';

it('every invariant is explained, and no other', () => {
  expect(Object.keys(EXPLANATIONS)).toEqual(invariants().map(({ invariant }) => invariant));
  expect(explanationOf('toString')).toBeUndefined();
});

it.each(Object.entries(EXPLANATIONS))('%s: each part says something', (_, explanation) => {
  const { breach, mutant, remedy } = explanation;
  // A headline goes on behind it.
  expect(breach).toMatch(/^[a-zA-Z].{8,70}[^.]$/);
  expect(mutant).toMatch(/^an? .+[^.]$/);
  expect(remedy).toMatch(/^[A-Z].{30,}\.$/);
  for (const [, names] of remedy.matchAll(/--defences ([a-z-]+)/g)) {
    expect(DEFENCES as readonly string[]).toContain(names);
  }
});
