/** Every way in which snapshots, maps and backups break is caught by its invariant, and the same run sound is not. */
import { describe, expect, it } from 'vitest';
import { type RunReport, runMove } from '../../../src/run/run.ts';
import { run } from '../../helpers/audited-run.ts';
import { scenarioOf } from '../../helpers/moves.ts';
import { mutantsOfBackup } from './mutants-of-backup.ts';

const found = (report: RunReport): string[] =>
  report.verdict.flatMap(({ detail, invariant, result }) =>
    result === 'violated' ? [`${invariant}: ${detail}`] : [],
  );

describe.each(Object.entries(mutantsOfBackup))('%s', (invariant, mutants) => {
  it.each(mutants.map((one) => [one.what, one] as const))('%s', (_what, mutant) => {
    const sound = run({ ...mutant, make: () => {} });
    expect(found(sound)).toEqual([]);
    expect(sound.verdict.find((one) => one.invariant === invariant)!.result).toBe('holds');
    const broken = run(mutant);
    const expected = [invariant, ...(mutant.also ?? [])];
    expect(found(broken).map((text) => text.split(':')[0])).toEqual(expected.sort());
  });
});

it('an array that loses power between a cut and its being shown: no older snapshot is kept for it', () => {
  const report = runMove({
    scenario: scenarioOf({}, 'f27-drain'),
    faults: [{ frame: 403, fault: 'crash', node: 'array' }],
    iosPerStep: 1,
  });
  expect(found(report)).toEqual([]);
  expect(report.backups.map(({ outcome }) => outcome)).toEqual(['identical', 'identical']);
});
