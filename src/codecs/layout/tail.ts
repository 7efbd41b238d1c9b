/**
 * Fields whose size the bytes decide: counted regions, optional parts, nested messages, the rest.
 *
 * These never reach binary-parser (which loops for ever on an empty list element and reads past
 * a stated length): they are walked here and in `list.ts`, by loops whose every step moves forward
 * and is bounded.
 */
import { type Cursor, joinPath, meetsCut, nest, type Span, toleratesFault } from './cursor.ts';
import { CodecError } from './error.ts';
import { type Default, type FixedField, showValue } from './field.ts';
import type { AnyCodec, Codec, FromOwner, TailField } from './message.ts';
import { fromLatin1, latin1, showText } from './octets.ts';
import { partOf, putBytes } from './part.ts';
import { formatHex } from './text.ts';

/** Typed access to the fields before: `of<{ listLength: number }>((v) => v.listLength)`. */
export function of<V>(from: (owner: V) => number): FromOwner<number> {
  return from as FromOwner<number>;
}

/** Like `of`, for conditions. */
export function when<V>(test: (owner: V) => boolean): FromOwner<boolean> {
  return test as FromOwner<boolean>;
}

/** Errors: `CodecError` for what is no byte array. */
export function checkBytes(
  value: unknown,
  layer: string,
  key: string,
  at: number,
): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new CodecError('bad-value', layer, key, at, `needs bytes, got ${showValue(value)}`);
}

/** Shared: an array of no bytes cannot be written to. */
const NO_BYTES = new Uint8Array(0);

function takeRest(cursor: Cursor): Uint8Array {
  if (cursor.at >= cursor.end) return NO_BYTES;
  const raw = partOf(cursor.bytes, cursor.at, cursor.end);
  cursor.at = cursor.end;
  return raw;
}

/** All bytes that remain in the region, as they are. Decoded bytes alias the input. */
export const rest: TailField<Uint8Array, true> = {
  place: 'tail',
  optional: true,
  shape: { kind: 'rest' },
  default: () => NO_BYTES,
  read: takeRest,
  size(value, layer, key, at) {
    checkBytes(value, layer, key, at);
    return value.length;
  },
  write(target, at, value, layer, key) {
    checkBytes(value, layer, key, at);
    putBytes(target, at, value);
    return at + value.length;
  },
  trace(cursor, _owner, _layer, path, spans) {
    const offset = cursor.at;
    const raw = takeRest(cursor);
    if (raw.length > 0)
      spans.push({ path, offset, length: raw.length, value: raw, text: formatHex(raw) });
    return raw;
  },
};

function checkedLatin1(value: unknown, layer: string, key: string, at: number): Uint8Array {
  const raw = typeof value === 'string' ? fromLatin1(value) : undefined;
  if (raw !== undefined) return raw;
  const what = `needs text of one-byte characters, got ${showValue(value)}`;
  throw new CodecError('bad-value', layer, key, at, what);
}

/** All bytes that remain in the region as text, one character per byte, padding kept. */
export const restText: TailField<string, true> = {
  place: 'tail',
  optional: true,
  shape: { kind: 'text' },
  default: () => '',
  read: (cursor) => latin1(takeRest(cursor)),
  size: (value, layer, key, at) => checkedLatin1(value, layer, key, at).length,
  write(target, at, value, layer, key) {
    const raw = checkedLatin1(value, layer, key, at);
    target.set(raw, at);
    return at + raw.length;
  },
  trace(cursor, _owner, _layer, path, spans) {
    const offset = cursor.at;
    const value = latin1(takeRest(cursor));
    if (value.length > 0)
      spans.push({ path, offset, length: value.length, value, text: showText(value) });
    return value;
  },
};

/** Bytes of a fixed field. Errors: `TypeError` when they are not whole. */
export function wholeBytes(field: FixedField<unknown, boolean>): number {
  if (field.bits % 8 !== 0)
    throw new TypeError(`a field of ${field.bits} bits cannot stand behind one of variable size`);
  return field.bits / 8;
}

