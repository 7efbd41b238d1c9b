/** A running fingerprint of everything a simulation did. */

/**
 * Of a longer byte string its head, its end and a word in every so many bytes count: long frames end
 * with a CRC of what lies between, and a disk's blocks begin with a stamp of their own.
 */
const WHOLE_BYTES_MAX = 512;
const HEAD_BYTES = 64;
const END_BYTES = 8;
const SAMPLE_STEP_BYTES = 128;

/** Where a `bigint` is taken apart into words. */
const bigintWords = new BigUint64Array(1);
const bigintHalves = new Int32Array(bigintWords.buffer);
const BITS_64 = 2n ** 64n;

const MULTIPLIER_A = 0x9e3779b1;
const MULTIPLIER_B = 0x85ebca77 | 0;
/**
 * How far right a lane is shifted into itself and into the other: a multiplication carries a bit
 * upwards only, and what changed in the uppermost would be undone by one bit of the next word.
 */
const SELF_A = 15;
const SELF_B = 13;
const CROSS_A = 9;
const CROSS_B = 11;

/**
 * A 64-bit hash fed piece by piece: two 32-bit lanes with different multipliers. It tells runs
 * apart; it is no protection against somebody who wants a collision.
 *
 * Each step is a bijection of the state, so one changed word always changes the result.
 */
export class Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;

  /** Takes in one 32-bit word. */
  word(value: number): void {
    this.pair(value, 0);
  }

  /** Takes in two 32-bit words, one in each lane. The lanes cross here, so that both come to depend on them. */
  pair(first: number, second: number): void {
    const x = Math.imul(this.#a ^ first, MULTIPLIER_A);
    const y = Math.imul(this.#b ^ second, MULTIPLIER_B);
    this.#a = x ^ (x >>> SELF_A) ^ (y >>> CROSS_B);
    this.#b = y ^ (y >>> SELF_B) ^ (this.#a >>> CROSS_A);
  }

  /** Takes in a time or count, a safe integer, as two words. */
  integer(value: number): void {
    this.pair(value | 0, (value / 2 ** 32) | 0);
  }

  /** Takes in a byte string and its length; of one longer than 512 bytes, samples. */
  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.word(length);
    if (length > WHOLE_BYTES_MAX) {
      this.#words(bytes, 0, HEAD_BYTES, 8);
      this.#words(bytes, HEAD_BYTES, length - END_BYTES, SAMPLE_STEP_BYTES);
      this.#words(bytes, length - END_BYTES, length, 8);
      return;
    }
    const whole = length & ~7;
    this.#words(bytes, 0, whole, 8);
    for (let i = whole; i < length; i++) this.word(bytes[i]!);
  }

  /** Takes in a text and its length: two characters a word, a word for each lane. */
  text(text: string): void {
    const { length } = text;
    this.word(length);
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      this.pair(
        text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16),
        text.charCodeAt(i + 2) | (text.charCodeAt(i + 3) << 16),
      );
    }
    for (; i < length; i++) this.word(text.charCodeAt(i));
  }

  /**
   * Takes in plain data: what JSON holds, and bigint, `undefined`, byte arrays, maps and sets.
   * Properties count in the order they were made, as in JSON.
   *
   * Errors: `TypeError` for functions and symbols.
   */
  value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.word(1);
        this.text(value);
        return;
      case 'number':
        this.#number(value);
        return;
      case 'bigint':
        this.#bigint(value);
        return;
      case 'boolean':
        this.word(value ? 4 : 5);
        return;
      case 'undefined':
        this.word(6);
        return;
      case 'object':
        this.#object(value);
        return;
      default:
        throw new TypeError(`digest: a ${typeof value} is not data`);
    }
  }

  /** The fingerprint so far: 16 hexadecimal digits. */
  hex(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** Eight bytes every `step` bytes, little-endian: each lane takes a word, as in `pair`. */
  #words(bytes: Uint8Array, from: number, end: number, step: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = from; i < end; i += step) {
      const x = Math.imul(a ^ littleEndian32(bytes, i), MULTIPLIER_A);
      const y = Math.imul(b ^ littleEndian32(bytes, i + 4), MULTIPLIER_B);
      a = x ^ (x >>> SELF_A) ^ (y >>> CROSS_B);
      b = y ^ (y >>> SELF_B) ^ (a >>> CROSS_A);
    }
    this.#a = a;
    this.#b = b;
  }

  #bigint(value: bigint): void {
    this.word(3);
    if (value < 0n || value >= BITS_64) {
      this.text(value.toString());
      return;
    }
    bigintWords[0] = value;
    this.word(bigintHalves[0]!);
    this.word(bigintHalves[1]!);
  }

  #number(value: number): void {
    this.word(2);
    if (Number.isSafeInteger(value)) this.integer(value);
    else this.text(String(value));
  }

  /** Names of properties are told apart well enough by their length and both their ends. */
  #key(key: string): void {
    const { length } = key;
    const last = length - 1;
    this.word(length | (key.charCodeAt(0) << 8) | (key.charCodeAt(last) << 20));
  }

  #object(value: object | null): void {
    if (value === null) {
      this.word(7);
    } else if (value instanceof Uint8Array) {
      this.word(8);
      this.bytes(value);
    } else if (Array.isArray(value)) {
      this.word(9);
      this.word(value.length);
      for (const item of value) this.value(item);
    } else if (value instanceof Map || value instanceof Set) {
      this.word(10);
      this.word(value.size);
      for (const item of value) this.value(item);
    } else {
      this.word(11);
      for (const key in value) {
        this.#key(key);
        this.value((value as Record<string, unknown>)[key]);
      }
      this.word(12);
    }
  }
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
