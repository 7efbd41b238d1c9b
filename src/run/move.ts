/** The second phase of a run: the guests work for a while, one of them moves, and they work on. */
import { MILLISECOND, SECOND } from '../machine/machine.ts';
import type { RunInProgress } from './run-in-progress.ts';

/** Longest that a move may take; a mover gives every host five minutes for an answer. */
const MOVE_NS_MAX = 3600 * SECOND;

/** Makes the move, with what the adversary does to it. Errors: `RunError` where it does not end. */
export function move(run: RunInProgress): void {
  const { adversary, control, options, world } = run;
  const { timing } = options.scenario;
  run.allow();
  run.script.begin();
  run.advance(timing.beforeMs * MILLISECOND);
  run.trickle();
  adversary.begin();
  control.startMove(world.plan);
  run.require(() => run.result !== undefined, MOVE_NS_MAX, 'the move did not end');
  run.advance(timing.afterMs * MILLISECOND);
}
