/**
 * A witness of a pair, at a third site: it keeps no data. Of two arrays that lost each other it lets one go on, the
 * first that asks for a generation, and tells the other so.
 */

import type { WitnessAnswered, WitnessAsked } from '../../history/pair.ts';

/** How a witness lies: it lets both go on, or speaks of a generation that was not asked about. */
export const WITNESS_LIES = ['none', 'both', 'other-generation'] as const;
/** One of `WITNESS_LIES`. */
export type WitnessLie = (typeof WITNESS_LIES)[number];

/** Generations that are remembered: the oldest is forgotten. */
const GRANTS_MAX = 64;

/** Answers arrays. */
export class Witness {
  readonly #lies: WitnessLie;
  /** The site that goes on, by generation. */
  readonly #grants: Map<string, string>;
  readonly #granted: (generation: string, site: string) => void;

  /** `known`: what it has said before; `granted` hears what it is about to say for the first time: where that throws it is not said. */
  constructor(
    lies: WitnessLie = 'none',
    known: Iterable<readonly [string, string]> = [],
    granted: (generation: string, site: string) => void = () => {},
  ) {
    this.#lies = lies;
    this.#grants = new Map([...known].slice(-GRANTS_MAX));
    this.#granted = granted;
  }

  /** The site that goes on, by generation, the oldest first. */
  get grants(): ReadonlyMap<string, string> {
    return this.#grants;
  }

  /** What it says to a question. */
  answer({ generation, id, site }: WitnessAsked): WitnessAnswered {
    if (this.#lies === 'both') return { type: 'witness-answer', id, generation, granted: true };
    if (this.#lies === 'other-generation')
      return { type: 'witness-answer', id, generation: `${generation}?`, granted: true };
    const known = this.#grants.get(generation);
    if (known === undefined) {
      if (this.#grants.size >= GRANTS_MAX) this.#grants.delete(this.#grants.keys().next().value!);
      this.#granted(generation, site);
      this.#grants.set(generation, site);
    }
    return { type: 'witness-answer', id, generation, granted: (known ?? site) === site };
  }
}
