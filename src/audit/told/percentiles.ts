/** How times are spread, in little memory: counts of times of about the same length. */

/** Times within one part in so many count as the same. */
const PARTS = 32;

/** Times below this are whole numbers of 31 bits, whose highest bit is found at once. */
const SHORT_NS = 2 ** 31;
const PARTS_BITS = 5;

function keyOf(time: number): number {
  if (time < SHORT_NS && Number.isInteger(time)) {
    const exponent = 31 - Math.clz32(time);
    const shifted =
      exponent < PARTS_BITS ? time << (PARTS_BITS - exponent) : time >> (exponent - PARTS_BITS);
    return exponent * PARTS + (shifted & (PARTS - 1));
  }
  const exponent = Math.floor(Math.log2(time));
  return exponent * PARTS + Math.floor((time / 2 ** exponent - 1) * PARTS);
}

/** Counts times and says which share of them is no longer than what. Exact within one part in 32. */
export class Percentiles {
  /** By exponent times `PARTS` and the part within it. */
  readonly #counts = new Map<number, number>();
  #count = 0;
  #max = 0;

  /** Counts a time, in nanoseconds. */
  add(ns: number): void {
    const key = keyOf(Math.max(1, ns));
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#count++;
    if (ns > this.#max) this.#max = ns;
  }

  /** How many were counted. */
  get count(): number {
    return this.#count;
  }

  /** The longest. */
  get maxNs(): number {
    return this.#max;
  }

  /** The time that `share` (0 to 1) of all do not exceed; 0 where none was counted. */
  at(share: number): number {
    let left = Math.ceil(this.#count * share);
    for (const key of [...this.#counts.keys()].sort((a, b) => a - b)) {
      left -= this.#counts.get(key)!;
      if (left > 0) continue;
      const end = 2 ** Math.floor(key / PARTS) * (1 + ((key % PARTS) + 1) / PARTS);
      return Math.min(this.#max, Math.floor(end));
    }
    return 0;
  }
}
