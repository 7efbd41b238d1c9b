/** Fields that are numbers: whole bytes, runs of bits, names of 64 bits. */
import { type FixedField, showValue } from './field.ts';
import { type FixedParser, planBits } from './parser.ts';
import { formatFcId, formatWwn } from './text.ts';

type UintField = FixedField<number>;
type Read = UintField['read'];
type Put = (bytes: Uint8Array, at: number, bit: number, value: number) => void;

/** Why a value is no unsigned number of `bits` bits; `undefined` when it is one. */
export function uintComplaint(value: unknown, bits: number): string | undefined {
  // -0 would decode as 0: another value than was given.
  const fits =
    Number.isInteger(value) &&
    (value as number) >= 0 &&
    (value as number) < 2 ** bits &&
    !Object.is(value, -0);
  if (fits) return undefined;
  const bytes = `${bits / 8} byte${bits === 8 ? '' : 's'}`;
  const room = bits % 8 === 0 ? bytes : `${bits} bit${bits === 1 ? '' : 's'}`;
  return `${Object.is(value, -0) ? '-0' : showValue(value)} does not fit ${room}`;
}

const plainReads = new WeakSet<Read>();
const plainWrites = new WeakSet<UintField['write']>();

/** True for a number that lies as its shape says; false where somebody gave it other ways. */
export function isPlainUint(field: FixedField<unknown, boolean>): boolean {
  return plainReads.has(field.read as Read) && plainWrites.has(field.write);
}

function uint(
  shape: UintField['shape'] & { kind: 'uint' },
  read: Read,
  put: Put,
  plan: UintField['plan'],
): UintField {
  const { bits } = shape;
  const write: UintField['write'] = (bytes, at, bit, value) => {
    const complaint = uintComplaint(value, bits);
    if (complaint === undefined) put(bytes, at, bit, value);
    return complaint;
  };
  plainReads.add(read);
  plainWrites.add(write);
  return {
    place: 'fixed',
    optional: false,
    bits,
    shape,
    zero: 0,
    read,
    write,
    plan,
    format: (value) => String(value),
  };
}

/** Unsigned 8-bit number. */
export const u8: UintField = uint(
  { kind: 'uint', bits: 8 },
  (b, at) => b[at]!,
  (b, at, _bit, v) => {
    b[at] = v;
  },
  (parser, key) => parser.uint8(key),
);

/** Unsigned 16-bit number, big-endian. */
export const u16: UintField = uint(
  { kind: 'uint', bits: 16 },
  (b, at) => (b[at]! << 8) | b[at + 1]!,
  (b, at, _bit, v) => {
    b[at] = v >>> 8;
    b[at + 1] = v;
  },
  (parser, key) => parser.uint16be(key),
);

/** Unsigned 24-bit number, big-endian. */
export const u24: UintField = uint(
  { kind: 'uint', bits: 24 },
  (b, at) => (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!,
  (b, at, _bit, v) => {
    b[at] = v >>> 16;
    b[at + 1] = v >>> 8;
    b[at + 2] = v;
  },
  (parser, key) => planBits(parser, 24, key),
);

/** Unsigned 32-bit number, big-endian. */
export const u32: UintField = uint(
  { kind: 'uint', bits: 32 },
  (b, at) => ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0,
  (b, at, _bit, v) => {
    b[at] = v >>> 24;
    b[at + 1] = v >>> 16;
    b[at + 2] = v >>> 8;
    b[at + 3] = v;
  },
  (parser, key) => parser.uint32be(key),
);

/** A number as hex digits that show its width. */
export const showHex = (bits: number) => (value: number) =>
  `0x${value.toString(16).padStart(Math.ceil(bits / 4), '0')}`;

/** Unsigned 32-bit number, little-endian (the FC CRC inside FCoE). */
export const u32le: UintField = {
  ...uint(
    { kind: 'uint', bits: 32, little: true },
    (b, at) => ((b[at + 3]! << 24) | (b[at + 2]! << 16) | (b[at + 1]! << 8) | b[at]!) >>> 0,
    (b, at, _bit, v) => {
      b[at] = v;
      b[at + 1] = v >>> 8;
      b[at + 2] = v >>> 16;
      b[at + 3] = v >>> 24;
    },
    (parser, key) => parser.uint32le(key),
  ),
  format: showHex(32),
};

/**
 * A run of `bits` bits (1 to 31, over 4 bytes at most) that shares bytes with its neighbours; runs tile whole bytes.
 * Errors: `RangeError` for another width.
 */
export function bit(bits: number): UintField {
  if (!Number.isInteger(bits) || bits < 1 || bits > 31)
    throw new RangeError('bit fields are 1 to 31 bits wide');
  const mask = 2 ** bits - 1;
  return uint(
    { kind: 'uint', bits, run: true },
    (bytes, at, first) => {
      const last = first + bits;
      let word = bytes[at]!;
      let have = 8;
      for (let i = 1; have < last; i++, have += 8) word = (word << 8) | bytes[at + i]!;
      return (word >>> (have - last)) & mask;
    },
    (bytes, at, first, value) => {
      let left = bits;
      for (let byte = at, from = first; left > 0; byte++, from = 0) {
        const width = Math.min(8 - from, left);
        const shift = 8 - from - width;
        const places = ((1 << width) - 1) << shift;
        left -= width;
        bytes[byte] = (bytes[byte]! & ~places) | (((value >>> left) << shift) & places);
      }
    },
    (parser: FixedParser, key) => planBits(parser, bits, key),
  );
}

/** One 64-bit word in the host's byte order, to go between bigint and two 32-bit halves. */
const word64 = new BigUint64Array(1);
const halves = new Uint32Array(word64.buffer);
const LOW = new Uint32Array(new BigUint64Array([1n]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** The unsigned 64-bit number at a place, big-endian. The bounds are not checked. */
export function u64At(bytes: Uint8Array, at: number): bigint {
  halves[HIGH] =
    (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  halves[LOW] =
    (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
  return word64[0]!;
}

/** Unsigned 64-bit number, big-endian, as a bigint. */
export const u64: FixedField<bigint> = {
  place: 'fixed',
  optional: false,
  bits: 64,
  shape: { kind: 'u64' },
  zero: 0n,
  read: (bytes, at) => u64At(bytes, at),
  write(b, at, _bit, value) {
    if (typeof value !== 'bigint') return `${showValue(value)} is no bigint`;
    word64[0] = value;
    if (word64[0] !== value) return `${showValue(value)} does not fit 8 bytes`;
    const high = halves[HIGH]!;
    const low = halves[LOW]!;
    b[at] = high >>> 24;
    b[at + 1] = high >>> 16;
    b[at + 2] = high >>> 8;
    b[at + 3] = high;
    b[at + 4] = low >>> 24;
    b[at + 5] = low >>> 16;
    b[at + 6] = low >>> 8;
    b[at + 7] = low;
    return undefined;
  },
  plan: (parser, key) => parser.uint64be(key),
  format: (value) => String(value),
};

/** World Wide Name: 8 bytes, a bigint. */
export const wwn: FixedField<bigint> = { ...u64, format: formatWwn };

/** FC address: 3 bytes. */
export const fcId: UintField = { ...u24, format: formatFcId };
