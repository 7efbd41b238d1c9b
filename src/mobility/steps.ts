/** Steps that every strategy is made of. */

import { formatWwn } from '../codecs/layout/index.ts';
import type { FabricCommand } from '../fabric/fc/commands.ts';
import type { Phase } from '../history/move.ts';
import { type AttachmentIdentity, isVhba } from '../host/attachment-identity.ts';
import type { HostAnswer, HostCommand } from '../host/control.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import type { LuView } from '../scsi/initiator/multipath.ts';
import { copyDisk, dropCopy, finishCopy } from './disk-steps.ts';
import {
  attachOnLan,
  backOnLan,
  type LanProgress,
  prepareOnLan,
  redirectOnLan,
} from './lan-steps.ts';
import type { Answer, Defence, MovePlan, MoveResult, MoveSteps, Step } from './plan.ts';
import { StepFailed } from './step-failed.ts';
import { compareViews, nameAt, namesAt } from './views.ts';

type AnswerTo<C extends HostCommand['command']> = Extract<HostAnswer, { ok: true; command: C }>;
/** A part of a move that ends in a value. */
export type Steps<T> = Generator<Step, T, Answer | undefined>;

/** Asks a host; a refusal ends the step. Errors: `StepFailed`. */
export function* ask<C extends HostCommand>(
  host: string,
  command: C,
): Steps<AnswerTo<C['command']>> {
  const answer = yield { step: 'ask', host, command };
  if (answer === undefined) throw new StepFailed(`${host} did not answer to ${command.command}`);
  if (!answer.ok) throw new StepFailed(answer.reason);
  return answer as AnswerTo<C['command']>;
}

/** Asks a switch; a refusal ends the step. Errors: `StepFailed`. */
export function* askFabric(fabric: string, command: FabricCommand): Steps<void> {
  const answer = yield { step: 'ask-fabric', fabric, command };
  const asked = `fabric ${fabric}, asked to ${command.command} ${formatWwn(command.wwpn)}`;
  if (answer === undefined) throw new StepFailed(`${asked}, did not answer`);
  if (!answer.ok) throw new StepFailed(`${asked}, refused: ${answer.reason}`);
}

/** True where the move is to be defended so. */
export function isDefendedBy(plan: MovePlan, defence: Defence): boolean {
  return plan.defences.includes(defence);
}

/** True where the drain has ended the source's logins without a word. */
function vanishes({ drain }: MovePlan): boolean {
  return drain === 'link-pull' || drain === 'crash';
}

/** Lets time pass. */
export function* pause(delayNs: number): Steps<void> {
  yield { step: 'wait', delayNs };
}

/** Says which phase begins. */
export function* enter(phase: Phase, detail = ''): Steps<void> {
  yield { step: 'phase', phase, detail };
}

/** The data stay where they are: a destination from which they are too far is refused. Errors: `StepFailed`. */
export function checkForecast({ forecast, to, vm }: MovePlan): void {
  if (forecast === undefined || forecast.writeNs <= forecast.boundNs) return;
  const ms = (ns: number): string => `${(ns / MILLISECOND).toFixed(3)} ms`;
  throw new StepFailed(
    `a write of ${vm} on ${to} would take ${ms(forecast.writeNs)} by the distances, more than its bound of ${ms(forecast.boundNs)}`,
  );
}

/** Every port of the destination that is needed has reached the fabric the source's port is on. */
export function* checkFabrics(plan: MovePlan): Steps<void> {
  if (plan.preflight === 'none') return;
  const source = yield* ask(plan.from, { command: 'fabrics' });
  const destination = yield* ask(plan.to, { command: 'fabrics' });
  plan.destination.forEach((identity, index) => {
    const there = destination.ports[identity.port];
    const here = source.ports[originOf(plan, identity, index)?.port ?? -1];
    const port = `port ${identity.port} of ${plan.to}`;
    const needed = `where ${plan.vm} is to be ${nameAt(plan, identity)}`;
    if (there === undefined)
      throw new StepFailed(`${plan.to} has no port ${identity.port}, ${needed}`);
    if (!there.ready) throw new StepFailed(`${port}, ${needed}, is not logged in to its fabric`);
    if (!there.npiv && plan.fallBack === 'none')
      throw new StepFailed(`the fabric at ${port}, ${needed}, offers no NPIV`);
    // A guest may leave a host whose port has lost its fabric: there is nothing to compare with.
    if (here?.ready === true && here.fabricName !== there.fabricName) {
      throw new StepFailed(
        `${port}, ${needed}, is on another fabric (${formatWwn(there.fabricName)}) than port ${here.port} of ${plan.from} (${formatWwn(here.fabricName)})`,
      );
    }
  });
}

