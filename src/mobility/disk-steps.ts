/** The part of a move that takes a disk along: copied while the guest runs, and the rest of it while it stands still. */

import type { Phase } from '../history/move.ts';
import type { HostCommand } from '../host/control.ts';
import type { Answer, MovePlan, Step } from './plan.ts';
import { StepFailed } from './step-failed.ts';

type DiskSteps = Generator<Step, void, Answer | undefined>;

/** Asks the source; a refusal ends the step. Errors: `StepFailed`. */
function* askSource({ from }: MovePlan, command: HostCommand): DiskSteps {
  const answer = yield { step: 'ask', host: from, command };
  if (answer === undefined) throw new StepFailed(`${from} did not answer to ${command.command}`);
  if (!answer.ok) throw new StepFailed(answer.reason);
}

function* say(phase: Phase, detail: string): DiskSteps {
  yield { step: 'phase', phase, detail };
}

/** The disk is copied while the guest works on it: last before it stands still, so that little is left then. */
export function* copyDisk(plan: MovePlan): DiskSteps {
  const { disk, units, vm } = plan;
  if (disk === undefined) return;
  const to = units?.find(({ luName }) => luName === disk.to)?.name ?? disk.to;
  const how = disk.by === 'mirror' ? 'in one pass, with mirrored writes' : 'in rounds';
  yield* say('pre-copy', `${disk.volume} is copied to ${to} ${how}`);
  yield* askSource(plan, { command: 'copy-disk', vm, disk });
}

/** What is left is copied. Nothing of the guest is under way any more. */
export function* finishCopy(plan: MovePlan): DiskSteps {
  const { disk, vm } = plan;
  if (disk === undefined) return;
  if (disk.by === 'iterative') yield* say('drain', `the rest of ${disk.volume} is copied`);
  yield* askSource(plan, { command: 'finish-copy', vm });
}

/** On the way back the guest keeps the disk it has; what fails here does not matter. */
export function* dropCopy({ disk, from, vm }: MovePlan): DiskSteps {
  if (disk !== undefined) yield { step: 'ask', host: from, command: { command: 'drop-copy', vm } };
}
