/**
 * The mover: carries a plan out, one step at a time, as a machine.
 *
 * It has no ports. Its commands to hosts are events, which its owner carries to the hosts, and
 * the hosts' answers come back through `handleAnswer`; so it drives emulated hosts and live
 * guests alike.
 */

import type { Instant, Machine, Output } from '../machine/machine.ts';
import { SECOND } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type {
  Answer,
  MovePlan,
  MoveResult,
  MoverCommand,
  MoverEvent,
  MoveSteps,
  Step,
} from './plan.ts';
import { stepsOf } from './strategies.ts';

/** A host that has not answered by then has failed. */
const ANSWER_TIMEOUT_NS = 300 * SECOND;

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
  #waiting: { id: number; take: (answer: Answer | undefined) => void } | undefined;

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
    let input = answer;
    for (;;) {
      const next = this.#steps!.next(input);
      if (next.done === true) {
        this.#end(next.value);
        return;
      }
      if (!this.#begin(next.value)) return;
      input = undefined;
    }
  }

  /** True when the step needs no waiting. */
  #begin(step: Step): boolean {
    switch (step.step) {
      case 'phase':
        this.#core.emit({
          type: 'move-step',
          ...this.#named,
          phase: step.phase,
          detail: step.detail,
        });
        return true;
      case 'wait':
        this.#core.after(step.delayNs, () => {
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

  /** Sends a command out and waits for its answer. */
  #emitAsked(event: (id: number) => MoverCommand): void {
    const id = this.#nextId++;
    const timer = this.#core.after(ANSWER_TIMEOUT_NS, () => this.#waiting?.take(undefined));
    this.#waiting = {
      id,
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