/** The destination has a port on each LAN that a guest with an initiator of its own is on. Errors: `StepFailed`. */
export function checkOwnPorts({ destination, from, source, to, vm }: MovePlan): void {
  const nicOf = (one: AttachmentIdentity): string | undefined =>
    isVhba(one) || one.kind !== 'iscsi' ? undefined : one.nic?.address;
  const there = new Set(destination.map(nicOf));
  const missing = source.find((one) => !there.has(nicOf(one)));
  if (missing !== undefined)
    throw new StepFailed(
      `${to} has no port on the LAN of port ${missing.port} of ${from}, where ${vm} is ${nicOf(missing)}`,
    );
}

/** The vHBA of the source whose place one of the destination takes; by its fabric, where the plan names it. */
function originOf(
  { fabrics, source }: MovePlan,
  identity: AttachmentIdentity,
  index: number,
): AttachmentIdentity | undefined {
  if (!isVhba(identity)) return source[index];
  const { port, wwpn } = identity;
  const fabric = fabrics.find(
    ({ destinationPort, destinationWwpn }) => destinationPort === port && destinationWwpn === wwpn,
  );
  const origin = source.find((one) => isVhba(one) && one.wwpn === fabric?.sourceWwpn);
  return origin ?? source[index];
}

/** The logical units the guest has on the source. */
export function* sourceView(plan: MovePlan): Steps<readonly LuView[]> {
  return (yield* ask(plan.from, { command: 'view', vm: plan.vm })).view;
}

/** Logs the destination's names in. A refusal says which they are, and where. Errors: `StepFailed`. */
function* prepare(
  plan: MovePlan,
  logins: readonly CarriedLogin[] | undefined,
): Steps<AnswerTo<'prepare'>> {
  try {
    return yield* ask(plan.to, {
      command: 'prepare',
      vm: plan.vm,
      identities: plan.destination,
      timeoutNs: plan.joinTimeoutNs,
      fallBack: plan.fallBack,
      ...(logins === undefined ? {} : { logins }),
    });
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const names = namesAt(plan, plan.destination);
    throw new StepFailed(`${plan.to} could not be made ready for ${names}: ${error.message}`);
  }
}

/** Logs the destination's names in and, where disks are compared, what they see. Errors: `StepFailed`. */
export function* joinAndCompare(
  plan: MovePlan,
  source: readonly LuView[],
  logins?: readonly CarriedLogin[],
): Steps<void> {
  const { unreached, view } = yield* prepare(plan, logins);
  if (plan.preflight !== 'disk') return;
  const complaints = compareViews(plan, source, view, unreached);
  if (complaints.length > 0) throw new StepFailed(complaints.join('; '));
}

/** How far a move has gone, for the way back. */
export interface Progress {
  /** The source's ports have left, or may have. */
  left: boolean;
  /** How far the LAN's half has gone. */
  readonly lan: LanProgress;
}

/** The guest stands still; what is under way goes with it. */
export function* stun(plan: MovePlan, progress: Progress): Steps<void> {
  yield* enter('stun');
  const { outstanding } = yield* ask(plan.from, { command: 'stun', vm: plan.vm });
  yield* enter('stun', `${outstanding} I/Os under way, which go with the guest`);
  if (plan.lan?.order === 'together') yield* redirectOnLan(plan, progress.lan);
}

