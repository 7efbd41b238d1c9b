/** The page about verdicts says what the observers say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verdictPage } from '../../../scripts/verdict-table.ts';
import { invariants } from '../../../src/audit/auditor.ts';

test('docs/verdicts.md is up to date', () => {
  expect(readFileSync('docs/verdicts.md', 'utf8')).toBe(verdictPage());
});

test('every invariant has its row, and captures show those that frames alone can', () => {
  const rows = verdictPage().split('\n');
  const shown = (answer: string) =>
    rows.flatMap((row) => {
      const [, invariant, , capture] = row.split(' | ').length === 4 ? row.split(/\s*\|\s*/) : [];
      return capture === answer ? [invariant] : [];
    });
  expect(shown('yes')).toEqual(['I5', 'I12', 'I13', 'I18', 'I19', 'I25']);
  expect(shown('in part')).toEqual(['I4', 'I10', 'I14', 'I15', 'I16', 'I21']);
  expect(shown('of sessions')).toEqual(['I1', 'I2', 'I6', 'I7', 'I8', 'I17', 'I20']);
  expect(invariants().filter(({ hears }) => hears.length === 0)).toEqual([]);
});
