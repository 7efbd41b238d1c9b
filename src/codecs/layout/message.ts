/**
 * What a message's codec is, and the table that it is made from: types alone.
 *
 * A table's fields are of a fixed size (`field.ts`) or of one that the bytes decide (`tail.ts`).
 */
import type { Cursor, Span } from './cursor.ts';
import type { Default, FixedField } from './field.ts';

/** What a generator of values needs to know of a field of variable size. */
export type TailShape =
  | { readonly kind: 'rest' }
  | { readonly kind: 'text' }
  | { readonly kind: 'text-to-zero' }
  | { readonly kind: 'fixed'; readonly field: FixedField<unknown, boolean> }
  | { readonly kind: 'codec'; readonly codec: AnyCodec }
  | {
      readonly kind: 'list';
      readonly element: AnyCodec | FixedField<unknown, boolean>;
      readonly count?: FromOwner<number>;
      readonly last?: (element: never) => boolean;
      readonly max?: number;
    }
  | { readonly kind: 'pad' }
  | { readonly kind: 'sized'; readonly inner: TailShape; readonly lengthBytes: FromOwner<number> }
  | { readonly kind: 'optional'; readonly inner: TailShape; readonly present?: FromOwner<boolean> };

/** The values decoded so far of the message a field belongs to. */
export type Owner<V = Readonly<Record<string, unknown>>> = V;

/** A field of variable size; its types are those of `FixedField`. */
export interface TailField<T, Optional extends boolean = false, I = T> {
  readonly place: 'tail';
  readonly optional: Optional;
  readonly shape: TailShape;
  /** Of what type is said where a field is given one: see `withDefault` and `derived`. */
  readonly default?: Default<unknown>;
  /** The same field where a region is all its own: it must take every byte of it. */
  readonly whole?: TailField<T, Optional, I>;
  read(cursor: Cursor, owner: never, layer: string, key: string): T;
  /** Bytes of a value that would be written at `at`. Errors: `CodecError` for what is no value. */
  size(value: I, layer: string, key: string, at: number): number;
  /** Writes exactly `size(value)` bytes and returns the first byte behind. */
  write(target: Uint8Array, at: number, value: I, layer: string, key: string): number;
  /** Appends the spans of what `read` would read and moves the cursor alike. */
  trace(cursor: Cursor, owner: never, layer: string, path: string, spans: Span[]): T;
}

/** A length or count computed from the fields before it. */
export type FromOwner<T> = (owner: never) => T;

/** A field of any value. */
// biome-ignore lint/suspicious/noExplicitAny: a table mixes fields of every type
export type AnyField = FixedField<any, boolean, any> | TailField<any, boolean, any>;
/** Fields of a message by name, in wire order. */
export type Table = Readonly<Record<string, AnyField>>;

type FieldValue<F> = F extends { place: 'fixed'; zero: infer T }
  ? T
  : F extends { place: 'tail'; read(...given: never): infer T }
    ? T
    : never;
type FieldInput<F> = F extends {
  place: 'fixed';
  write(bytes: Uint8Array, at: number, bit: number, value: infer I): string | undefined;
}
  ? I
  : F extends {
        place: 'tail';
        size(value: infer I, layer: string, key: string, at: number): number;
      }
    ? I
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
    readonly [P in RequiredKeys<F>]: FieldInput<F[P]>;
  } & {
    readonly [P in Exclude<keyof F, RequiredKeys<F>>]?: FieldInput<F[P]> | undefined;
  } & Trailing
>;

/** What of a codec writes messages into frames. */
export interface MessageWriter<I> {
  /** Bytes that the message takes. */
  sizeOf(message: I): number;
  /** Writes the message at a byte of the target; returns the first byte behind it. */
  write(target: Uint8Array, at: number, message: I): number;
}

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
   * Errors: `CodecError`; `RangeError` for a region outside the array.
   */
  decode(bytes: Uint8Array, at?: number, end?: number): T;
  /** Decodes from a cursor as far as the message goes, and moves it there. Errors: `CodecError`. */
  read(cursor: Cursor): T;
  /** The message's bytes. Errors: `CodecError` for a value that does not fit its field. */
  encode(value: I): Uint8Array;
  /**
   * Bytes that `encode` makes of a value; errors name places as if it were written at `at`.
   * Errors: `CodecError`.
   */
  sizeOf(value: I, at?: number): number;
  /**
   * Writes every bit of the message, whatever was in its place; returns the first byte behind.
   * Errors: `CodecError`; `RangeError` when the target has no room.
   */
  write(target: Uint8Array, at: number, value: I): number;
  /** Where each field lies, in wire order. Errors: `CodecError`. */
  spans(bytes: Uint8Array, at?: number, end?: number): Span[];
  /** Like `read`, and appends the spans, their paths below `path`. */
  trace(cursor: Cursor, path: string, spans: Span[]): T;
}

/** A codec of any value. */
// biome-ignore lint/suspicious/noExplicitAny: a codec whose types do not matter
export type AnyCodec = Codec<any, any>;
/** What `decode` of a codec returns. */
export type Infer<C> = C extends Codec<infer T, infer _I> ? T : never;
/** What `encode` of a codec takes. */
export type InferInput<C> = C extends Codec<infer _T, infer I> ? I : never;

/** A lazy reader over bytes; `move` sets it on another message without allocation. */
export type View<F extends Table> = {
  readonly [P in keyof F as F[P] extends { place: 'fixed' } ? P : never]: FieldValue<F[P]>;
} & {
  bytes: Uint8Array;
  at: number;
  /** Errors: `CodecError` where the head has no room. */
  move(bytes: Uint8Array, at: number): void;
};

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
