/** A running fingerprint of everything a simulation did. */

/** From this length on a `DataView` is worth its making. */
const VIEW_BYTES_MIN = 256;

/** Spreads a word, so that a bit in one word and another in the next do not cancel each other. */
const spread = (word: number): number => {
  const x = Math.imul(word, 0xc2b2ae3d);
  return x ^ (x >>> 15);
};

const stepA = (lane: number, word: number): number => {
  const x = Math.imul(lane ^ spread(word), 0x9e3779b1);
  return (x << 15) | (x >>> 17);
};

const stepB = (lane: number, word: number): number => {
  const x = Math.imul(lane ^ spread(word), 0x85ebca77);
  return (x << 13) | (x >>> 19);
};

/**
 * A 64-bit hash fed piece by piece: two 32-bit lanes with different multipliers. It tells runs
 * apart; it is no protection against somebody who wants a collision.
 *
 * Each step is a bijection of the state, so one changed word always changes the result.
 */
export class Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;

  /** Takes in one 32-bit word. The lanes cross here, so that all 64 bits come to depend on it. */
  word(value: number): void {
    const a = stepA(this.#a, value);
    this.#a = a;
    this.#b = stepB(this.#b, value) ^ a;
  }

  /** Takes in a time or count, a safe integer, as two words. */
  integer(value: number): void {
    this.word(value | 0);
    this.word((value / 2 ** 32) | 0);
  }

  /** Takes in a byte string and its length. */
  bytes(bytes: Uint8Array): void {
    this.word(bytes.length);
    const whole = bytes.length & ~7;
    if (bytes.length >= VIEW_BYTES_MIN) this.#wordsByView(bytes, whole);
    else this.#words(bytes, whole);
    for (let i = whole; i < bytes.length; i++) this.#a = stepA(this.#a, bytes[i]!);
  }

  /** Takes in a text and its length. */
  text(text: string): void {
    this.word(text.length);
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < text.length; i += 2) {
      a = stepA(a, text.charCodeAt(i));
      if (i + 1 < text.length) b = stepB(b, text.charCodeAt(i + 1));
    }
    this.#a = a;
    this.#b = b;
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
        this.word(3);
        this.text(value.toString());
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

  /** Eight bytes a turn, little-endian: each lane takes a word. */
  #words(bytes: Uint8Array, end: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < end; i += 8) {
      a = stepA(a, littleEndian32(bytes, i));
      b = stepB(b, littleEndian32(bytes, i + 4));
    }
    this.#a = a;
    this.#b = b;
  }

  /** The same words, read through a view. */
  #wordsByView(bytes: Uint8Array, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < end; i += 8) {
      a = stepA(a, view.getInt32(i, true));
      b = stepB(b, view.getInt32(i + 4, true));
    }
    this.#a = a;
    this.#b = b;
  }

  #number(value: number): void {
    this.word(2);
    if (Number.isSafeInteger(value)) this.integer(value);
    else this.text(String(value));
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
      for (const key of Object.keys(value)) {
        this.text(key);
        this.value((value as Record<string, unknown>)[key]);
      }
      this.word(12);
    }
  }
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
