/**
 * Fields of a fixed size: the rows of a field table that binary-parser reads.
 *
 * A field knows how to plan itself into a binary-parser, how to read itself from bytes without
 * one (views, spans), how to write itself after a range check, and how a person wants to see it.
 */
import { type Names, nameOf, namesOf } from './names.ts';
import { type FixedParser, planBits } from './parser.ts';
import { formatFcId, formatHex, formatWwn, isMac, macAt, macFromWords, putMac } from './text.ts';

/** What a generator of values needs to know of a field. */
export type Shape =
  | { readonly kind: 'uint'; readonly bits: number; readonly names?: Names; readonly masks?: Names }
  | { readonly kind: 'u64' }
  | { readonly kind: 'mac' }
  | { readonly kind: 'bytes'; readonly length: number }
  | { readonly kind: 'text'; readonly length: number }
  | { readonly kind: 'struct'; readonly codec: unknown };

/** Gives the value of a field that the caller of `encode` left out. */
export type Default<T> = (
  value: Readonly<Record<string, unknown>>,
  sizeOf: (key: string) => number,
) => T;

/** A field of a fixed number of bits. `Optional`: `encode` has a default for it. */
export interface FixedField<T, Optional extends boolean = false> {
  readonly place: 'fixed';
  readonly optional: Optional;
  readonly bits: number;
  readonly shape: Shape;
  /** The value that a fresh object holds before it is read; fixes the property's representation. */
  readonly zero: T;
  readonly default?: Default<T>;
  /** Reads the field whose first byte is `at`, beginning `bit` bits into it. Length is not checked. */
  read(bytes: Uint8Array, at: number, bit: number): T;
  /** Writes a value, or says in words why it does not fit. */
  write(bytes: Uint8Array, at: number, bit: number, value: T): string | undefined;
  plan(parser: FixedParser, key: string): void;
  format(value: T): string;
}

function checkUint(value: unknown, bits: number): string | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** bits)
    return undefined;
  const room =
    bits % 8 === 0
      ? `${bits / 8} byte${bits === 8 ? '' : 's'}`
      : `${bits} bit${bits === 1 ? '' : 's'}`;
  return `${String(value)} does not fit ${room}`;
}

const showHex = (bits: number) => (value: number) =>
  `0x${value.toString(16).padStart(Math.ceil(bits / 4), '0')}`;

type UintField = FixedField<number>;

function uint(
  bits: 8 | 16 | 24 | 32,
  read: UintField['read'],
  put: (bytes: Uint8Array, at: number, value: number) => void,
  plan: UintField['plan'],
): UintField {
  return {
    place: 'fixed',
    optional: false,
    bits,
    shape: { kind: 'uint', bits },
    zero: 0,
    read,
    write(bytes, at, _bit, value) {
      const complaint = checkUint(value, bits);
      if (complaint === undefined) put(bytes, at, value);
      return complaint;
    },
    plan,
    format: (value) => String(value),
  };
}

/** Unsigned 8-bit number. */
export const u8: UintField = uint(
  8,
  (b, at) => b[at]!,
  (b, at, v) => {
    b[at] = v;
  },
  (parser, key) => parser.uint8(key),
);

/** Unsigned 16-bit number, big-endian. */
export const u16: UintField = uint(
  16,
  (b, at) => (b[at]! << 8) | b[at + 1]!,
  (b, at, v) => {
    b[at] = v >>> 8;
    b[at + 1] = v;
  },
  (parser, key) => parser.uint16be(key),
);

