/**
 * The mover: carries a plan out, one step at a time, as a machine.
 *
 * It has no ports. Its commands to hosts are events, which its owner carries to the hosts, and
 * the hosts' answers come back through `handleAnswer`; so it drives emulated hosts and live
 * guests alike.
 */

import type { Phase } from '../history/move.ts';
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { SECOND } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { Timer } from '../machine/timers.ts';
import type {
  Answer,
  MovePlan,
  MoveResult,
  MoverCommand,
  MoverEvent,
  MoveSteps,
  Step,
} from './plan.ts';
import { StepFailed } from './step-failed.ts';
import { stepsOf } from './strategies.ts';

/** A host that has not answered by then has failed. */
const ANSWER_TIMEOUT_NS = 300 * SECOND;
/** A command whose answer has not come is asked again so often: the answer may have been lost. */
const ASK_AGAIN_NS = 30 * SECOND;

/** Steps in which a move can still be taken back. */
const CANCELLABLE: ReadonlySet<Phase | undefined> = new Set<Phase>([
  'preflight',
  'pre-copy',
  'stun',
  'drain',
  'quiesce',
  'leave',
  'join',
]);

/** What a step came to: an answer, or `undefined` for a wait that is over or for silence. */
export type JournalEntry = Answer | undefined;

/**
 * Carries one plan out, from `start` or `goOn` to `move-end`.
 *
 * Limits: a command that is not answered in 300 s has failed. Errors: `RangeError` when begun twice.
 */
export class Mover implements Machine<MoverEvent> {
  readonly plan: MovePlan;
  /** What every step so far came to: with this, a mover that is started anew can go on. */
  readonly journal: JournalEntry[] = [];
  readonly #core = new MachineCore<MoverEvent>();
  #steps: MoveSteps | undefined;
  #nextId: number;
  /** The answer that is waited for. */
  #waiting:
    | { readonly id: number; take(answer: Answer | undefined): void; drop(): void }
    | undefined;
  #pause: Timer | undefined;
  #phase: Phase | undefined;

  /** `firstId`: commands are numbered from here on, so that several movers share their hosts. */
  constructor(plan: MovePlan, firstId = 1) {
    this.plan = plan;
    this.#nextId = firstId;
  }

  /** Begins the move. */
  start(now: Instant): void {
    if (this.#steps !== undefined) throw new RangeError('this move has begun');
    this.#core.now = now;
    this.#steps = stepsOf(this.plan);
    this.#advance(undefined);
  }

  /**
   * Goes on where a mover of the same plan and numbering stopped: the steps in its journal are
   * passed over in silence, and the one it was at is begun again, a command under its old number.
   */
  goOn(journal: readonly JournalEntry[], now: Instant): void {
    if (this.#steps !== undefined) throw new RangeError('this move has begun');
    this.#core.now = now;
    this.#steps = stepsOf(this.plan);
    let input: Answer | undefined;
    for (const entry of journal) {
      let next = this.#steps.next(input);
      while (next.done !== true && next.value.step === 'phase') next = this.#steps.next(undefined);
      if (next.done === true) break;
      if (next.value.step !== 'wait') this.#nextId++;
      this.journal.push(entry);
      input = entry;
    }
    this.#advance(input);
  }

  /** An answer to the command with this id; late and foreign ones are ignored. */
  handleAnswer(id: number, answer: Answer, now: Instant): void {
    this.#core.now = now;
    if (this.#waiting?.id === id) this.#waiting.take(answer);
  }

  /**
   * Whoever ordered the move takes it back: the step under way counts as failed, and what was done
   * is undone. False once the guest is about to run on the destination, on the way back, and at the end.
   */
  cancel(now: Instant): boolean {
    if (this.#steps === undefined || !CANCELLABLE.has(this.#phase)) return false;
    this.#core.now = now;
    this.#waiting?.drop();
    this.#waiting = undefined;
    this.#pause?.cancel();
    this.#pause = undefined;
    this.#take(this.#steps.throw(new StepFailed('cancelled by its operator')));
    return true;
  }

  handleFrame(): void {}

  handleLink(): void {}

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<MoverEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  #advance(answer: Answer | undefined): void {
    this.#take(this.#steps!.next(answer));
  }

  /** Goes from step to step until one has to be waited for. */
  #take(first: ReturnType<MoveSteps['next']>): void {
    let next = first;
    for (;;) {
      if (next.done === true) {
        this.#phase = undefined;
        this.#end(next.value);
        return;
      }
      if (!this.#begin(next.value)) return;
      next = this.#steps!.next(undefined);
    }
  }

  /** True when the step needs no waiting. */
  #begin(step: Step): boolean {
    switch (step.step) {
      case 'phase':
        this.#phase = step.phase;
        this.#core.emit({
          type: 'move-step',
          ...this.#named,
          phase: step.phase,
          detail: step.detail,
        });
        return true;
      case 'wait':
        this.#pause = this.#core.after(step.delayNs, () => {
          this.#pause = undefined;
          this.journal.push(undefined);
          this.#advance(undefined);
        });
        return false;
      case 'ask': {
        const { host, command } = step;
        this.#emitAsked((id) => ({ type: 'command', host, id, command }));
        return false;
      }
      case 'ask-fabric': {
        const { fabric, command } = step;
        this.#emitAsked((id) => ({ type: 'fabric-command', fabric, id, command }));
        return false;
      }
      case 'ask-lan': {
        const { node, command } = step;
        this.#emitAsked((id) => ({ type: 'lan-command', node, id, command }));
        return false;
      }
    }
  }

  #end(result: MoveResult): void {
    const reason = 'reason' in result ? result.reason : '';
    this.#core.emit({ type: 'move-end', ...this.#named, outcome: result.outcome, reason });
  }

  /** How events name the move. */
  get #named() {
    const { vm, from, to } = this.plan;
    return { vm, from, to };
  }

  /**
   * Sends a command out and waits for its answer. It goes out again under its number until that has
   * come: whoever carries it gives the answer that there was, and nothing is done twice.
   */
  #emitAsked(event: (id: number) => MoverCommand): void {
    const id = this.#nextId++;
    const untilNs = this.#core.now + ANSWER_TIMEOUT_NS;
    let timer: Timer;
    const wait = (): void => {
      timer = this.#core.after(Math.min(ASK_AGAIN_NS, untilNs - this.#core.now), () => {
        if (this.#core.now >= untilNs) {
          this.#waiting?.take(undefined);
          return;
        }
        this.#core.emit(event(id));
        wait();
      });
    };
    wait();
    this.#waiting = {
      id,
      drop: () => timer.cancel(),
      take: (answer) => {
        timer.cancel();
        this.#waiting = undefined;
        this.journal.push(answer);
        this.#advance(answer);
      },
    };
    this.#core.emit(event(id));
  }
}
