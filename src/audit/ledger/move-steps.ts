/** The steps of a move as they began, for everybody who tells of one. */
import type { MoveEvent } from '../../history/index.ts';

/** A step of a move, or its end. */
export interface MoveStep {
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

/** Gathers steps; what a step has to add replaces what it said before. */
export class MoveSteps<T extends MoveStep = MoveStep> {
  readonly steps: T[] = [];
  readonly #make: (step: MoveStep) => T;

  /** `make` gives each step what else its reader notes of it. */
  constructor(make: (step: MoveStep) => T) {
    this.#make = make;
  }

  /** The step under way; `undefined` before the first. */
  get last(): T | undefined {
    return this.steps.at(-1);
  }

  /** Takes what was told. True when it begins a new step. */
  take(atNs: number, event: MoveEvent): boolean {
    const { phase, detail } = stepOf(event);
    const { last } = this;
    if (last?.phase === phase) {
      last.detail = detail;
      return false;
    }
    this.steps.push(this.#make({ phase, detail, atNs }));
    return true;
  }
}
