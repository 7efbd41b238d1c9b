/** Plans of moves and answers to their commands, for tests of the parts of a move. */
import type { HostAnswer, HostCommand } from '../../src/host/control.ts';
import { SECOND } from '../../src/machine/machine.ts';
import type { Answer, MovePlan, MoveResult, MoveSteps, Step } from '../../src/mobility/plan.ts';
import type { LuView } from '../../src/scsi/initiator/multipath.ts';

const FABRIC_NAME = 0x1000_0000_0000_0001n;

/** A logical unit as a host sees it, over one fabric. */
export function unit(luName: string, changes: Partial<LuView> = {}): LuView {
  return {
    luName,
    luId: new TextEncoder().encode(luName),
    lunNumber: 0,
    blocks: 2048,
    vendor: '',
    product: '',
    paths: 1,
    targetPorts: [1],
    ports: [0],
    ...changes,
  };
}

/** A virtual machine with one name on one fabric goes from `h1` to `h2`. */
export function movePlan(changes: Partial<MovePlan> = {}): MovePlan {
  return {
    vm: 'vm',
    from: 'h1',
    to: 'h2',
    strategy: 'same-wwpn',
    drain: 'wait',
    drainTimeoutNs: 30 * SECOND,
    defences: ['logo-acknowledged'],
    quiesceNs: 7,
    rATovNs: 10 * SECOND,
    overlapNs: 25,
    preCreated: false,
    joinTimeoutNs: 60 * SECOND,
    preflight: 'disk',
    fallBack: 'none',
    fabrics: [{ name: 'A', wwpn: 1n, sourceWwpn: 11n, destinationWwpn: 12n, destinationPort: 0 }],
    preCopyNs: 0,
    stateCopyNs: 0,
    source: [{ port: 0, wwpn: 1n, wwnn: 1n }],
    destination: [{ port: 0, wwpn: 2n, wwnn: 2n }],
    ...changes,
  };
}

/** What a healthy host answers; it sees one logical unit. */
export function goodAnswer(host: string, { command }: HostCommand): HostAnswer {
  const view = [unit('lu')];
  switch (command) {
    case 'fabrics': {
      const port = {
        port: 0,
        wwpn: host === 'h1' ? 11n : 12n,
        ready: true,
        fabricName: FABRIC_NAME,
        npiv: true,
      };
      return { ok: true, command, ports: [port] };
    }
    case 'prepare':
      return { ok: true, command, view, fellBack: false };
    case 'view':
      return { ok: true, command, view };
    case 'stun':
      return { ok: true, command, outstanding: 2, pending: 1 };
    case 'drain':
      return { ok: true, command, completed: 2, aborted: 0, pending: 1 };
    case 'leave':
      return { ok: true, command, acknowledged: true };
    case 'give-logins':
      return { ok: true, command, logins: [] };
    case 'surrender':
      return { ok: true, command, guest: {} as never };
    case 'thaw':
      return { ok: true, command, held: true };
    case 'changes':
      return { ok: true, command, changed: undefined };
    case 'freeze':
    case 'track':
    case 'adopt':
    case 'resume':
    case 'discard':
      return { ok: true, command };
    default:
      return { ok: true, command };
  }
}

/** Answers of its own; `undefined` leaves it to `goodAnswer`, `silence` is none. */
export type OwnAnswers = (asked: Step) => Answer | 'silence' | undefined;

/** A move, carried out to its end at once. */
export interface CarriedOut {
  readonly result: MoveResult;
  /** `h1 stun`, `A fence`, `wait 25`, `phase leave: …`, in their order. */
  readonly said: readonly string[];
  /** Without phases. */
  readonly asked: readonly string[];
}

/** Carries steps out: who asks is answered, who waits need not. */
export function carryOut(steps: MoveSteps, own: OwnAnswers = () => undefined): CarriedOut {
  const said: string[] = [];
  let next = steps.next(undefined);
  while (next.done !== true) {
    const step = next.value;
    said.push(textOf(step));
    if (step.step === 'phase' || step.step === 'wait') {
      next = steps.next(undefined);
      continue;
    }
    const answer = own(step) ?? goodOf(step);
    next = steps.next(answer === 'silence' ? undefined : answer);
  }
  return { result: next.value, said, asked: said.filter((one) => !one.startsWith('phase')) };
}

function goodOf(step: Step & { step: 'ask' | 'ask-fabric' | 'ask-lan' }): Answer {
  return step.step === 'ask'
    ? goodAnswer(step.host, step.command)
    : ({ ok: true, command: step.command.command } as Answer);
}

function textOf(step: Step): string {
  switch (step.step) {
    case 'ask':
      return `${step.host} ${step.command.command}`;
    case 'ask-fabric':
      return `${step.fabric} ${step.command.command}`;
    case 'ask-lan':
      return `${step.node} ${step.command.command}`;
    case 'wait':
      return `wait ${step.delayNs}`;
    case 'phase':
      return `phase ${step.phase}${step.detail === '' ? '' : `: ${step.detail}`}`;
  }
}
