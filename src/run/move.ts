/** The second phase of a run: the guests work for a while, some of them move, and they work on. */
import { MILLISECOND, SECOND } from '../machine/machine.ts';
import type { RunInProgress } from './run-in-progress.ts';

/** Longest that a move may take; a mover gives every host five minutes for an answer. */
const MOVE_NS_MAX = 3600 * SECOND;

/** Longest that backups may take beyond the moves: each asks its guest for a minute at most. */
const BACKUP_NS_MAX = 3600 * SECOND;

/** Makes the moves, with what the adversary does to them. Errors: `RunError` where one does not end. */
export function move(run: RunInProgress): void {
  const { adversary, control, options, world } = run;
  const { timing } = options.scenario;
  run.allow();
  run.script.begin();
  run.advance(timing.beforeMs * MILLISECOND);
  run.trickle();
  adversary.begin();
  for (const [i, plan] of world.moves.entries()) {
    const { afterNs, together } = world.topology.moves[i]!;
    if (!together) ended(run, i);
    run.advance(afterNs);
    control.startMove(i, plan);
  }
  ended(run, world.moves.length);
  run.advance(timing.afterMs * MILLISECOND);
  run.require(() => run.backups.idle, BACKUP_NS_MAX, 'a backup did not end');
}

/** Waits until the first `count` moves are over. */
function ended(run: RunInProgress, count: number): void {
  // One that is not over has no place in the list yet, also where a later one has.
  const isOver = (move: number): boolean => run.results[move] !== undefined;
  const all = () => Array.from({ length: count }, (_, move) => move).every(isOver);
  run.require(all, MOVE_NS_MAX, 'the move did not end');
}
