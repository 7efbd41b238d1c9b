/**
 * Named random streams: each user of randomness draws from a stream of its own, so one more draw
 * in one place changes nothing in another, and a seed names a whole run.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna), its state filled by a hash of seed and
 * name.
 */

/** A deterministic sequence of random numbers. */
export interface RandomStream {
  /** The next 32 random bits, 0..2^32-1. */
  nextU32(): number;
  /** An integer 0..n-1, each equally likely. Errors: `RangeError` unless 1 <= n <= 2^53. */
  below(n: number): number;
  /** An integer min..max, both included. Errors: `RangeError` unless integers and min <= max. */
  range(min: number, max: number): number;
  /** `true` with probability p: never for 0, always for 1. Errors: `RangeError` outside 0..1. */
  chance(p: number): boolean;
}

/** Hands out streams of one seed. */
export interface RandomStreams {
  /**
   * A stream from its start. Seed and name alone decide its numbers, not the order in which
   * streams are made; who asks for one name twice gets the same numbers twice.
   */
  stream(name: string): RandomStream;
}

/** The streams of a seed. Errors: `RangeError` unless the seed is a safe integer. */
export function streams(seed: number): RandomStreams {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`random: seed ${seed} is not an integer`);
  return { stream: (name) => Xoshiro128.fromName(seed, name) };
}

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** MurmurHash3's finalizer: every bit of the input moves every bit of the result. */
function mix32(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** xoshiro128** 1.1 with the state given, four 32-bit words of which one is not zero. */
export class Xoshiro128 implements RandomStream {
  #s0: number;
  #s1: number;
  #s2: number;
  #s3: number;

  constructor(s0: number, s1: number, s2: number, s3: number) {
    this.#s0 = s0 | 0;
    this.#s1 = s1 | 0;
    this.#s2 = s2 | 0;
    this.#s3 = s3 | 0;
    if ((this.#s0 | this.#s1 | this.#s2 | this.#s3) === 0) {
      throw new RangeError('random: a state of only zeros gives only zeros');
    }
  }

  /** The generator that seed and name decide. */
  static fromName(seed: number, name: string): Xoshiro128 {
    const words = [seed | 0, Math.floor(seed / 2 ** 32) | 0];
    for (let i = 0; i < name.length; i++) words.push(name.charCodeAt(i));
    // Four lanes that start differently and each take in every word.
    const state = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344].map((start) => {
      let lane = start;
      for (const word of words) lane = Math.imul(mix32(lane ^ word), 0x9e3779b1) + start;
      return mix32(lane ^ words.length);
    }) as [number, number, number, number];
    // One seed and name in 2^128 gives zeros; any constant serves.
    if (state.every((word) => word === 0)) state[0] = 1;
    return new Xoshiro128(...state);
  }

  nextU32(): number {
    const s1 = this.#s1;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
    const s2 = this.#s2 ^ this.#s0;
    const s3 = this.#s3 ^ s1;
    this.#s1 = s1 ^ s2;
    this.#s0 ^= s3;
    this.#s2 = s2 ^ (s1 << 9);
    this.#s3 = rotateLeft(s3, 11);
    return result >>> 0;
  }

  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 53) {
      throw new RangeError(`random: below(${n}) needs an integer 1..2^53`);
    }
    // Draws past the last whole multiple of n are thrown away: they would favour small results.
    if (n <= 2 ** 32) {
      const fair = 2 ** 32 - (2 ** 32 % n);
      let drawn = this.nextU32();
      while (drawn >= fair) drawn = this.nextU32();
      return drawn % n;
    }
    const fair = 2 ** 53 - (2 ** 53 % n);
    let drawn = this.#next53();
    while (drawn >= fair) drawn = this.#next53();
    return drawn % n;
  }

  range(min: number, max: number): number {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
      throw new RangeError(`random: range(${min}, ${max}) needs integers, the lesser first`);
    }
    return min + this.below(max - min + 1);
  }

  chance(p: number): boolean {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`random: chance(${p}) is outside 0..1`);
    return this.nextU32() < p * 2 ** 32;
  }

  #next53(): number {
    const high = this.nextU32() >>> 11;
    return high * 2 ** 32 + this.nextU32();
  }
}