/** Unsigned 24-bit number, big-endian. */
export const u24: UintField = uint(
  24,
  (b, at) => (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!,
  (b, at, v) => {
    b[at] = v >>> 16;
    b[at + 1] = v >>> 8;
    b[at + 2] = v;
  },
  (parser, key) => parser.seek(0).bit24(key).seek(0),
);

/** Unsigned 32-bit number, big-endian. */
export const u32: UintField = uint(
  32,
  (b, at) => ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0,
  (b, at, v) => {
    b[at] = v >>> 24;
    b[at + 1] = v >>> 16;
    b[at + 2] = v >>> 8;
    b[at + 3] = v;
  },
  (parser, key) => parser.uint32be(key),
);

/** Unsigned 32-bit number, little-endian (the FC CRC inside FCoE). */
export const u32le: UintField = {
  ...uint(
    32,
    (b, at) => ((b[at + 3]! << 24) | (b[at + 2]! << 16) | (b[at + 1]! << 8) | b[at]!) >>> 0,
    (b, at, v) => {
      b[at] = v;
      b[at + 1] = v >>> 8;
      b[at + 2] = v >>> 16;
      b[at + 3] = v >>> 24;
    },
    (parser, key) => parser.uint32le(key),
  ),
  format: showHex(32),
};

/** A run of `bits` bits (1 to 24) that shares bytes with its neighbours; runs tile whole bytes. */
export function bit(bits: number): UintField {
  if (!Number.isInteger(bits) || bits < 1 || bits > 24)
    throw new RangeError('bit fields are 1 to 24 bits wide');
  const mask = 2 ** bits - 1;
  return {
    place: 'fixed',
    optional: false,
    bits,
    shape: { kind: 'uint', bits },
    zero: 0,
    read(bytes, at, first) {
      const last = first + bits;
      let word = bytes[at]!;
      let have = 8;
      for (let i = 1; have < last; i++, have += 8) word = word * 256 + bytes[at + i]!;
      return Math.floor(word / 2 ** (have - last)) & mask;
    },
    write(bytes, at, first, value) {
      const complaint = checkUint(value, bits);
      if (complaint !== undefined) return complaint;
      for (let i = 0; i < bits; i++) {
        const place = first + i;
        const byte = at + (place >> 3);
        const one = 0x80 >> (place & 7);
        if ((value >>> (bits - 1 - i)) & 1) bytes[byte]! |= one;
        else bytes[byte]! &= ~one;
      }
      return undefined;
    },
    plan: (parser, key) => planBits(parser, bits, key),
    format: (value) => String(value),
  };
}

/** Unsigned 64-bit number, big-endian, as a bigint. */
export const u64: FixedField<bigint> = {
  place: 'fixed',
  optional: false,
  bits: 64,
  shape: { kind: 'u64' },
  zero: 0n,
  read(bytes, at) {
    return (BigInt(u32.read(bytes, at, 0)) << 32n) | BigInt(u32.read(bytes, at + 4, 0));
  },
  write(bytes, at, _bit, value) {
    if (typeof value !== 'bigint' || value < 0n || value >= 1n << 64n) {
      return `${String(value)} does not fit 8 bytes (a bigint)`;
    }
    u32.write(bytes, at, 0, Number(value >> 32n));
    u32.write(bytes, at + 4, 0, Number(value & 0xffff_ffffn));
    return undefined;
  },
  plan: (parser, key) => parser.uint64be(key),
  format: (value) => String(value),
};

/** World Wide Name: 8 bytes, a bigint. */
export const wwn: FixedField<bigint> = { ...u64, format: formatWwn };

/** FC address: 3 bytes. */
export const fcId: UintField = { ...u24, format: formatFcId };

let macHigh16 = 0;

/** Ethernet address: 6 bytes, text with colons. */
export const mac: FixedField<string> = {
  place: 'fixed',
  optional: false,
  bits: 48,
  shape: { kind: 'mac' },
  zero: '',
  read: (bytes, at) => macAt(bytes, at),
  write(bytes, at, _bit, value) {
    if (!isMac(value)) return `${String(value)} is no MAC address`;
    putMac(bytes, at, value);
    return undefined;
  },
  plan(parser, key) {
    // binary-parser has no 48-bit number: two reads, joined by the second one's formatter.
    parser.uint16be(key, {
      formatter: (high: number) => {
        macHigh16 = high;
        return '';
      },
    });
    parser.uint32be(key, { formatter: (low: number) => macFromWords(macHigh16, low) });
  },
  format: (value) => value,
};

const NO_BYTES = new Uint8Array(0);

/** `length` bytes as they are. Decoded bytes alias the input. */
export function bytes(length: number): FixedField<Uint8Array> {
  return {
    place: 'fixed',
    optional: false,
    bits: 8 * length,
    shape: { kind: 'bytes', length },
    zero: NO_BYTES,
    read: (source, at) => source.subarray(at, at + length),
    write(target, at, _bit, value) {
      if (!(value instanceof Uint8Array) || value.length !== length) {
        return `needs ${length} bytes, got ${value instanceof Uint8Array ? value.length : String(value)}`;
      }
      target.set(value, at);
      return undefined;
    },
    plan: (parser, key) => parser.buffer(key, { length }),
    format: (value) => formatHex(value),
  };
}

/** Bytes as text, one character (U+0000 to U+00FF) per byte, padding kept: lossless. */
export function latin1(source: Uint8Array): string {
  let text = '';
  for (let i = 0; i < source.length; i++) text += String.fromCharCode(source[i]!);
  return text;
}

/** Text as bytes; `undefined` when a character is above U+00FF. */
export function fromLatin1(text: string): Uint8Array | undefined {
  const target = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    target[i] = code;
  }
  return target;
}

