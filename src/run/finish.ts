/** The last phase of a run: what guests still wait for ends, and the medium is read. */
import { formatHex } from '../codecs/layout/index.ts';
import { MILLISECOND, SECOND } from '../machine/machine.ts';
import { usedBlocks } from './images.ts';
import type { RunInProgress } from './run-in-progress.ts';

/** Longest that the end of a run may take beyond the guest's time-out. */
const FINISH_SLACK_NS = 60 * SECOND;

/** The guests submit no more; what they wait for ends, or the run's bound comes. */
export function finish(run: RunInProgress): void {
  const { guestTimeoutMs } = run.options.scenario.timing;
  run.lan?.silence();
  run.stop();
  run.advance(MILLISECOND);
  const { io } = run.account;
  run.until(
    () => io.completed + io.failed >= io.submitted,
    guestTimeoutMs * MILLISECOND + FINISH_SLACK_NS,
  );
  io.dropped = io.submitted - io.completed - io.failed;
  tellViews(run);
  readMedium(run);
  if (run.chains.isAsked) run.chains.look(run.simulator.nowNs);
  run.images.all(run.simulator.nowNs);
}

/** Tells what every guest sees of its disks in the end: one that did not move may have lost some, too. */
function tellViews(run: RunInProgress): void {
  const at = run.simulator.nowNs;
  for (const [vm, node] of run.guests.placed()) {
    const view = run.world.hosts.get(node)?.viewOf(vm);
    if (view !== undefined) {
      run.tell({ at, node, event: { type: 'guest', vm, state: 'running', view } });
    }
  }
}

/** Tells what the medium holds of the blocks that guests may have written. */
function readMedium(run: RunInProgress): void {
  const { scenario } = run.options;
  const node = run.pair?.serving ?? scenario.array.name;
  const array = run.world.arrays.get(node)!;
  const at = run.simulator.nowNs;
  for (const index of scenario.array.luns.keys()) {
    const unit = array.device.units[index]!;
    const range = usedBlocks(scenario, index);
    if (range === 0) continue;
    const luName = formatHex(unit.luId);
    const data = unit.medium.read(0, range);
    const event = { type: 'medium', luName, lba: 0, blocks: range, data } as const;
    run.tell({ at, node, event });
  }
  run.pair?.readLegs();
}
