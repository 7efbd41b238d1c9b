/**
 * Which lists of a wheel hold something: a bit for each, and a bit for each word of bits.
 *
 * Lists are numbered through, those of the lowest level first.
 */
export class OccupiedLists {
  readonly #levelBits: number;
  /** Words of a level, less 1. */
  readonly #wordMask: number;
  readonly #bits: Int32Array;
  readonly #summary: Int32Array;

  /** A level has 2^`levelBits` lists: 5 to 10, so that a word is full and a level's summary is one. */
  constructor(levels: number, levelBits: number) {
    const words = 1 << (levelBits - 5);
    this.#levelBits = levelBits;
    this.#wordMask = words - 1;
    this.#bits = new Int32Array(levels * words);
    this.#summary = new Int32Array(levels);
  }

  /** A list holds something. */
  add(list: number): void {
    const word = list >> 5;
    this.#bits[word]! |= 1 << (list & 31);
    this.#summary[list >> this.#levelBits]! |= 1 << (word & this.#wordMask);
  }

  /** A list is empty. */
  remove(list: number): void {
    const word = list >> 5;
    this.#bits[word]! &= ~(1 << (list & 31));
    if (this.#bits[word] === 0)
      this.#summary[list >> this.#levelBits]! &= ~(1 << (word & this.#wordMask));
  }

  /** The first list of the lowest level that has one; only while some list holds something. */
  first(): number {
    let level = 0;
    while (this.#summary[level] === 0) level++;
    const summary = this.#summary[level]!;
    const word = (level << (this.#levelBits - 5)) + 31 - Math.clz32(summary & -summary);
    const bits = this.#bits[word]!;
    return word * 32 + 31 - Math.clz32(bits & -bits);
  }
}