/** The guest stands still and nothing of it is under way. */
export function* stunAndDrain(plan: MovePlan, progress: Progress): Steps<void> {
  yield* enter('stun');
  const stunned = yield* ask(plan.from, { command: 'stun', vm: plan.vm });
  yield* enter(
    'stun',
    `${stunned.outstanding} I/Os under way, ${stunned.pending} waiting for a path`,
  );
  yield* enter('drain', plan.drain);
  if (plan.drain === 'logout-clears' || vanishes(plan)) progress.left = true;
  const drained = yield* ask(plan.from, {
    command: 'drain',
    vm: plan.vm,
    drain: plan.drain,
    timeoutNs: plan.drainTimeoutNs,
    ...(plan.requeueWaitNs === undefined ? {} : { requeueWaitNs: plan.requeueWaitNs }),
  });
  yield* enter(
    'drain',
    `${plan.drain}: ${drained.completed} completed, ${drained.aborted} aborted, ${drained.pending} to be sent again`,
  );
  yield* finishCopy(plan);
  if (plan.lan?.order === 'together') yield* redirectOnLan(plan, progress.lan);
}

/** True where the disks are reached over iSCSI. */
const isOverIscsi = ({ source }: MovePlan): boolean =>
  source.some((one) => !isVhba(one) && one.kind === 'iscsi');

/** What the names of a move are called: of Fibre Channel, or over iSCSI. */
export const namesOf = (plan: MovePlan, wwpns: string, sessions: string): string =>
  isOverIscsi(plan) ? sessions : wwpns;

/** True where the targets' word is waited for before the guest goes on. */
export function awaitsTargets(plan: MovePlan): boolean {
  return WORDS_OF_TARGETS.some((defence) => isDefendedBy(plan, defence));
}
const WORDS_OF_TARGETS = ['logo-acknowledged', 'logout-acknowledged', 'nexus-reset'] as const;

/**
 * The guest's old ports log out: at the targets, which must confirm it, or at the fabric only. What no target
 * confirms, R_A_TOV makes sure of; over iSCSI nothing does, and the move is taken back. Errors: `StepFailed`.
 */
export function* leave(plan: MovePlan, progress: Progress): Steps<void> {
  progress.left = true;
  const { from, vm } = plan;
  if (!awaitsTargets(plan)) {
    const words = namesOf(
      plan,
      'LOGO to the fabric only',
      'the sessions are left without a logout',
    );
    yield* enter('leave', vanishes(plan) ? 'the ports have vanished' : words);
    yield* ask(from, { command: 'leave', vm, to: 'fabric' });
    return;
  }
  const resets = isDefendedBy(plan, 'nexus-reset');
  const said = namesOf(
    plan,
    'LOGO to targets, name server and fabric',
    resets ? 'I_T NEXUS RESET to every target' : 'every session logs out',
  );
  yield* enter('leave', said);
  const how = resets ? ({ to: 'nexus' } as const) : {};
  const { acknowledged } = yield* ask(from, { command: 'leave', vm, ...how });
  if (acknowledged && !vanishes(plan)) {
    yield* enter('leave', 'every target has confirmed');
    return;
  }
  if (isOverIscsi(plan))
    throw new StepFailed('not every target has confirmed that the old sessions are over');
  yield* enter('leave', 'not every target has confirmed: R_A_TOV instead');
  yield* pause(plan.rATovNs);
}

/** The source's last frames die out, where the move waits for that. */
export function* quiesce(plan: MovePlan): Steps<void> {
  if (isDefendedBy(plan, 'time2retain')) {
    yield* enter('quiesce', 'Time2Wait and Time2Retain of the old sessions pass');
    yield* pause(plan.time2RetainNs ?? 0);
  }
  if (!isDefendedBy(plan, 'wait-r-a-tov')) return;
  yield* enter('quiesce', 'frames that are late die out');
  yield* pause(plan.quiesceNs);
}

/** The switches let the source's names in no more, where the move has them do so. */
export function* clearOldLinks(plan: MovePlan): Steps<void> {
  if (!isDefendedBy(plan, 'acl-first')) return;
  yield* enter('leave', 'the switches clear the old virtual links and their access lists');
  yield* onFabrics(plan, 'clear');
}

/** Has the switches clear the guest's links, or take no more frames from them. */
export function* onFabrics(plan: MovePlan, command: 'clear' | 'fence'): Steps<void> {
  for (const { name, wwpn } of plan.fabrics) yield* askFabric(name, { command, wwpn });
}

