/** The steps of a move as they began, for everybody who tells of one. */
import type { MoveEvent } from '../../history/index.ts';

/** A step of a move, or its end. */
export interface MoveStep {
  /** The guest that moves. */
  readonly vm: string;
  /** A step's name, or how the move ended. */
  readonly phase: string;
  detail: string;
  readonly atNs: number;
}

/** Step and words of what was told of a move. */
export function stepOf(event: MoveEvent): { readonly phase: string; readonly detail: string } {
  return event.type === 'move-end'
    ? { phase: event.outcome, detail: event.reason }
    : { phase: event.phase, detail: event.detail };
}

/**
 * Gathers steps; what a step has to add replaces what it said before. A step is under way until the
 * next one of its guest; the end of a move, until anything is told of another.
 */
export class MoveSteps<T extends MoveStep = MoveStep> {
  readonly steps: T[] = [];
  readonly #make: (step: MoveStep) => T;
  #underWay: readonly T[] = [];
  readonly #ends = new Set<T>();

  /** `make` gives each step what else its reader notes of it. */
  constructor(make: (step: MoveStep) => T) {
    this.#make = make;
  }

  /** The steps under way, one for each guest: of guests that move at once, several. */
  get underWay(): readonly T[] {
    return this.#underWay;
  }

  /** Takes what was told: the steps that end with it, or `undefined` where it only adds to one. */
  take(atNs: number, event: MoveEvent): readonly T[] | undefined {
    const { phase, detail } = stepOf(event);
    const { vm } = event;
    const known = this.#underWay.find((one) => one.vm === vm);
    if (known?.phase === phase) {
      known.detail = detail;
      return undefined;
    }
    const step = this.#make({ vm, phase, detail, atNs });
    const over = this.#underWay.filter((one) => one.vm === vm || this.#ends.has(one));
    this.steps.push(step);
    this.#underWay = [...this.#underWay.filter((one) => !over.includes(one)), step];
    if (event.type === 'move-end') this.#ends.add(step);
    return over;
  }
}
