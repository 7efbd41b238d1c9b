/** A running fingerprint of everything a simulation did. */

/** From here on four strands are faster than one. */
const STRANDS_BYTES_MIN = 512;
/** The end of a frame that holds its CRC. */
const END_BYTES = 8;

/** Longer texts are rare, and would fill the memory. */
const KNOWN_TEXT_CHARACTERS_MAX = 64;
const KNOWN_TEXTS_MAX = 16_384;

/** So many kinds of objects are remembered, and so many shapes of each. */
const KIN_MAX = 1024;
const SHAPES_MAX = 8;

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

/** Where the lanes begin. */
const START_A = 0x243f6a88;
const START_B = 0x85a308d3 | 0;

/** What kind of value it is stands in the second lane. */
const IS_INTEGER = 2;
const IS_BIGINT = 3;
const IS_TRUE = 4;
const IS_FALSE = 5;
const IS_UNDEFINED = 6;
const IS_NULL = 7;
const IS_BYTES = 8;
const IS_ARRAY = 9;
const IS_COLLECTION = 10;
const IS_OBJECT = 11;
const IS_LONG_INTEGER = 12;
const IS_LONG_BIGINT = 13;
const IS_FRACTION = 14;

type Plain = Readonly<Record<string, unknown>>;

/** A text, and what it gives alone. */
interface KnownText {
  readonly text: string;
  readonly a: number;
  readonly b: number;
}

/**
 * A 64-bit hash fed piece by piece: two 32-bit lanes with different multipliers. It tells runs
 * apart; it is no protection against somebody who wants a collision.
 *
 * Each step is a bijection of the state, so one changed word always changes the result.
 */
export class Digest {
  #a = START_A;
  #b = START_B;

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
   * Takes in a frame and its length. What lies before `vouchedFrom` and the last 8 bytes are enough
   * where the owner vouches that these 8 hold a CRC of all between, right when it was sent; a frame
   * that nobody vouches for has its length there.
   */
  frame(frame: Uint8Array, vouchedFrom: number): void {
    const { length } = frame;
    const head = (vouchedFrom + 7) & ~7;
    if (length < head + END_BYTES) {
      this.bytes(frame);
      return;
    }
    this.word(length);
    this.#words(frame, 0, head);
    this.#words(frame, length - END_BYTES, length);
  }

  /** The state: both lanes. */
  lanes(): readonly [number, number] {
    return [this.#a, this.#b];
  }

  /** Takes in a text and its length. */
  text(text: string): void {
    const { a, b } = known(text);
    this.pair(a, b);
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
        this.text(value);
        return;
      case 'number':
        this.#number(value);
        return;
      case 'bigint':
        this.#bigint(value);
        return;
      case 'boolean':
        this.pair(0, value ? IS_TRUE : IS_FALSE);
        return;
      case 'undefined':
        this.pair(0, IS_UNDEFINED);
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
    return this.lanes()
      .map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
      .join('');
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
      this.pair(0, IS_LONG_BIGINT);
      this.text(value.toString());
      return;
    }
    bigintWords[0] = value;
    this.pair(0, IS_BIGINT);
    this.pair(bigintHalves[0]!, bigintHalves[1]!);
  }

  #number(value: number): void {
    if ((value | 0) === value) {
      this.pair(value, IS_INTEGER);
    } else if (Number.isSafeInteger(value)) {
      this.pair(0, IS_LONG_INTEGER);
      this.integer(value);
    } else {
      this.pair(0, IS_FRACTION);
      this.text(String(value));
    }
  }

  #object(value: object | null): void {
    if (value === null) {
      this.pair(0, IS_NULL);
    } else if (value instanceof Uint8Array) {
      this.pair(value.length, IS_BYTES);
      this.bytes(value);
    } else if (Array.isArray(value)) {
      this.pair(value.length, IS_ARRAY);
      for (const item of value) this.value(item);
    } else if (value instanceof Map || value instanceof Set) {
      this.pair(value.size, IS_COLLECTION);
      for (const item of value) this.value(item);
    } else {
      this.#properties(value as Plain);
    }
  }

  /** The values in order, then the keys. Events pass here: integers and short texts, in the main. */
  #properties(object: Plain): void {
    let shape = NO_SHAPE;
    let a = this.#a;
    let b = this.#b;
    let at = 0;
    for (const key in object) {
      const item = object[key];
      if (at === 0) shape = Shape.of(key, item, object);
      if (shape.keys[at] !== key) shape = shape.other(object);
      let first = 0;
      let second = IS_INTEGER;
      if (typeof item === 'number' && (item | 0) === item) {
        first = item;
      } else if (typeof item === 'string') {
        const text = shape.textAt(at, item);
        first = text.a;
        second = text.b;
      } else {
        this.#a = a;
        this.#b = b;
        this.value(item);
        a = this.#a;
        b = this.#b;
        at++;
        continue;
      }
      const x = Math.imul(a ^ first, MULTIPLIER_A);
      const y = Math.imul(b ^ second, MULTIPLIER_B);
      a = x ^ (x >>> SELF_A) ^ (y >>> CROSS_B);
      b = y ^ (y >>> SELF_B) ^ (a >>> CROSS_A);
      at++;
    }
    this.#a = a;
    this.#b = b;
    if (at !== shape.keys.length) shape = shape.other(object);
    this.pair(at, IS_OBJECT);
    this.pair(shape.a, shape.b);
  }
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Names of virtual machines, units and ports: they come again and again. */
const knownTexts = new Map<string, KnownText>();