/** Writes a fixed field that `length` bytes hold; returns the first byte behind. Errors: `CodecError`. */
export function writeFixed<T, I>(
  field: FixedField<T, boolean, I>,
  target: Uint8Array,
  at: number,
  value: I,
  layer: string,
  key: string,
): number {
  const next = at + field.bits / 8;
  if (next > target.length)
    throw new RangeError(`${layer}: ${key} has no room at ${at} in ${target.length} bytes`);
  const complaint = field.write(target, at, 0, value);
  if (complaint !== undefined) throw new CodecError('out-of-range', layer, key, at, complaint);
  return next;
}

/** A field of fixed size that stands behind one of variable size. */
export function fixedTail<T, O extends boolean, I = T>(
  field: FixedField<T, O, I>,
): TailField<T, O, I> {
  const length = wholeBytes(field as FixedField<unknown, boolean>);
  const read = (cursor: Cursor, layer: string, key: string): T => {
    if (cursor.remaining < length) cursor.need(length, layer, key);
    const value = field.read(cursor.bytes, cursor.at, 0);
    cursor.at += length;
    return value;
  };
  return {
    place: 'tail',
    optional: field.optional,
    shape: { kind: 'fixed', field: field as FixedField<unknown, boolean> },
    ...(field.default === undefined ? {} : { default: field.default }),
    read: (cursor, _owner, layer, key) => read(cursor, layer, key),
    size: () => length,
    write: (target, at, value, layer, key) => writeFixed(field, target, at, value, layer, key),
    trace(cursor, _owner, layer, path, spans) {
      const offset = cursor.at;
      const value = read(cursor, layer, path);
      traceFixed(field, cursor.bytes, offset, path, value, spans);
      return value;
    },
  };
}

/** Appends the span of a fixed field that begins on a byte: those of its parts, if it has any. */
export function traceFixed<T, I>(
  field: FixedField<T, boolean, I>,
  bytes: Uint8Array,
  offset: number,
  path: string,
  value: T,
  spans: Span[],
): void {
  const length = field.bits / 8;
  if (field.shape.kind === 'struct') {
    const { codec } = field.shape as { codec: AnyCodec };
    for (const span of codec.spans(bytes, offset, offset + length))
      spans.push({ ...span, path: joinPath(path, span.path) });
  } else spans.push({ path, offset, length, value, text: field.format(value) });
}

/** Reads a whole region as one message; what lies behind its last field is its `trailing`. */
function readWhole<T, I>(codec: Codec<T, I>, cursor: Cursor): T {
  const value = codec.decode(cursor.bytes, cursor.at, cursor.end);
  cursor.at = cursor.end;
  return value;
}

function traceWhole<T, I>(codec: Codec<T, I>, cursor: Cursor, path: string, spans: Span[]): T {
  for (const span of codec.spans(cursor.bytes, cursor.at, cursor.end))
    spans.push({ ...span, path: joinPath(path, span.path) });
  return readWhole(codec, cursor);
}

function nested<T, I>(
  codec: Codec<T, I>,
  read: (cursor: Cursor) => T,
  trace: (cursor: Cursor, path: string, spans: Span[]) => T,
): TailField<T, false, I> {
  return {
    place: 'tail',
    optional: false,
    shape: { kind: 'codec', codec: codec as AnyCodec },
    read: (cursor, _owner, layer, key) => nest(layer, key, cursor.at, () => read(cursor)),
    size: (value, layer, key, at) => nest(layer, key, at, () => codec.sizeOf(value, at)),
    write: (target, at, value, layer, key) =>
      nest(layer, key, at, () => codec.write(target, at, value)),
    trace: (cursor, _owner, layer, path, spans) =>
      nest(layer, path, cursor.at, () => trace(cursor, path, spans)),
  };
}

/**
 * Another message in this place. It reads as far as it goes; inside `sized` the region is all its
 * own, and what its fields leave of it is its `trailing`.
 */
export function embed<T, I>(codec: Codec<T, I>): TailField<T, false, I> {
  return {
    ...nested(
      codec,
      (cursor) => codec.read(cursor),
      (cursor, path, spans) => codec.trace(cursor, path, spans),
    ),
    whole: nested(
      codec,
      (cursor) => readWhole(codec, cursor),
      (cursor, path, spans) => traceWhole(codec, cursor, path, spans),
    ),
  };
}

