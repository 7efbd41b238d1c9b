/**
 * A message declared once, as a table of fields in wire order.
 *
 * From the table come the TypeScript type, the size, `decode` (its fixed head through
 * binary-parser), range-checked `encode`, the lazy `view`, `spans` and, in `testing/`, the
 * generator of values. `encode(decode(bytes))` equals `bytes` for all bytes that decode.
 */
import { Cursor, joinPath, type Span } from './cursor.ts';
import { CodecError } from './error.ts';
import type { FixedField } from './field.ts';
import { type FixedParser, newParser, type ParserInput } from './parser.ts';
import { fixedTail, type TailField } from './tail.ts';

// biome-ignore lint/suspicious/noExplicitAny: a table mixes fields of every type
export type AnyField = FixedField<any, boolean> | TailField<any, boolean>;
export type Table = Readonly<Record<string, AnyField>>;

type FieldValue<F> = F extends { place: 'fixed'; zero: infer T }
  ? T
  : F extends TailField<infer T, boolean>
    ? T
    : never;
type RequiredKeys<F extends Table> = {
  [K in keyof F]: F[K] extends { optional: true } ? never : K;
}[keyof F];

type Simplify<T> = { [K in keyof T]: T[K] };
/** Bytes behind the last field, kept so that nothing of the input is lost. */
type Trailing = { trailing?: Uint8Array };

/** What `decode` returns for a table. */
export type ValueOf<K extends string | undefined, F extends Table> = Simplify<
  (K extends string ? { kind: K } : unknown) & {
    -readonly [P in keyof F]: FieldValue<F[P]>;
  } & Trailing
>;
/** What `encode` takes for a table: fields with a default may be left out. */
export type InputOf<K extends string | undefined, F extends Table> = Simplify<
  (K extends string ? { kind?: K } : unknown) & {
    readonly [P in RequiredKeys<F>]: FieldValue<F[P]>;
  } & {
    readonly [P in Exclude<keyof F, RequiredKeys<F>>]?: FieldValue<F[P]> | undefined;
  } & Trailing
>;

/** A message's codec. `T` is what `decode` gives, `I` what `encode` takes. */
export interface Codec<T, I = T> {
  /** The message's name as the standard prints it. */
  readonly name: string;
  /** The standard and clause that declares it. */
  readonly source: string;
  /** The value's `kind`, where the message is one of a family. */
  readonly kind: string | undefined;
  /** Fewest bytes that can decode. */
  readonly minBytes: number;
  /** The table, for generators and documentation; `undefined` for a family. */
  readonly table: Table | undefined;
  /**
   * Decodes `bytes[at, end)`. Bytes behind the last field are kept in `trailing`.
   * Errors: `CodecError`.
   */
  decode(bytes: Uint8Array, at?: number, end?: number): T;
  /** Decodes from a cursor as far as the message goes, and moves it there. Errors: `CodecError`. */
  read(cursor: Cursor): T;
  /** The message's bytes. Errors: `CodecError` for a value that does not fit its field. */
  encode(value: I): Uint8Array;
  /** Bytes that `encode` makes of a value. */
  sizeOf(value: I): number;
  /** Writes into a zeroed place; returns the first byte behind. Errors: `CodecError`. */
  write(target: Uint8Array, at: number, value: I): number;
  /** Where each field lies, in wire order. Errors: `CodecError`. */
  spans(bytes: Uint8Array, at?: number, end?: number): Span[];
  /** Like `read`, and appends the spans, their paths below `path`. */
  trace(cursor: Cursor, path: string, spans: Span[]): T;
}

// biome-ignore lint/suspicious/noExplicitAny: a codec whose types do not matter
export type AnyCodec = Codec<any, any>;
/** What `decode` of a codec returns. */
export type Infer<C> = C extends Codec<infer T, infer _I> ? T : never;
/** What `encode` of a codec takes. */
export type InferInput<C> = C extends Codec<infer _T, infer I> ? I : never;

type Slot = {
  readonly key: string;
  readonly field: FixedField<unknown, boolean>;
  readonly byte: number;
  readonly bit: number;
};
type TailSlot = { readonly key: string; readonly field: TailField<unknown, boolean> };

