/** What a capture alone can show is found in the frames of a broken machine's run, without the run. */
import { describe, expect, test } from 'vitest';
import type { CaptureReport } from '../../../src/audit/capture-judge.ts';
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { runMove } from '../../../src/run/run.ts';
import { type Mutant, run } from '../../helpers/audited-run.ts';
import { scenarioOf } from '../../helpers/moves.ts';
import { firstOfBackup } from './mutants-of-backup.ts';
import { firstOfChains } from './mutants-of-chains.ts';
import { mutantsOfData } from './mutants-of-data.ts';
import { mutantsOfFabric } from './mutants-of-fabric.ts';

const mutants: Readonly<Record<string, Mutant>> = {
  ...mutantsOfData,
  ...mutantsOfFabric,
  ...firstOfBackup,
  ...firstOfChains,
};

/** The frames of a run, judged as if they had been captured by somebody else. */
function capture(mutant: Mutant): CaptureReport {
  const frames: TappedFrame[] = [];
  run(mutant, { see: (frame) => frames.push(frame) });
  return judgeSeen(frames);
}

const violated = (report: CaptureReport): string[] =>
  report.verdict.filter((one) => one.result === 'violated').map((one) => one.invariant);

describe('frames alone', () => {
  test.each(['I5', 'I10', 'I12', 'I13', 'I15', 'I16', 'I19', 'I25'])(
    'show that %s is broken',
    (invariant) => {
      const mutant = mutants[invariant]!;
      const report = capture(mutant);
      const found = report.verdict.find((one) => one.invariant === invariant)!;
      expect(found.result, found.detail).toBe('violated');
      expect(found.frames.length).toBeGreaterThan(0);
    },
  );

  test('show nothing of the kind where the machines are sound', () => {
    expect(violated(capture({ make: () => {} }))).toEqual([]);
  });

  // Those in which logins end without a word, or come again elsewhere.
  test.each([
    'f08-bare-clear',
    'f09-keep-alives-lost',
    'f10-advertisements-lost',
    'f20-base-logout',
    'f21-fcf-failover',
    'f21-other-fabric',
    'f22-vlan-list',
    'f23-npv-uplink',
  ])('of %s accuse nobody whom the run does not', (name) => {
    const frames: TappedFrame[] = [];
    const { verdict } = runMove({
      scenario: scenarioOf({}, name),
      observer: { see: (frame) => frames.push(frame) },
    });
    const inRun = verdict.filter((one) => one.result === 'violated').map((one) => one.invariant);
    const shown = violated(judgeSeen(frames));
    expect(shown.filter((one) => !inRun.includes(one))).toEqual([]);
  });

  test('do not show what happens inside hosts and arrays', () => {
    const unseen = ['I1', 'I2', 'I3', 'I6', 'I7', 'I8', 'I9', 'I11', 'I17', 'I20', 'I21', 'I22'];
    const { verdict } = capture({ make: () => {} });
    for (const invariant of unseen) {
      expect(verdict.find((one) => one.invariant === invariant)!.result).toBe('not-observable');
    }
  });
});