/** The guest goes over and runs on. */
export function* handOver(plan: MovePlan, { lan }: Progress): Steps<void> {
  yield* attachOnLan(plan, lan);
  const { guest } = yield* ask(plan.from, { command: 'surrender', vm: plan.vm });
  const goes =
    plan.strategy === 'in-guest'
      ? 'the last memory pages go over, and with them connections and sessions'
      : 'the last memory pages go over, and the guest takes its new ports';
  yield* enter('join', goes);
  yield* pause(plan.stateCopyNs);
  yield* enter('resume', `on ${plan.to}`);
  const there = plan.strategy === 'in-guest' ? { identities: plan.destination } : {};
  const onCopy = plan.disk === undefined ? {} : { switchDisk: true };
  yield* ask(plan.to, { command: 'adopt', vm: plan.vm, guest, ...there, ...onCopy });
  yield* ask(plan.to, { command: 'resume', vm: plan.vm });
  yield* redirectOnLan(plan, lan);
}

/** The switches give the guest's names to the ports of the source, or to those of the destination. */
export function* assignNames(plan: MovePlan, side: 'source' | 'destination'): Steps<void> {
  for (const { name, wwpn, sourceWwpn, destinationWwpn } of plan.fabrics) {
    const to = side === 'source' ? sourceWwpn : destinationWwpn;
    yield* askFabric(name, { command: 'assign', wwpn, to });
  }
}

/** Undoes what was done on the destination; what fails there does not matter here. */
export function* discard(plan: MovePlan): Steps<void> {
  yield { step: 'ask', host: plan.to, command: { command: 'discard', vm: plan.vm } };
}

/** Runs a strategy's preflight, then its transaction, with the way back from each. */
export function* transaction(
  plan: MovePlan,
  preflight: () => Steps<readonly LuView[]>,
  change: (source: readonly LuView[], progress: Progress) => Steps<void>,
): MoveSteps {
  yield* enter('preflight', `${plan.strategy}, ${plan.vm} from ${plan.from} to ${plan.to}`);
  let source: readonly LuView[];
  try {
    source = yield* preflight();
    yield* prepareOnLan(plan);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    yield* discard(plan);
    const reason = `${plan.vm} stays on ${plan.from}: ${error.message}`;
    return { outcome: 'refused', reason };
  }
  const progress: Progress = { left: false, lan: { to: 'nothing' } };
  try {
    if (plan.lan?.order === 'lan-first') yield* redirectOnLan(plan, progress.lan);
    yield* enter('pre-copy', 'memory is copied while I/O goes on');
    yield* pause(plan.preCopyNs);
    yield* copyDisk(plan);
    yield* change(source, progress);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    return yield* rollBack(plan, progress, error.message);
  }
  yield* powerOn(plan);
  return { outcome: 'moved' };
}

/** A source that died comes back. */
function* powerOn(plan: MovePlan): Steps<void> {
  if (plan.drain === 'crash') yield* ask(plan.from, { command: 'power-on' });
}

/** The source's ports log in again where they had left, and the guest runs on there. */
function* rollBack(plan: MovePlan, { lan, left }: Progress, reason: string): Steps<MoveResult> {
  yield* enter('roll back', reason);
  yield* discard(plan);
  yield* dropCopy(plan);
  try {
    yield* powerOn(plan);
    if (left) {
      yield* ask(plan.from, { command: 'leave', vm: plan.vm });
      if (plan.strategy === 'proxy') yield* assignNames(plan, 'source');
      if (plan.strategy === 'handoff') yield* onFabrics(plan, 'clear');
      yield* ask(plan.from, { command: 'prepare', vm: plan.vm, identities: plan.source });
      yield* ask(plan.from, { command: 'adopt', vm: plan.vm });
    }
    yield* ask(plan.from, { command: 'resume', vm: plan.vm });
    yield* backOnLan(plan, lan);
    return { outcome: 'rolled-back', reason: `${plan.vm} is on ${plan.from} again: ${reason}` };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const both = `${reason}; then, on the way back, ${error.message}`;
    return { outcome: 'stranded', reason: `${plan.vm} stands still on ${plan.from}: ${both}` };
  }
}
