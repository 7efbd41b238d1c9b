/**
 * Fields whose size the bytes decide: counted regions, lists, optional parts, the rest.
 *
 * These never reach binary-parser (which loops for ever on an empty list element and reads past
 * a stated length): they are walked here, by loops whose every step moves forward and is bounded.
 */
import type { AnyCodec, Codec } from './codec.ts';
import { type Cursor, joinPath, LIST_ELEMENTS_MAX, NESTING_MAX, type Span } from './cursor.ts';
import { CodecError } from './error.ts';
import { type Default, type FixedField, fromLatin1, latin1, showText } from './field.ts';
import { formatHex } from './text.ts';

/** What a generator of values needs to know of a field of variable size. */
export type TailShape =
  | { readonly kind: 'rest' }
  | { readonly kind: 'text' }
  | { readonly kind: 'fixed'; readonly field: FixedField<unknown, boolean> }
  | { readonly kind: 'codec'; readonly codec: AnyCodec }
  | { readonly kind: 'list'; readonly element: AnyCodec | FixedField<unknown, boolean> }
  | { readonly kind: 'sized'; readonly inner: TailShape }
  | { readonly kind: 'optional'; readonly inner: TailShape };

/** The values decoded so far of the message a field belongs to. */
export type Owner<V = Readonly<Record<string, unknown>>> = V;

export interface TailField<T, Optional extends boolean = false> {
  readonly place: 'tail';
  readonly optional: Optional;
  readonly shape: TailShape;
  readonly default?: Default<T>;
  read(cursor: Cursor, owner: never, layer: string, key: string): T;
  size(value: T, layer: string, key: string): number;
  /** Writes exactly `size(value)` bytes. */
  write(target: Uint8Array, at: number, value: T, layer: string, key: string): void;
  /** Appends the spans of what `read` would read and moves the cursor alike. */
  trace(cursor: Cursor, owner: never, layer: string, path: string, spans: Span[]): T;
}

/** A length or count computed from the fields before it. */
export type FromOwner<T> = (owner: never) => T;

/** Typed access to the fields before: `of<{ listLength: number }>((v) => v.listLength)`. */
export function of<V>(from: (owner: V) => number): FromOwner<number> {
  return from as FromOwner<number>;
}

/** Like `of`, for conditions. */
export function when<V>(test: (owner: V) => boolean): FromOwner<boolean> {
  return test as FromOwner<boolean>;
}

function checkBytes(value: unknown, layer: string, key: string): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new CodecError('bad-value', layer, key, 0, 'needs a Uint8Array');
}

/** All bytes that remain in the region, as they are. Decoded bytes alias the input. */
export const rest: TailField<Uint8Array, true> = {
  place: 'tail',
  optional: true,
  shape: { kind: 'rest' },
  default: () => new Uint8Array(0),
  read(cursor) {
    const raw = cursor.bytes.subarray(cursor.at, cursor.end);
    cursor.at = cursor.end;
    return raw;
  },
  size(value, layer, key) {
    checkBytes(value, layer, key);
    return value.length;
  },
  write: (target, at, value) => target.set(value, at),
  trace(cursor, _owner, _layer, path, spans) {
    const offset = cursor.at;
    const raw = cursor.bytes.subarray(offset, cursor.end);
    cursor.at = cursor.end;
    if (raw.length > 0)
      spans.push({ path, offset, length: raw.length, value: raw, text: formatHex(raw) });
    return raw;
  },
};

/** All bytes that remain in the region as text, one character per byte, padding kept. */
export const restText: TailField<string, true> = {
  place: 'tail',
  optional: true,
  shape: { kind: 'text' },
  default: () => '',
  read(cursor) {
    const raw = cursor.bytes.subarray(cursor.at, cursor.end);
    cursor.at = cursor.end;
    return latin1(raw);
  },
  size(value, layer, key) {
    if (typeof value !== 'string' || fromLatin1(value) === undefined) {
      throw new CodecError('bad-value', layer, key, 0, 'needs text of one-byte characters');
    }
    return value.length;
  },
  write: (target, at, value) => target.set(fromLatin1(value)!, at),
  trace(cursor, owner, layer, path, spans) {
    const offset = cursor.at;
    const value = restText.read(cursor, owner, layer, path);
    if (value.length > 0)
      spans.push({ path, offset, length: value.length, value, text: showText(value) });
    return value;
  },
};

/** A field of fixed size that stands behind one of variable size. */
export function fixedTail<T, O extends boolean>(field: FixedField<T, O>): TailField<T, O> {
  const length = field.bits / 8;
  return {
    place: 'tail',
    optional: field.optional,
    shape: { kind: 'fixed', field: field as FixedField<unknown, boolean> },
    ...(field.default === undefined ? {} : { default: field.default }),
    read(cursor, _owner, layer, key) {
      cursor.need(length, layer, key);
      const value = field.read(cursor.bytes, cursor.at, 0);
      cursor.at += length;
      return value;
    },
    size: () => length,
    write(target, at, value, layer, key) {
      const complaint = field.write(target, at, 0, value);
      if (complaint !== undefined) throw new CodecError('out-of-range', layer, key, at, complaint);
    },
    trace(cursor, _owner, layer, path, spans) {
      cursor.need(length, layer, path);
      const offset = cursor.at;
      const value = field.read(cursor.bytes, offset, 0);
      cursor.at += length;
      spans.push({ path, offset, length, value, text: field.format(value) });
      return value;
    },
  };
}

/** Runs `inside` one level deeper; refuses to nest without end. */
function deeper<T>(cursor: Cursor, layer: string, key: string, inside: () => T): T {
  if (cursor.depth >= NESTING_MAX) {
    throw new CodecError('bad-length', layer, key, cursor.at, `nested deeper than ${NESTING_MAX}`);
  }
  cursor.depth++;
  try {
    return inside();
  } finally {
    cursor.depth--;
  }
}

