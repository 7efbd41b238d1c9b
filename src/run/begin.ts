/** The first phase of a run: the world has power, its ports have logged in, and the guests run. */
import { SECOND } from '../machine/machine.ts';
import { powerOn, RunError } from './power.ts';
import type { RunInProgress } from './run-in-progress.ts';

/** Longest that all guests may need to start. */
const START_NS_MAX = 600 * SECOND;

/** Powers the world on and starts its guests. Errors: `RunError` where either does not come up. */
export function begin(run: RunInProgress): void {
  const { guests, ports, simulator, world } = run;
  powerOn(simulator, world, ports);
  run.lan?.begin();
  const started = new Set<string>();
  let failure: string | undefined;
  guests.startAll(
    (vm) => started.add(vm),
    (reason) => {
      failure ??= reason;
    },
  );
  run.require(
    () => started.size === world.vms.length || failure !== undefined,
    START_NS_MAX,
    'the virtual machines did not start',
  );
  if (failure !== undefined) throw new RunError(failure);
  run.lan?.talk();
}
