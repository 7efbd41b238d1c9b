/**
 * Fields of a fixed size: the rows of a field table that binary-parser reads.
 *
 * A field knows how to plan itself into a binary-parser, how to read itself from bytes without
 * one (views, spans), how to write itself after a range check, and how a person wants to see it.
 */
import type { Names } from './names.ts';
import type { FixedParser } from './parser.ts';

/** What a compiler of tables and a generator of values need to know of a field. */
export type Shape =
  | {
      readonly kind: 'uint';
      readonly bits: number;
      readonly names?: Names;
      readonly masks?: Names;
      /** Least significant byte first. */
      readonly little?: true;
      /** May begin within a byte. */
      readonly run?: true;
    }
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

/**
 * A field of a fixed number of bits that decodes to `T`. `Optional`: `encode` has a default for
 * it. `I`: what `encode` takes, where that may leave more out than `T` does.
 */
export interface FixedField<T, Optional extends boolean = false, I = T> {
  readonly place: 'fixed';
  readonly optional: Optional;
  readonly bits: number;
  readonly shape: Shape;
  /** The value that a fresh object holds before it is read; fixes the property's representation. */
  readonly zero: T;
  /** Of what type is said where a field is given one: see `withDefault` and `derived`. */
  readonly default?: Default<unknown>;
  /** What `default` gives, where that is always the same. */
  readonly constant?: unknown;
  /** Reads the field whose first byte is `at`, beginning `bit` bits into it. Length is not checked. */
  read(bytes: Uint8Array, at: number, bit: number): T;
  /**
   * Writes a value, or says in words why it does not fit. Every bit of the field is written,
   * whatever was there before; no bit outside of it is touched.
   */
  write(bytes: Uint8Array, at: number, bit: number, value: I): string | undefined;
  plan(parser: FixedParser, key: string): void;
  format(value: T): string;
}

/** A number that `encode` fills in where it is left out: what most fields are, by a short name for who reads types. */
export type Filled = FixedField<number, true>;

/** Any value in a few words, for messages. */
export function showValue(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'function' ? 'a function' : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