/** How `sized` treats a region that the message says is longer than what is there. */
export interface SizedOptions {
  /** `true`: read what is there (a SCSI allocation length cut it); `false`: `bad-length`. */
  readonly mayBeCut?: boolean;
  /** A tolerant reader takes what is there: the length is wrong, what it counts may be right. */
  readonly mayLack?: boolean;
  /** More bytes than these are `bad-length`. */
  readonly maxBytes?: number;
}

/**
 * A field confined to the number of bytes that the fields before it say. It must take all of them:
 * bytes left over in a region that is all there are `bad-length`.
 */
export function sized<T, O extends boolean, I = T>(
  lengthBytes: FromOwner<number>,
  inner: TailField<T, O, I>,
  options: SizedOptions = {},
): TailField<T, O, I> {
  const { whole, ...part } = inner;
  const filling = whole ?? inner;

  /** Ends the cursor's region where this field's does; true when that was cut. */
  function confine(cursor: Cursor, owner: never, layer: string, key: string): boolean {
    const stated = lengthBytes(owner);
    if (options.maxBytes !== undefined && stated > options.maxBytes) {
      const what = `says it has ${stated} bytes, ${options.maxBytes} at most`;
      throw new CodecError('bad-length', layer, key, cursor.at, what);
    }
    const short = stated > cursor.remaining;
    const cut = short && (meetsCut(cursor.end) || options.mayBeCut === true);
    if (short && !cut) {
      const fault = overlong(stated, cursor, layer, key);
      if (options.mayLack !== true || !toleratesFault(fault)) throw fault;
      return true;
    }
    const length = cut ? cursor.remaining : stated;
    cursor.need(length, layer, key);
    cursor.end = cursor.at + length;
    return cut;
  }

  return {
    ...part,
    shape: { kind: 'sized', inner: inner.shape, lengthBytes },
    read(cursor, owner, layer, key) {
      const outer = cursor.end;
      const cut = confine(cursor, owner, layer, key);
      try {
        const value = filling.read(cursor, owner, layer, key);
        if (cursor.at < cursor.end && !cut) leftOver(cursor, layer, key);
        return value;
      } finally {
        cursor.end = outer;
      }
    },
    trace(cursor, owner, layer, path, spans) {
      const outer = cursor.end;
      const cut = confine(cursor, owner, layer, path);
      try {
        const value = filling.trace(cursor, owner, layer, path, spans);
        if (cursor.at < cursor.end && !cut) leftOver(cursor, layer, path);
        return value;
      } finally {
        cursor.end = outer;
      }
    },
  };
}

function overlong(stated: number, cursor: Cursor, layer: string, key: string): CodecError {
  const what = `says it has ${stated} bytes, ${cursor.remaining} remain`;
  return new CodecError('bad-length', layer, key, cursor.at, what, stated);
}

function leftOver(cursor: Cursor, layer: string, key: string): never {
  const what = `leaves ${cursor.remaining} bytes of its region unread`;
  throw new CodecError('bad-length', layer, key, cursor.at, what);
}

/**
 * What fills up the field before it: as many bytes as `lengthBytes` says, kept as they are when decoded.
 * `from` gives those that `encode` writes where none are given.
 */
export function pad(
  lengthBytes: FromOwner<number>,
  from: Default<Uint8Array>,
): TailField<Uint8Array, true> {
  return { ...sized(lengthBytes, rest), shape: { kind: 'pad' }, default: from };
}

/** A field that is there only under a condition on the fields before it. */
export function optional<T, O extends boolean, I = T>(
  present: FromOwner<boolean>,
  inner: TailField<T, O, I>,
): TailField<T | undefined, true, I | undefined> {
  return {
    place: 'tail',
    optional: true,
    shape: { kind: 'optional', inner: inner.shape, present },
    ...(inner.whole === undefined ? {} : { whole: optional(present, inner.whole) }),
    read: (cursor, owner, layer, key) =>
      present(owner) ? inner.read(cursor, owner, layer, key) : undefined,
    size: (value, layer, key, at) => (value === undefined ? 0 : inner.size(value, layer, key, at)),
    write: (target, at, value, layer, key) =>
      value === undefined ? at : inner.write(target, at, value, layer, key),
    trace: (cursor, owner, layer, path, spans) =>
      present(owner) ? inner.trace(cursor, owner, layer, path, spans) : undefined,
  };
}

export { joinPath };