/** What a text gives alone. It is the same whether the text was known or not. */
function known(text: string): KnownText {
  let known = knownTexts.get(text);
  if (known === undefined) {
    known = takenAlone(text);
    if (text.length <= KNOWN_TEXT_CHARACTERS_MAX) {
      if (knownTexts.size === KNOWN_TEXTS_MAX) knownTexts.clear();
      knownTexts.set(text, known);
    }
  }
  return known;
}

/** The length, then two characters a word, a word for each lane. */
function takenAlone(text: string): KnownText {
  const digest = new Digest();
  const { length } = text;
  digest.word(length);
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    digest.pair(
      text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16),
      text.charCodeAt(i + 2) | (text.charCodeAt(i + 3) << 16),
    );
  }
  for (; i < length; i++) digest.word(text.charCodeAt(i));
  const [a, b] = digest.lanes();
  return { text, a, b };
}

/** Objects that begin alike: of one `type`, or with one first key. */
interface Kin {
  readonly shapes: Shape[];
  /** What the next one is expected to be. */
  last: Shape | undefined;
}

const kinByType = new Map<string, Kin>();
const kinByKey = new Map<string, Kin>();

/**
 * The keys of an object in their order, with what they give together. An object is expected to be
 * shaped as the last of its kin was, and is compared with that key by key: keys are mostly the same
 * string in memory.
 */
class Shape {
  readonly keys: readonly string[];
  readonly a: number;
  readonly b: number;
  readonly #kin: Kin;
  /** What always stands behind a key so far, as a name of a type does; `undefined` after another one. */
  readonly #usual: (KnownText | undefined)[];

  constructor(keys: readonly string[], kin: Kin, object: Plain) {
    this.keys = keys;
    this.#kin = kin;
    this.#usual = keys.map((key) => {
      const item = object[key];
      return typeof item === 'string' ? known(item) : undefined;
    });
    const digest = new Digest();
    for (const key of keys) digest.text(key);
    [this.a, this.b] = digest.lanes();
  }

  /** What an object is expected to be whose first property this is. */
  static of(firstKey: string, first: unknown, object: Plain): Shape {
    const isEvent = firstKey === 'type' && typeof first === 'string';
    const kins = isEvent ? kinByType : kinByKey;
    const name = isEvent ? first : firstKey;
    let kin = kins.get(name);
    if (kin === undefined) {
      kin = { shapes: [], last: undefined };
      if (kins.size < KIN_MAX) kins.set(name, kin);
    }
    return kin.last ?? Shape.#among(kin, object);
  }

  /** The shape of an object of this kin that is another one. */
  other(object: Plain): Shape {
    return Shape.#among(this.#kin, object);
  }

  /** What a text behind the key at a place gives alone. */
  textAt(at: number, text: string): KnownText {
    const usual = this.#usual[at];
    if (usual === undefined) return known(text);
    if (usual.text === text) return usual;
    this.#usual[at] = undefined;
    return known(text);
  }

  static #among(kin: Kin, object: Plain): Shape {
    let shape = kin.shapes.find((known) => known.#isOf(object));
    if (shape === undefined) {
      const keys: string[] = [];
      for (const key in object) keys.push(key);
      shape = new Shape(keys, kin, object);
      if (kin.shapes.length < SHAPES_MAX) kin.shapes.push(shape);
    }
    kin.last = shape;
    return shape;
  }

  #isOf(object: Plain): boolean {
    let at = 0;
    for (const key in object) if (this.keys[at++] !== key) return false;
    return at === this.keys.length;
  }
}

const NO_SHAPE = new Shape([], { shapes: [], last: undefined }, {});
