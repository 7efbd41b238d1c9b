/** What would have made a move safe: only what a run has shown is said. */
import { expect, test } from 'vitest';
import { safeWith } from '../../../src/run/alternatives.ts';
import type { LateSchedule } from '../../../src/run/late-schedules.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

type Overrides = Parameters<typeof scenarioOf>[0];

function search(overrides: Overrides, late: LateSchedule) {
  const scenario = scenarioOf(overrides);
  const report = run(scenario, late);
  const tried: string[] = [];
  const found = safeWith({
    scenario,
    late,
    report,
    withParts: (others) => scenarioOf({ ...overrides, ...others }),
    progress: (words) => {
      tried.push(words);
      return () => {};
    },
  });
  return { report, found, tried };
}

test('the first defence with which the same late frames do no harm', () => {
  const { found, report, tried } = search(
    { profile: 'powervm', defences: ['clean-address'] },
    'data',
  );
  expect(broken(report)).toEqual(['I7']);
  expect(found).toBe(tried.at(-1));
  expect(found).toMatch(/^--defences clean-address,/);
  const defences = found!.split(' ')[1]!.split(',');
  expect(broken(run(scenarioOf({ profile: 'powervm', defences }), 'data'))).toEqual([]);
});

test('no defence is tried against what none can mend', () => {
  const tried: string[] = [];
  const { report } = search({ profile: 'powervm' }, 'data');
  const lost = report.verdict.map((one) =>
    one.invariant === 'I23' ? { ...one, result: 'violated' as const } : one,
  );
  const scenario = scenarioOf({ profile: 'powervm' });
  const found = safeWith({
    scenario,
    late: 'data',
    report: { ...report, verdict: lost },
    withParts: () => scenario,
    progress: (words) => {
      tried.push(words);
      return () => {};
    },
  });
  expect([found, tried]).toEqual([undefined, []]);
});

test('nothing is said where every way breaks something, or where the run is too long to try', () => {
  const { report } = search({ profile: 'powervm' }, 'data');
  const scenario = scenarioOf({ profile: 'powervm' });
  const move = {
    scenario,
    late: 'data' as const,
    withParts: () => scenario,
    progress: () => () => {},
  };
  expect(safeWith({ ...move, report })).toBeUndefined();
  const withParts = (): never => {
    throw new Error('it is not to be tried');
  };
  expect(safeWith({ ...move, withParts, report: { ...report, frames: 1e7 } })).toBeUndefined();
});

test('trying ends where it has taken so many frames, whatever there is left to try', () => {
  const { report } = search({ profile: 'powervm' }, 'data');
  const tried: string[] = [];
  const found = safeWith({
    scenario: scenarioOf({ profile: 'powervm' }),
    late: 'data',
    report,
    withParts: (others) => scenarioOf({ profile: 'powervm', ...others }),
    framesMax: 5_000,
    progress: (words) => {
      tried.push(words);
      return () => {};
    },
  });
  expect(found).toBeUndefined();
  expect(tried).toHaveLength(1);
});
