/** The LAN's half of a move: a guest's NIC goes over, and everybody hears of it. */
import type { LanCommand } from '../net/lan-uplink.ts';
import type { Answer, MovePlan, Step } from './plan.ts';
import { StepFailed } from './step-failed.ts';

/** How far the LAN's half has gone, for the way back. */
export interface LanProgress {
  /** What was done at the destination: nothing, its port knows the guest, or the LAN's frames go there. */
  to: 'nothing' | 'attached' | 'redirected';
}

type LanSteps = Generator<Step, void, Answer | undefined>;

/** Asks the node that stands for a host on the LAN; a refusal ends the step. Errors: `StepFailed`. */
function* askLan(node: string, command: LanCommand): LanSteps {
  const answer = yield { step: 'ask-lan', node, command };
  if (answer === undefined) throw new StepFailed(`${node} did not answer to ${command.command}`);
  if (!answer.ok) throw new StepFailed(answer.reason);
}

/** Whether the guest may come to the destination's port, which keeps room for it. */
export function* prepareOnLan({ lan, vm }: MovePlan): LanSteps {
  if (lan !== undefined) yield* askLan(lan.to, { command: 'prepare', vm });
}

/** The guest's NIC is at the destination's port, and nobody has heard of it. */
export function* attachOnLan({ lan, vm }: MovePlan, progress: LanProgress): LanSteps {
  if (lan === undefined || progress.to !== 'nothing') return;
  progress.to = 'attached';
  yield* askLan(lan.to, { command: 'attach', vm });
}

/** The LAN's frames for the guest go to the destination from now on. */
export function* redirectOnLan(plan: MovePlan, progress: LanProgress): LanSteps {
  const { lan, vm } = plan;
  if (lan === undefined || progress.to === 'redirected') return;
  yield* attachOnLan(plan, progress);
  progress.to = 'redirected';
  yield* askLan(lan.from, { command: 'detach', vm });
  yield* askLan(lan.to, { command: 'announce', vm });
}

/** The guest's NIC is at the source again, and where anybody may have heard of the destination, everybody hears so. */
export function* backOnLan({ lan, vm }: MovePlan, progress: LanProgress): LanSteps {
  if (lan === undefined || progress.to === 'nothing') return;
  const wasRedirected = progress.to === 'redirected';
  progress.to = 'nothing';
  yield* askLan(lan.to, { command: 'detach', vm });
  if (!wasRedirected) return;
  yield* askLan(lan.from, { command: 'attach', vm });
  yield* askLan(lan.from, { command: 'announce', vm });
}
