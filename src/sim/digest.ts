/** A running fingerprint of everything a simulation did. */

/** A shorter frame is taken in sooner than somebody is asked about it. */
const WHOLE_BYTES_MAX = 512;
/** From here on four strands are faster than one. */
const STRANDS_BYTES_MIN = 512;
const HEAD_BYTES = 64;
/** Holds the CRC. */
const END_BYTES = 8;

/** Longer texts are rare, and would fill the memory. */
const KNOWN_TEXT_CHARACTERS_MAX = 64;
const KNOWN_TEXTS_MAX = 4096;
const KEY_LISTS_MAX = 4096;

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

  /** Takes in a byte string and its length. */
  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.word(length);
    const start = length < STRANDS_BYTES_MIN ? 0 : this.#strands(bytes);
    const whole = length & ~7;
    this.#words(bytes, start, whole);
    for (let i = whole; i < length; i++) this.word(bytes[i]!);
  }

  /**
   * Takes in a frame and its length. Of one longer than 512 bytes the first 64 and the last 8 are
   * enough where the owner vouches that these 8 hold a CRC of all between, right when it was sent.
   */
  frame(frame: Uint8Array, isVouchedFor: (frame: Uint8Array) => boolean): void {
    const { length } = frame;
    if (length <= WHOLE_BYTES_MAX || !isVouchedFor(frame)) {
      this.bytes(frame);
      return;
    }
    this.word(length);
    this.#words(frame, 0, HEAD_BYTES);
    this.#words(frame, length - END_BYTES, length);
  }

  /** Takes in what another digest has taken in. */
  other(digest: Digest): void {
    this.pair(digest.#a, digest.#b);
  }

  /** Takes in a text and its length. */
  text(text: string): void {
    if (text.length > KNOWN_TEXT_CHARACTERS_MAX) {
      this.#characters(text);
      return;
    }
    let known = knownTexts.get(text);
    if (known === undefined) {
      known = new Digest();
      known.#characters(text);
      if (knownTexts.size === KNOWN_TEXTS_MAX) knownTexts.clear();
      knownTexts.set(text, known);
    }
    this.other(known);
  }

  /** Takes in a text as it stands: two characters a word, a word for each lane. */
  #characters(text: string): void {
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

  /** Eight bytes at a time, little-endian: each lane takes a word, as in `pair`. */
  #words(bytes: Uint8Array, from: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = from; i < end; i += 8) {
      const x = Math.imul(a ^ littleEndian32(bytes, i), MULTIPLIER_A);
      const y = Math.imul(b ^ littleEndian32(bytes, i + 4), MULTIPLIER_B);
      a = x ^ (x >>> SELF_A) ^ (y >>> CROSS_B);
      b = y ^ (y >>> SELF_B) ^ (a >>> CROSS_A);
    }
    this.#a = a;
    this.#b = b;
  }

  /**
   * Most of a long byte string, in four strands that do not wait for each other: each takes every
   * fourth eight bytes, and is taken in at the end. Gives the place of the first byte left over.
   */
  #strands(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = bytes.length & ~31;
    let [a0, a1, a2, a3] = [1, 2, 3, 4];
    let [b0, b1, b2, b3] = [5, 6, 7, 8];
    for (let i = 0; i < end; i += 32) {
      const x0 = Math.imul(a0 ^ view.getInt32(i, true), MULTIPLIER_A);
      const y0 = Math.imul(b0 ^ view.getInt32(i + 4, true), MULTIPLIER_B);
      const x1 = Math.imul(a1 ^ view.getInt32(i + 8, true), MULTIPLIER_A);
      const y1 = Math.imul(b1 ^ view.getInt32(i + 12, true), MULTIPLIER_B);
      const x2 = Math.imul(a2 ^ view.getInt32(i + 16, true), MULTIPLIER_A);
      const y2 = Math.imul(b2 ^ view.getInt32(i + 20, true), MULTIPLIER_B);
      const x3 = Math.imul(a3 ^ view.getInt32(i + 24, true), MULTIPLIER_A);
      const y3 = Math.imul(b3 ^ view.getInt32(i + 28, true), MULTIPLIER_B);
      a0 = x0 ^ (x0 >>> SELF_A) ^ (y0 >>> CROSS_B);
      a1 = x1 ^ (x1 >>> SELF_A) ^ (y1 >>> CROSS_B);
      a2 = x2 ^ (x2 >>> SELF_A) ^ (y2 >>> CROSS_B);
      a3 = x3 ^ (x3 >>> SELF_A) ^ (y3 >>> CROSS_B);
      b0 = y0 ^ (y0 >>> SELF_B) ^ (a0 >>> CROSS_A);
      b1 = y1 ^ (y1 >>> SELF_B) ^ (a1 >>> CROSS_A);
      b2 = y2 ^ (y2 >>> SELF_B) ^ (a2 >>> CROSS_A);
      b3 = y3 ^ (y3 >>> SELF_B) ^ (a3 >>> CROSS_A);
    }
    this.pair(a0, b0);
    this.pair(a1, b1);
    this.pair(a2, b2);
    this.pair(a3, b3);
    return end;
  }

  #bigint(value: bigint): void {
    if (value < 0n || value >= BITS_64) {
      this.word(13);
      this.text(value.toString());
      return;
    }
    bigintWords[0] = value;
    this.word(3);
    this.pair(bigintHalves[0]!, bigintHalves[1]!);
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value)) {
      this.word(2);
      this.integer(value);
    } else {
      this.word(14);
      this.text(String(value));
    }
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
      let keys = NO_KEYS;
      for (const key in value) {
        keys = keys.and(key);
        this.value((value as Record<string, unknown>)[key]);
      }
      this.other(keys.digest);
    }
  }
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/**
 * Texts that come again and again, with what each gives alone: names of events, ports and units. A
 * short text counts by that whether it is known or not, so what came before makes no difference.
 */
const knownTexts = new Map<string, Digest>();

let keyListsKept = 0;

/**
 * The keys of an object in their order, with what they give together. Objects of one kind have one
 * list, which is found by comparing keys that are mostly the same string in memory.
 */
class KeyList {
  readonly digest = new Digest();
  #lastKey: string | undefined;
  #last: KeyList | undefined;
  #longer: Map<string, KeyList> | undefined;

  /** The list with one more key. */
  and(key: string): KeyList {
    if (key === this.#lastKey) return this.#last!;
    this.#longer ??= new Map();
    const longer = this.#longer.get(key) ?? this.#make(key);
    this.#lastKey = key;
    this.#last = longer;
    return longer;
  }

  #make(key: string): KeyList {
    const longer = new KeyList();
    longer.digest.other(this.digest);
    longer.digest.text(key);
    if (keyListsKept < KEY_LISTS_MAX) {
      keyListsKept++;
      this.#longer!.set(key, longer);
    }
    return longer;
  }
}

const NO_KEYS = new KeyList();
