/**
 * Every invariant is tested by a machine that is broken on purpose, and must be caught; the same
 * run with sound machines must raise nothing.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { invariants } from '../../../src/audit/auditor.ts';
import { explanationOf } from '../../../src/audit/explanations.ts';
import type { RunReport } from '../../../src/run/run.ts';
import { type Mutant, run, withMove, withWorkload } from '../../helpers/audited-run.ts';
import { firstOfBackup } from './mutants-of-backup.ts';
import { firstOfChains } from './mutants-of-chains.ts';
import { mutantsOfData } from './mutants-of-data.ts';
import { mutantsOfFabric } from './mutants-of-fabric.ts';
import { mutantsOfLan } from './mutants-of-lan.ts';
import { mutantsOfLinks } from './mutants-of-links.ts';
import { firstOfPairs } from './mutants-of-pairs.ts';

const mutants: Readonly<Record<string, Mutant>> = {
  ...mutantsOfData,
  ...mutantsOfFabric,
  ...firstOfBackup,
  ...firstOfChains,
  ...firstOfPairs,
  ...mutantsOfLan,
  ...mutantsOfLinks,
};

/** Invariants that a plain move does not put to the test. */
const UNSEEN = [
  ...['I4', 'I10', 'I17', 'I18', 'I20', 'I31', 'I32', 'I33', 'I34', 'I35', 'I36', 'I51'],
  ...Object.keys(mutantsOfLan),
  ...Object.keys(mutantsOfLinks),
];

/** Invariants that hold in the very run that their broken machine is tested with. */
const SHOWN = new Set([
  'I10',
  'I17',
  'I18',
  'I20',
  'I30',
  'I32',
  'I33',
  'I34',
  'I35',
  'I36',
  'I51',
  ...Object.keys(mutantsOfLan),
  ...Object.keys(mutantsOfLinks),
]);

function resultsOf(report: RunReport, result: string): string[] {
  return report.verdict.filter((one) => one.result === result).map((one) => one.invariant);
}

function detailOf(report: RunReport, invariant: string): string {
  return report.verdict.find((one) => one.invariant === invariant)!.detail;
}

test('every invariant has a broken machine', () => {
  const all = invariants().map((one) => one.invariant);
  expect(all.filter((one) => !(one in mutants))).toEqual([]);
  expect(Object.keys(mutants).filter((one) => !all.includes(one))).toEqual([]);
});

describe('sound machines raise nothing', () => {
  const soundRun = (mutant: Partial<Mutant>) => {
    const report = run({ make: () => {}, ...mutant });
    expect(resultsOf(report, 'violated').map((one) => detailOf(report, one))).toEqual([]);
    expect(report.io.dropped).toBe(0);
    return report;
  };

  test('in a plain move', () => {
    const report = soundRun({});
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(new Set(resultsOf(report, 'not-observable'))).toEqual(new Set(UNSEEN));
  });

  test.each(Object.entries(mutants))('in the run that %s is tested with', (invariant, mutant) => {
    // There the settings themselves are what is broken.
    if (invariant === 'I4' || invariant === 'I29') return;
    const report = soundRun({ ...mutant, make: () => {} });
    if (SHOWN.has(invariant)) expect(resultsOf(report, 'holds')).toContain(invariant);
  });

  test('where a guest does everything that it can ask for', () => {
    const report = soundRun({
      tune: (scenario) =>
        withMove({ strategy: 'same-wwpn' })(
          withWorkload({
            compareAndWritePercent: 20,
            unmapPercent: 10,
            writeSamePercent: 10,
            synchronizePercent: 10,
            fuaPercent: 50,
          })({ ...scenario, array: { ...scenario.array, writeCache: 'volatile' } }),
        ),
    });
    for (const invariant of ['I4', 'I10', 'I17']) {
      expect(resultsOf(report, 'holds'), detailOf(report, invariant)).toContain(invariant);
    }
  });
});

describe('a broken machine is caught', () => {
  const caught: string[] = [];
  afterAll(() => {
    console.log(`broken machines that were caught:\n${caught.join('\n')}`);
  });

  for (const [invariant, mutant] of Object.entries(mutants)) {
    test(`${invariant}: ${explanationOf(invariant)?.mutant}`, () => {
      const report = run(mutant);
      const found = report.verdict
        .filter((one) => one.result === 'violated')
        .map((one) => `${one.invariant}: ${one.detail}`);
      expect(resultsOf(report, 'violated').sort(), found.join('\n')).toEqual(
        [invariant, ...(mutant.also ?? [])].sort(),
      );
      expect(detailOf(report, invariant).length).toBeGreaterThan(10);
      caught.push(`  ${invariant.padEnd(4)} ${explanationOf(invariant)?.mutant}`);
    });
  }
});