/** Another message in this place. It reads as far as it goes; inside `sized`, its region is all its own. */
export function embed<T, I>(codec: Codec<T, I>): TailField<T> {
  return {
    place: 'tail',
    optional: false,
    shape: { kind: 'codec', codec: codec as AnyCodec },
    read: (cursor, _owner, layer, key) => deeper(cursor, layer, key, () => codec.read(cursor)),
    size: (value) => codec.sizeOf(value as unknown as I),
    write: (target, at, value) => {
      codec.write(target, at, value as unknown as I);
    },
    trace: (cursor, _owner, layer, path, spans) =>
      deeper(cursor, layer, path, () => codec.trace(cursor, path, spans)),
  };
}

/** How `sized` treats a region that the message says is longer than what is there. */
export interface SizedOptions {
  /** `true`: read what is there (a SCSI allocation length cut it); `false`: `bad-length`. */
  readonly mayBeCut?: boolean;
}

/** A field confined to the number of bytes that the fields before it say. */
export function sized<T, O extends boolean>(
  lengthBytes: FromOwner<number>,
  inner: TailField<T, O>,
  options: SizedOptions = {},
): TailField<T, O> {
  const region = (cursor: Cursor, owner: never, layer: string, key: string): number => {
    const length = lengthBytes(owner);
    if (Number.isInteger(length) && length >= 0 && length > cursor.remaining) {
      if (options.mayBeCut === true) return cursor.remaining;
      throw new CodecError(
        'bad-length',
        layer,
        key,
        cursor.at,
        `says it has ${length} bytes, ${cursor.remaining} remain`,
      );
    }
    cursor.need(length, layer, key);
    return length;
  };
  return {
    ...inner,
    shape: { kind: 'sized', inner: inner.shape },
    read(cursor, owner, layer, key) {
      const length = region(cursor, owner, layer, key);
      return cursor.within(length, () => inner.read(cursor, owner, layer, key));
    },
    trace(cursor, owner, layer, path, spans) {
      const length = region(cursor, owner, layer, path);
      return cursor.within(length, () => inner.trace(cursor, owner, layer, path, spans));
    },
  };
}

/** A field that is there only under a condition on the fields before it. */
export function optional<T, O extends boolean>(
  present: FromOwner<boolean>,
  inner: TailField<T, O>,
): TailField<T | undefined, true> {
  return {
    place: 'tail',
    optional: true,
    shape: { kind: 'optional', inner: inner.shape },
    read: (cursor, owner, layer, key) =>
      present(owner) ? inner.read(cursor, owner, layer, key) : undefined,
    size: (value, layer, key) => (value === undefined ? 0 : inner.size(value, layer, key)),
    write(target, at, value, layer, key) {
      if (value !== undefined) inner.write(target, at, value, layer, key);
    },
    trace: (cursor, owner, layer, path, spans) =>
      present(owner) ? inner.trace(cursor, owner, layer, path, spans) : undefined,
  };
}

export interface ListOptions {
  /** How many elements there are; without it the list goes on to the end of its region. */
  readonly count?: FromOwner<number>;
  /** Refuse longer lists. */
  readonly max?: number;
  /** Stop in front of an element that is cut off, instead of `truncated`. */
  readonly mayBeCut?: boolean;
}

/** Elements one behind the other. An element that takes no bytes is `bad-length`, never a loop. */
export function list<T, I = T>(
  element: Codec<T, I> | FixedField<T, boolean>,
  options: ListOptions = {},
): TailField<T[]> {
  const max = options.max ?? LIST_ELEMENTS_MAX;
  const inner: TailField<T, boolean> = 'place' in element ? fixedTail(element) : embed(element);
  const smallest = 'place' in element ? element.bits / 8 : element.minBytes;
  const each = (
    cursor: Cursor,
    owner: never,
    layer: string,
    key: string,
    one: (i: number) => T,
  ): T[] => {
    const count = options.count?.(owner);
    const values: T[] = [];
    while (count === undefined ? cursor.remaining > 0 : values.length < count) {
      if (options.mayBeCut === true && cursor.remaining < smallest) break;
      if (values.length >= max) {
        throw new CodecError('bad-length', layer, key, cursor.at, `more than ${max} elements`);
      }
      const before = cursor.at;
      values.push(one(values.length));
      if (cursor.at === before) {
        throw new CodecError(
          'bad-length',
          layer,
          `${key}[${values.length - 1}]`,
          before,
          'has no bytes',
        );
      }
    }
    return values;
  };
  return {
    place: 'tail',
    optional: false,
    shape: {
      kind: 'list',
      element: element as unknown as AnyCodec | FixedField<unknown, boolean>,
    },
    read: (cursor, owner, layer, key) =>
      each(cursor, owner, layer, key, (i) => inner.read(cursor, owner, layer, `${key}[${i}]`)),
    size(values, layer, key) {
      if (!Array.isArray(values)) throw new CodecError('bad-value', layer, key, 0, 'needs a list');
      let length = 0;
      for (const value of values) length += inner.size(value, layer, key);
      return length;
    },
    write(target, at, values, layer, key) {
      let place = at;
      for (let i = 0; i < values.length; i++) {
        inner.write(target, place, values[i]!, layer, `${key}[${i}]`);
        place += inner.size(values[i]!, layer, key);
      }
    },
    trace: (cursor, owner, layer, path, spans) =>
      each(cursor, owner, layer, path, (i) =>
        inner.trace(cursor, owner, layer, `${path}[${i}]`, spans),
      ),
  };
}

export { joinPath };