/** What a person sees of a text field: padding and unprintable characters left out. */
export function showText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be shown as dots
  return JSON.stringify(value.replace(/[\0 ]+$/, '').replace(/[\u0000-\u001f\u007f-\u00ff]/g, '.'));
}

/** `length` characters, one byte each; `encode` pads a shorter text with `pad` (space unless told). */
export function text(length: number, pad = ' '): FixedField<string> {
  return {
    place: 'fixed',
    optional: false,
    bits: 8 * length,
    shape: { kind: 'text', length },
    zero: '',
    read: (source, at) => latin1(source.subarray(at, at + length)),
    write(target, at, _bit, value) {
      const raw = typeof value === 'string' ? fromLatin1(value.padEnd(length, pad)) : undefined;
      if (raw === undefined || raw.length !== length)
        return `needs text of at most ${length} one-byte characters`;
      target.set(raw, at);
      return undefined;
    },
    plan: (parser, key) =>
      parser.buffer(key, { length, formatter: (raw: Uint8Array) => latin1(raw) }),
    format: showText,
  };
}

/** A number whose codes have names: `named(u8, ElsCommand)`. The value stays a number. */
export function named<O extends boolean>(
  field: FixedField<number, O>,
  names: Names,
): FixedField<number, O> {
  const hex = showHex(field.bits);
  return {
    ...field,
    shape: { kind: 'uint', bits: field.bits, names },
    format(value) {
      const name = nameOf(names, value);
      return name === undefined ? hex(value) : `${name} (${hex(value)})`;
    },
  };
}

/** A number whose bits have names: `flags(u16, FipFlags)`. The value stays a number. */
export function flags<O extends boolean>(
  field: FixedField<number, O>,
  masks: Names,
): FixedField<number, O> {
  const hex = showHex(field.bits);
  return {
    ...field,
    shape: { kind: 'uint', bits: field.bits, masks },
    format(value) {
      const set = namesOf(masks, value);
      return set.length === 0 ? hex(value) : `${hex(value)} (${set.join(' ')})`;
    },
  };
}

/** A number shown in hex. */
export function hex<O extends boolean>(field: FixedField<number, O>): FixedField<number, O> {
  return { ...field, format: showHex(field.bits) };
}

/** A field that `encode` fills with `value` when it is left out. */
export function withDefault<T>(field: FixedField<T, boolean>, value: T): FixedField<T, true> {
  return { ...field, optional: true, default: () => value };
}

/**
 * A field that `encode` computes from the rest when it is left out, such as a length:
 * `derived(u16, (v, sizeOf) => sizeOf('descriptors') / 4)`. A given value is kept as it is.
 */
export function derived<T>(field: FixedField<T, boolean>, from: Default<T>): FixedField<T, true> {
  return { ...field, optional: true, default: from };
}

/** Reserved or obsolete bits: kept when decoded, zero when left out of `encode`. */
export const reserved8: FixedField<number, true> = withDefault(hex(u8), 0);
export const reserved16: FixedField<number, true> = withDefault(hex(u16), 0);
export const reserved24: FixedField<number, true> = withDefault(hex(u24), 0);
export const reserved32: FixedField<number, true> = withDefault(hex(u32), 0);
export const reservedBits = (bits: number): FixedField<number, true> => withDefault(bit(bits), 0);
export const reservedBytes = (length: number): FixedField<Uint8Array, true> =>
  withDefault(bytes(length), new Uint8Array(length));
