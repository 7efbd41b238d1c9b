/** What a table says about a field beyond its place: names of its codes, defaults, reserved parts. */
import type { Default, FixedField } from './field.ts';
import { type Names, nameOf, namesOf } from './names.ts';
import { bit, showHex, u8, u16, u24, u32 } from './numbers.ts';
import { bytes } from './octets.ts';

/** A number whose codes have names: `named(u8, ElsCommand)`. The value stays a number. */
export function named<O extends boolean>(
  field: FixedField<number, O>,
  names: Names,
): FixedField<number, O> {
  const hex = showHex(field.bits);
  return {
    ...field,
    shape: field.shape.kind === 'uint' ? { ...field.shape, names } : field.shape,
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
    shape: field.shape.kind === 'uint' ? { ...field.shape, masks } : field.shape,
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

/** A number shown in octal, as the modes of files are. */
export function octal<O extends boolean>(field: FixedField<number, O>): FixedField<number, O> {
  return { ...field, format: (value) => `0${value.toString(8)}` };
}

/** A field that `encode` fills with `value` when it is left out. */
export function withDefault<T, I = T>(
  field: FixedField<T, boolean, I>,
  value: NoInfer<I>,
): FixedField<T, true, I> {
  return { ...field, optional: true, default: () => value, constant: value };
}

/**
 * A field that `encode` computes from the rest when it is left out, such as a length:
 * `derived(u16, (v, sizeOf) => sizeOf('descriptors') / 4)`. A given value is kept as it is.
 */
export function derived<T, I = T>(
  field: FixedField<T, boolean, I>,
  from: Default<NoInfer<I>>,
): FixedField<T, true, I> {
  return { ...field, optional: true, default: from, constant: undefined };
}

/** Reserved or obsolete bits: kept when decoded, zero when left out of `encode`. */
export const reserved8: FixedField<number, true> = withDefault(hex(u8), 0);
/** The same of two bytes. */
export const reserved16: FixedField<number, true> = withDefault(hex(u16), 0);
/** The same of three bytes. */
export const reserved24: FixedField<number, true> = withDefault(hex(u24), 0);
/** The same of four bytes. */
export const reserved32: FixedField<number, true> = withDefault(hex(u32), 0);
/** The same of a few bits within bytes. */
export const reservedBits = (bits: number): FixedField<number, true> => withDefault(bit(bits), 0);
/** The same of any number of whole bytes. */
export const reservedBytes = (length: number): FixedField<Uint8Array, true> =>
  withDefault(bytes(length), new Uint8Array(length));
