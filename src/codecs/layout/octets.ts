/** Fields of whole bytes that are no numbers: addresses, raw bytes, text. */
import { type FixedField, showValue } from './field.ts';
import { formatterOf } from './generated.ts';
import { partOf, putBytes } from './part.ts';
import { formatHex, macAt, macFromWords, putMac } from './text.ts';

let macHigh16 = 0;

/** Ethernet address: 6 bytes, text with colons. */
export const mac: FixedField<string> = {
  place: 'fixed',
  optional: false,
  bits: 48,
  shape: { kind: 'mac' },
  zero: '',
  read: macAt,
  write: (bytes, at, _bit, value) =>
    putMac(bytes, at, value) ? undefined : `${showValue(value)} is no MAC address`,
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

function checkLength(length: number): void {
  if (!Number.isInteger(length) || length < 1)
    throw new RangeError('a field of bytes has 1 byte or more');
}

const NO_BYTES = new Uint8Array(0);

/** `length` bytes as they are. Decoded bytes alias the input. Errors: `RangeError` below 1 byte. */
export function bytes(length: number): FixedField<Uint8Array> {
  checkLength(length);
  return {
    place: 'fixed',
    optional: false,
    bits: 8 * length,
    shape: { kind: 'bytes', length },
    zero: NO_BYTES,
    read: (source, at) => partOf(source, at, at + length),
    write(target, at, _bit, value) {
      if (!(value instanceof Uint8Array)) return `needs ${length} bytes, got ${showValue(value)}`;
      if (value.length !== length) return `needs ${length} bytes, got ${value.length}`;
      putBytes(target, at, value);
      return undefined;
    },
    plan: (parser, key) => parser.buffer(key, { length }),
    format: (value) => formatHex(value),
  };
}

/** Like `bytes`, and `encode` fills what a shorter value leaves with zeros (a CDB in FCP_CMND). */
export function paddedBytes(length: number): FixedField<Uint8Array> {
  const exact = bytes(length);
  return {
    ...exact,
    write(target, at, bit, value) {
      if (!(value instanceof Uint8Array) || value.length >= length)
        return exact.write(target, at, bit, value);
      putBytes(target, at, value);
      target.fill(0, at + value.length, at + length);
      return undefined;
    },
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

/**
 * `length` characters, one byte each; `encode` pads a shorter text with `pad` (space unless told).
 * Errors: `RangeError` below 1 byte or for a `pad` of more than one byte.
 */
export function text(length: number, pad = ' '): FixedField<string> {
  checkLength(length);
  if (pad.length !== 1 || pad > '\u00ff') throw new RangeError('text is padded with one byte');
  const read = (source: Uint8Array, at: number) => latin1(source.subarray(at, at + length));
  return {
    place: 'fixed',
    optional: false,
    bits: 8 * length,
    shape: { kind: 'text', length },
    zero: '',
    read,
    write(target, at, _bit, value) {
      const raw = typeof value === 'string' ? fromLatin1(value.padEnd(length, pad)) : undefined;
      if (raw === undefined || raw.length !== length)
        return `needs text of at most ${length} one-byte characters, got ${showValue(value)}`;
      target.set(raw, at);
      return undefined;
    },
    plan: (parser, key) =>
      parser.buffer(key, { length, formatter: formatterOf((raw) => latin1(raw), read) }),
    format: showText,
  };
}
