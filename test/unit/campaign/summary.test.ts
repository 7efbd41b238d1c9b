/** What a campaign found, counted. */
import { expect, test } from 'vitest';
import type { RunLine } from '../../../src/campaign/job.ts';
import { Summary } from '../../../src/campaign/summary.ts';
import type { Fault } from '../../../src/run/fault.ts';

const line = (run: number, faults: readonly Fault[], ...violated: string[]): RunLine => ({
  run,
  seed: run,
  faults,
  outcome: violated.length > 0 ? 'stranded' : 'moved',
  digest: '',
  virtualTimeNs: 1,
  frames: 1,
  hits: faults.length,
  io: { submitted: 1, completed: 1, failed: 0, requeued: 0, dropped: 0 },
  violated: violated.map((invariant) => ({ invariant, detail: '' })),
});

const drop: Fault = { frame: 3, fault: 'drop' };

test('runs are counted by outcome, by fault and by what they violate', () => {
  const summary = new Summary();
  summary.add(line(1, []));
  summary.add(line(2, [drop, { ...drop, frame: 4 }], 'I7', 'I1'));
  summary.add(line(3, [drop]));
  summary.add({ run: 4, seed: 4, faults: [drop], error: 'no' });
  expect(summary.bad).toBe(2);
  const { bad, errors, faults, invariants, outcomes, runs } = summary.conclude();
  expect({ runs, bad, errors }).toEqual({ runs: 4, bad: 2, errors: 1 });
  expect(outcomes).toEqual({ moved: 2, stranded: 1 });
  // A kind of fault that a run has twice counts once.
  expect(faults).toEqual({ 'no fault': { runs: 1, bad: 0 }, drop: { runs: 3, bad: 2 } });
  expect(invariants.I7).toMatchObject({ runs: 1, byFault: { drop: 1 } });
  expect(Object.keys(invariants)).toEqual(['I7', 'I1', 'error']);
});

test('short delays are one kind, long ones each their own', () => {
  const summary = new Summary();
  for (const delayNs of [1, 999_999_999, 1e9, 9e9])
    summary.add(line(1, [{ frame: 1, fault: 'delay', delayNs }]));
  expect(Object.keys(summary.conclude().faults)).toEqual([
    'delay below 1 s',
    'delay 1 s',
    'delay 9 s',
  ]);
});

test('a few runs are named for each invariant', () => {
  const summary = new Summary();
  for (let run = 1; run <= 5; run++) summary.add(line(run, [], 'I2'));
  const { I2 } = summary.conclude().invariants;
  expect(I2!.runs).toBe(5);
  expect(I2!.examples.map(({ run }) => run)).toEqual([1, 2, 3]);
});
