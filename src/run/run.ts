/**
 * One run: a scenario's world in the simulator, from power on through the move to the verdict.
 *
 * With faults it has two phases. First the adversary does what it was told, from the first frame
 * of the move on; everything it broke mends itself after a stated time. Then, with the world whole
 * again, everything must finish.
 *
 * Nothing here or below it needs Node: a page can make a run as a command does.
 */

import { unitsOf } from '../scenario/units.ts';
import { begin } from './begin.ts';
import { finish } from './finish.ts';
import { mend } from './mend.ts';
import { move } from './move.ts';
import type { RunOptions, RunReport } from './options.ts';
import { RunInProgress } from './run-in-progress.ts';

export type { RunObserver, RunOptions, RunReport } from './options.ts';

/** Runs a scenario. Errors: `RunError` when its world does not come up. */
export function runMove(options: RunOptions): RunReport {
  const run = new RunInProgress(options);
  begin(run);
  move(run);
  mend(run);
  finish(run);
  return reportOf(run);
}

function reportOf(run: RunInProgress): RunReport {
  const { account, adversary, simulator, taps } = run;
  const { scenario } = run.options;
  const { blackoutNs, io } = account;
  const { nowNs } = simulator;
  account.close(nowNs);
  const { lanAccount } = run;
  const verdict = run.conclude();
  const lan = lanAccount?.conclude();
  const timeline =
    lanAccount === undefined
      ? account.timeline
      : account.timeline.map((step) => ({ ...step, lan: lanAccount.stepOf(step) }));
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    strategy: scenario.move.strategy,
    digest: simulator.digest(),
    virtualTimeNs: nowNs,
    frames: taps.frames,
    captured: taps.captured,
    result: run.results.find((one) => one?.outcome !== 'moved') ?? run.results[0]!,
    moves: run.world.moves.map(({ vm, from, to, strategy }, i) => ({
      vm,
      from,
      to,
      strategy,
      ...run.results[i]!,
    })),
    io,
    blackoutNs,
    timeline,
    ...(lan === undefined ? {} : { lan }),
    verdict,
    hits: [...adversary.hits, ...run.ruleHits],
    failures: account.failures,
    eventsLeft: run.script.left,
    units: unitsOf(run.world.topology),
    backups: run.backupLog.made,
  };
}
