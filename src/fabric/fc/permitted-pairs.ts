/**
 * Pairs of N_Ports that were found to share a zone, so that the forwarder does not look through
 * their zones for every frame. It may forget a pair; what it says it knows.
 */
import type { FcId } from '../../codecs/layout/index.ts';

const PLACES = 0x1_0000;
/** Spreads the targets, so that the initiators of one lie side by side, away from those of the next. */
const SPREAD = 0x9e37;
const GENERATIONS = 2 ** 20;
const NONE = -1;

/** A memory of pairs, 65,536 places, in which a later pair may take the place of an earlier one. */
export class PermittedPairs {
  /** For each place a pair, and the generation in which it was added. Made with the first pair. */
  #entries: Float64Array | undefined;
  #generation = 0;

  /** Whether two ports of one domain were added since the last `clear`. */
  has(a: FcId, b: FcId): boolean {
    return this.#entries !== undefined && this.#entries[placeOf(a, b)] === this.#entryOf(a, b);
  }

  add(a: FcId, b: FcId): void {
    this.#entries ??= new Float64Array(PLACES).fill(NONE);
    this.#entries[placeOf(a, b)] = this.#entryOf(a, b);
  }

  /** A zone or a login changed: nothing is known any more. */
  clear(): void {
    this.#generation++;
    if (this.#generation < GENERATIONS) return;
    this.#generation = 0;
    this.#entries?.fill(NONE);
  }

  #entryOf(a: FcId, b: FcId): number {
    const pair =
      a < b ? (a & 0xffff) * 0x1_0000 + (b & 0xffff) : (b & 0xffff) * 0x1_0000 + (a & 0xffff);
    return pair * GENERATIONS + this.#generation;
  }
}

function placeOf(a: FcId, b: FcId): number {
  const low = a < b ? a : b;
  return (a + b - low + Math.imul(low & 0xffff, SPREAD)) & (PLACES - 1);
}
