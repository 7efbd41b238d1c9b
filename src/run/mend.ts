/** The third phase of a run with faults: the faults are over, and the world becomes whole again. */
import { MILLISECOND, SECOND } from '../machine/machine.ts';
import { portsPluggedIn, RunError } from './power.ts';
import type { RunInProgress } from './run-in-progress.ts';

/** Longest that ports and guests may need after the last fault is mended. */
const MEND_NS_MAX = 900 * SECOND;
/** A guest that could not be brought up is tried again after this long. */
const RAISE_AGAIN_NS = 10 * SECOND;

/**
 * Waits until every port with a cable is logged in and every guest that died runs again. Errors: `RunError`
 * where a guest stays down.
 */
export function mend(run: RunInProgress): void {
  const { adversary, guests, options, script, simulator } = run;
  const quietAt = Math.max(adversary.quietAt, script.quietAt);
  if ((options.faults ?? []).length === 0 && script.quietAt === 0) return;
  run.advance(Math.max(0, quietAt - simulator.nowNs) + MILLISECOND);
  strand(run);
  bringUp(run, simulator.nowNs + MEND_NS_MAX);
  if (guests.someDown) {
    throw new RunError(
      `${MEND_NS_MAX / SECOND} s after the faults: ${guests.complaint || 'a guest is still down'}`,
    );
  }
  run.allow();
  run.advance(options.scenario.timing.afterMs * MILLISECOND);
}

/** A guest that a move left without ports, and that no host has, is lost. */
function strand(run: RunInProgress): void {
  const { guests, results, simulator, world } = run;
  for (const [i, { from, vm }] of world.moves.entries()) {
    if (results[i]?.outcome !== 'stranded' || !guests.strand(vm, from)) continue;
    run.tell({ at: simulator.nowNs, node: from, event: { type: 'guest', vm, state: 'lost' } });
  }
}

function bringUp({ guests, ports, simulator, world }: RunInProgress, untilNs: number): void {
  const wanted = portsPluggedIn(simulator, world);
  simulator.run({ untilNs, when: () => ports.ready >= wanted });
  guests.bringUp(
    (host) => simulator.nodeState(host) === 'running',
    (again) => simulator.call(simulator.nowNs + RAISE_AGAIN_NS, again),
  );
  simulator.run({ untilNs, when: () => !guests.someDown });
}
