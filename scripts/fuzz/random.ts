/** Random numbers that a seed decides, on any machine. */

/** A stream of numbers; the same seeds give the same stream. Method: splitmix32, one for each frame. */
export class Random {
  #state: number;

  constructor(seed: number, stream: number) {
    this.#state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(stream + 1, 0xc2b2_ae35);
    this.u32();
  }

  u32(): number {
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** An integer of `[0, limit)`; 0 where the limit is 0. */
  below(limit: number): number {
    return limit <= 0 ? 0 : this.u32() % limit;
  }

  /** True in so many of a hundred cases. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }

  /** So many bytes; `small`: mostly numbers that lengths and counts may well be. */
  bytes(length: number, small = false): Uint8Array {
    const made = new Uint8Array(length);
    for (let i = 0; i < length; i++)
      made[i] = small && this.percent(70) ? this.below(17) : this.below(256);
    return made;
  }
}
