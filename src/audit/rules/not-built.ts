/**
 * Invariants of parts that the fabric does not have yet. Each has its place among the rules
 * and says so, so that nobody takes its silence for a verdict.
 */
import type { Evidence } from '../evidence.ts';
import { notObservable } from '../findings.ts';
import type { Conclusion, Rule } from '../rule.ts';

const NOT_BUILT: readonly (readonly [invariant: string, sentence: string, why: string])[] = [
  [
    'I36',
    'Both legs of a mirror are equal after a move, or a declared set covers the difference',
    'the array has one leg: nothing is mirrored',
  ],
];

class NotBuilt implements Rule {
  readonly invariant: string;
  readonly sentence: string;
  readonly needs: readonly Evidence[] = [];
  readonly hears: readonly Evidence[] = [];
  readonly #why: string;

  constructor(invariant: string, sentence: string, why: string) {
    this.invariant = invariant;
    this.sentence = sentence;
    this.#why = why;
  }

  conclude(): Conclusion {
    return notObservable(`not built: ${this.#why}`);
  }
}

/** Rules of what is not built, by number. */
export function notBuilt(): Rule[] {
  return NOT_BUILT.map(([invariant, sentence, why]) => new NotBuilt(invariant, sentence, why));
}