/** A lazy reader over bytes; `move` sets it on another message without allocation. */
export type View<F extends Table> = {
  readonly [P in keyof F as F[P] extends { place: 'fixed' } ? P : never]: FieldValue<F[P]>;
} & { bytes: Uint8Array; at: number; move(bytes: Uint8Array, at: number): void };

/** A codec made from a table, with its view. */
export interface TableCodec<K extends string | undefined, F extends Table>
  extends Codec<ValueOf<K, F>, InputOf<K, F>> {
  readonly kind: K;
  readonly table: F;
  /** Bytes of the fixed head. */
  readonly headBytes: number;
  /** Head fields read on access; the head's length is checked here, once. Errors: `CodecError`. */
  view(bytes: Uint8Array, at?: number): View<F>;
}

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9]*$/;

function layOut(
  name: string,
  table: Table,
): { head: Slot[]; tails: TailSlot[]; headBytes: number } {
  const head: Slot[] = [];
  const tails: TailSlot[] = [];
  let bits = 0;
  for (const [key, field] of Object.entries(table)) {
    if (!IDENTIFIER.test(key) || key === 'kind' || key === 'trailing')
      throw new TypeError(`${name}: ${key} is no field name`);
    if (field.place === 'tail') tails.push({ key, field });
    else if (tails.length > 0) {
      if (field.bits % 8 !== 0)
        throw new TypeError(`${name}: ${key} behind a field of variable size must fill bytes`);
      tails.push({ key, field: fixedTail(field) });
    } else {
      if (field.bits % 8 === 0 && bits % 8 !== 0)
        throw new TypeError(`${name}: ${key} does not begin on a byte`);
      head.push({ key, field, byte: bits >> 3, bit: bits & 7 });
      bits += field.bits;
    }
  }
  if (bits % 8 !== 0) throw new TypeError(`${name}: its fixed fields do not fill whole bytes`);
  return { head, tails, headBytes: bits / 8 };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What binary-parser reads from: a window on the input, reused so that decoding allocates no subarray. */
const window: Mutable<ParserInput> & { source: Uint8Array; origin: number } = {
  buffer: new ArrayBuffer(0) as ArrayBufferLike,
  byteOffset: 0,
  length: 0,
  source: new Uint8Array(0),
  origin: 0,
  subarray(from: number, to: number): Uint8Array {
    return this.source.subarray(this.origin + from, this.origin + to);
  },
};

function parseWindow(parser: FixedParser, bytes: Uint8Array, at: number, length: number): object {
  window.buffer = bytes.buffer;
  window.byteOffset = bytes.byteOffset + at;
  window.length = length;
  window.source = bytes;
  window.origin = at;
  return parser.parse(window);
}

/**
 * A constructor whose objects have all properties from the start, in wire order, so that the
 * engine keeps them as flat records; its prototype swallows binary-parser's `$parent` and `$root`.
 */
function recordType(
  kind: string | undefined,
  keys: readonly string[],
  zeros: readonly unknown[],
): new () => object {
  const lines = keys.map((key, i) => `this.${key}=zeros[${i}];`);
  const made = new Function(
    'zeros',
    `return function Message(){${kind === undefined ? '' : `this.kind=${JSON.stringify(kind)};`}${lines.join('')}}`,
  )(zeros) as new () => object;
  for (const name of ['$parent', '$root']) {
    Object.defineProperty(made.prototype, name, {
      get: () => undefined,
      set: () => {},
      configurable: true,
    });
  }
  return made;
}

function evalAllowed(): boolean {
  try {
    return new Function('return true')() as boolean;
  } catch {
    return false;
  }
}

/**
 * Declares a message. `kind` tags its values where it is one of a family.
 * Errors: `TypeError` when the table itself is impossible.
 */
export function codec<F extends Table>(
  name: string,
  source: string,
  table: F,
): TableCodec<undefined, F>;
export function codec<const K extends string, F extends Table>(
  name: string,
  source: string,
  table: F,
  kind: K,
): TableCodec<K, F>;
export function codec<F extends Table>(
  name: string,
  source: string,
  table: F,
  kind?: string,
): TableCodec<string | undefined, F> {
  type Value = Record<string, unknown> & Trailing;
  const { head, tails, headBytes } = layOut(name, table);
  const zeros = [...head.map((slot) => slot.field.zero), ...tails.map(() => undefined)];
  const keys = [...head, ...tails].map((slot) => slot.key);

  function readHeadByTable(bytes: Uint8Array, at: number): Value {
    const value: Value = kind === undefined ? {} : { kind };
    for (const { key, field, byte, bit } of head) value[key] = field.read(bytes, at + byte, bit);
    return value;
  }

  function compile(): (bytes: Uint8Array, at: number) => Value {
    if (!evalAllowed()) return readHeadByTable;
    const parser = newParser();
    for (const { key, field } of head) field.plan(parser, key);
    parser.create(recordType(kind, keys, zeros));
    return (bytes, at) => parseWindow(parser, bytes, at, headBytes) as Value;
  }

  // Compiled at the first use: importing the library must not cost the tables nobody decodes.
  let readHead = (bytes: Uint8Array, at: number): Value => {
    readHead = compile();
    return readHead(bytes, at);
  };

  function checkHead(at: number, end: number): void {
    if (end - at >= headBytes) return;
    const missing = head.find(
      (slot) => (slot.byte * 8 + slot.bit + slot.field.bits + 7) >> 3 > end - at,
    )!;
    throw new CodecError(
      'truncated',
      name,
      missing.key,
      at + missing.byte,
      `the message needs ${headBytes} bytes, ${Math.max(0, end - at)} remain`,
    );
  }

  function sizeOfTail(value: Value, slot: TailSlot): number {
    const given = value[slot.key] ?? slot.field.default?.(value, (key) => sizeOfKey(value, key));
    if (given === undefined && slot.field.shape.kind !== 'optional') {
      throw new CodecError('bad-value', name, slot.key, headBytes, 'is missing');
    }
    return slot.field.size(given, name, slot.key);
  }

  function sizeOfKey(value: Value, key: string): number {
    const slot = tails.find((one) => one.key === key);
    if (slot === undefined) throw new TypeError(`${name}: ${key} is no field of variable size`);
    return sizeOfTail(value, slot);
  }

  function given(value: Value, key: string, field: AnyField, at: number): unknown {
    const present = value[key];
    if (present !== undefined) return present;
    const computed: unknown = field.default?.(value, (other) => sizeOfKey(value, other));
    if (computed === undefined && !(field.place === 'tail' && field.shape.kind === 'optional')) {
      throw new CodecError('bad-value', name, key, at, 'is missing');
    }
    return computed;
  }

  const self = {
    name,
    source,
    kind,
    table,
    headBytes,
    minBytes: headBytes,

    decode(bytes: Uint8Array, at = 0, end = bytes.length): Value {
      checkHead(at, end);
      const value = readHead(bytes, at);
      let next = at + headBytes;
      if (tails.length > 0) {
        const cursor = new Cursor(bytes, next, end);
        readTails(cursor, value);
        next = cursor.at;
      }
      if (next < end) value.trailing = bytes.subarray(next, end);
      return value;
    },

    read(cursor: Cursor): Value {
      checkHead(cursor.at, cursor.end);
      const value = readHead(cursor.bytes, cursor.at);
      cursor.at += headBytes;
      if (tails.length > 0) readTails(cursor, value);
      return value;
    },

    encode(value: Value): Uint8Array {
      const target = new Uint8Array(self.sizeOf(value));
      self.write(target, 0, value);
      return target;
    },

    sizeOf(value: Value): number {
      let size = headBytes + (value.trailing?.length ?? 0);
      for (let i = 0; i < tails.length; i++) size += sizeOfTail(value, tails[i]!);
      return size;
    },

    write(target: Uint8Array, at: number, value: Value): number {
      for (let i = 0; i < head.length; i++) {
        const { key, field, byte, bit } = head[i]!;
        const complaint = field.write(target, at + byte, bit, given(value, key, field, byte));
        if (complaint !== undefined)
          throw new CodecError('out-of-range', name, key, byte, complaint);
      }
      let next = at + headBytes;
      for (let i = 0; i < tails.length; i++) {
        const { key, field } = tails[i]!;
        const present = given(value, key, field, next - at);
        field.write(target, next, present, name, key);
        next += field.size(present, name, key);
      }
      if (value.trailing !== undefined) {
        target.set(value.trailing, next);
        next += value.trailing.length;
      }
      return next;
    },

    spans(bytes: Uint8Array, at = 0, end = bytes.length): Span[] {
      const spans: Span[] = [];
      const cursor = new Cursor(bytes, at, end);
      self.trace(cursor, '', spans);
      if (cursor.at < end) {
        const raw = bytes.subarray(cursor.at, end);
        spans.push({
          path: 'trailing',
          offset: cursor.at,
          length: raw.length,
          value: raw,
          text: `${raw.length} bytes`,
        });
      }
      return spans;
    },

    trace(cursor: Cursor, path: string, spans: Span[]): Value {
      checkHead(cursor.at, cursor.end);
      const value = readHeadByTable(cursor.bytes, cursor.at);
      for (const { key, field, byte, bit } of head) {
        const inner = joinPath(path, key);
        if (field.shape.kind === 'struct') {
          const nested = new Cursor(cursor.bytes, cursor.at + byte, cursor.end);
          (field.shape.codec as AnyCodec).trace(nested, inner, spans);
          continue;
        }
        const one = value[key];
        spans.push({
          path: inner,
          offset: cursor.at + byte,
          length: (bit + field.bits + 7) >> 3,
          ...(field.bits % 8 === 0 && bit === 0 ? {} : { bits: { first: bit, width: field.bits } }),
          value: one,
          text: field.format(one),
        });
      }
      cursor.at += headBytes;
      for (const { key, field } of tails) {
        value[key] = field.trace(cursor, value as never, name, joinPath(path, key), spans);
      }
      return value;
    },

    view(bytes: Uint8Array, at = 0): View<F> {
      checkHead(at, bytes.length);
      viewType ??= makeViewType(head);
      return new viewType(bytes, at) as unknown as View<F>;
    },
  };

  function readTails(cursor: Cursor, value: Value): void {
    for (let i = 0; i < tails.length; i++) {
      const { key, field } = tails[i]!;
      value[key] = field.read(cursor, value as never, name, key);
    }
  }

  let viewType: (new (bytes: Uint8Array, at: number) => object) | undefined;
  return self as unknown as TableCodec<string | undefined, F>;
}

function makeViewType(head: readonly Slot[]): new (bytes: Uint8Array, at: number) => object {
  class MessageView {
    bytes: Uint8Array;
    at: number;
    constructor(bytes: Uint8Array, at: number) {
      this.bytes = bytes;
      this.at = at;
    }
    move(bytes: Uint8Array, at: number): void {
      this.bytes = bytes;
      this.at = at;
    }
  }
  for (const { key, field, byte, bit } of head) {
    Object.defineProperty(MessageView.prototype, key, {
      enumerable: true,
      get(this: MessageView) {
        return field.read(this.bytes, this.at + byte, bit);
      },
    });
  }
  return MessageView;
}

/** A message of fixed size as one field of another: common service parameters in a FLOGI. */
export function struct<K extends string | undefined, F extends Table>(
  inner: TableCodec<K, F>,
): FixedField<ValueOf<K, F>> {
  type T = ValueOf<K, F>;
  if (Object.values(inner.table).some((field) => field.place === 'tail')) {
    throw new TypeError(`${inner.name} has no fixed size: embed it`);
  }
  return {
    place: 'fixed',
    optional: false,
    bits: inner.headBytes * 8,
    shape: { kind: 'struct', codec: inner },
    zero: undefined as unknown as T,
    read: (bytes, at) => inner.decode(bytes, at, at + inner.headBytes),
    write(bytes, at, _bit, value) {
      if (typeof value !== 'object' || value === null) return `needs ${inner.name}`;
      inner.write(bytes, at, value as unknown as InputOf<K, F>);
      return undefined;
    },
    plan(parser, key) {
      parser.buffer(key, {
        length: inner.headBytes,
        formatter: (raw: Uint8Array) => decodeNested(inner, raw),
      });
    },
    format: () => inner.name,
  };
}

/** binary-parser's window is in use by the outer message while the inner one is read: keep it. */
function decodeNested<T>(inner: Codec<T, never>, raw: Uint8Array): T {
  const { buffer, byteOffset, length, source, origin } = window;
  const value = inner.decode(raw);
  window.buffer = buffer;
  window.byteOffset = byteOffset;
  window.length = length;
  window.source = source;
  window.origin = origin;
  return value;
}
