/**
 * External Data Representation: what its types are in tables. Integers, enumerations and unsigned hypers
 * are `u32` and `u64`; a structure is its own table, a union fields that are there under a condition.
 * Source: RFC 4506, clause 4.
 */
import {
  type Codec,
  codec,
  derived,
  embed,
  type FixedField,
  type FromOwner,
  fixedTail,
  list,
  named,
  optional,
  pad,
  rest,
  restText,
  sized,
  type TailField,
  u32,
} from '../layout/index.ts';

/** XDR's truth values. Other numbers are kept as they are. */
export const XdrBool = { FALSE: 0, TRUE: 1 } as const;

/** A boolean: 4 bytes. Source: RFC 4506, 4.4. */
export const xdrBool: FixedField<number> = named(u32, XdrBool);

/** Bytes of a unit: everything fills a whole number of them. */
export const XDR_UNIT_BYTES = 4;

/** Nothing: the arguments of a procedure that takes none. Shape: 0 bytes. Source: RFC 4506, 4.16. */
export const xdrVoid = codec('void', 'RFC 4506, 4.16', {});

type Counted<K extends string, T> = {
  [P in `${K}LengthBytes`]: FixedField<number, true>;
} & { [P in K]: TailField<T, true> } & { [P in `${K}Pad`]: TailField<Uint8Array, true> };

const lengthIn =
  (key: string): FromOwner<number> =>
  (owner: Readonly<Record<string, number>>) =>
    owner[key]!;

function counted<const K extends string, T>(
  key: K,
  bytes: TailField<T, true>,
  maxBytes: number | undefined,
): Counted<K, T> {
  const length = lengthIn(`${key}LengthBytes`) as (owner: unknown) => number;
  return {
    [`${key}LengthBytes`]: derived(u32, (_v, sizeOf) => sizeOf(key)),
    [key]: sized(length, bytes, maxBytes === undefined ? {} : { maxBytes }),
    [`${key}Pad`]: pad(
      (owner) => -length(owner) & (XDR_UNIT_BYTES - 1),
      (_v, sizeOf) => new Uint8Array(-sizeOf(key) & (XDR_UNIT_BYTES - 1)),
    ),
  } as Counted<K, T>;
}

/**
 * The fields of variable-length opaque data: its length, its bytes, and what fills the last unit.
 * Errors: `bad-length` above `maxBytes`. Source: RFC 4506, 4.10.
 */
export const xdrOpaque = <const K extends string>(
  key: K,
  maxBytes?: number,
): Counted<K, Uint8Array> => counted(key, rest, maxBytes);

/**
 * The fields of a string, one character per byte as `restText` has it.
 * Errors: `bad-length` above `maxBytes`. Source: RFC 4506, 4.11.
 */
export const xdrString = <const K extends string>(key: K, maxBytes?: number): Counted<K, string> =>
  counted(key, restText, maxBytes);

/**
 * A message or nothing, behind a boolean. Source: RFC 4506, 4.19: optional-data.
 */
export function optionalData<const K extends string, T, I>(
  key: K,
  inner: Codec<T, I>,
): {
  [P in `${K}Follows`]: FixedField<number, true>;
} & { [P in K]: TailField<T | undefined, true, I | undefined> } {
  const flag = `${key}Follows`;
  return {
    [flag]: derived(xdrBool, (value) => (value[key] === undefined ? XdrBool.FALSE : XdrBool.TRUE)),
    [key]: optional(
      (owner: Readonly<Record<string, number>>) => owner[flag] !== XdrBool.FALSE,
      embed(inner),
    ),
  } as never;
}

/** A fixed field or nothing, behind a boolean. Source: RFC 4506, 4.19. */
export function optionalField<const K extends string, T>(
  key: K,
  inner: FixedField<T>,
): {
  [P in `${K}Follows`]: FixedField<number, true>;
} & { [P in K]: TailField<T | undefined, true> } {
  const flag = `${key}Follows`;
  return {
    [flag]: derived(xdrBool, (value) => (value[key] === undefined ? XdrBool.FALSE : XdrBool.TRUE)),
    [key]: optional(
      (owner: Readonly<Record<string, number>>) => owner[flag] !== XdrBool.FALSE,
      fixedTail(inner),
    ),
  } as never;
}

/** A variable-length array of fields or messages, behind its count. Source: RFC 4506, 4.13. */
export function xdrArray<const K extends string, T, I = T>(
  key: K,
  element: Codec<T, I> | FixedField<T, boolean, I>,
  max?: number,
): {
  [P in `${K}Count`]: FixedField<number, true>;
} & { [P in K]: TailField<T[], false, readonly I[]> } {
  const count = `${key}Count`;
  return {
    [count]: derived(u32, (value) => (value[key] as unknown[]).length),
    [key]: list(element, { count: lengthIn(count), ...(max === undefined ? {} : { max }) }),
  } as never;
}

/** An element of a linked list, or its end. */
export interface Link<T> {
  /** 0: the list ends here. */
  readonly valueFollows: number;
  readonly value: T | undefined;
}

/**
 * A linked list: elements each behind a 1, then a 0. Its last member is the end, without a `value`.
 * Source: RFC 4506, 4.19: `stringlist`.
 */
export function xdrList<T, I>(
  name: string,
  source: string,
  element: Codec<T, I>,
): TailField<
  { valueFollows: number; value: T | undefined }[],
  false,
  readonly { readonly valueFollows?: number; readonly value?: I | undefined }[]
> {
  const link = codec(`${name} link`, source, optionalData('value', element));
  return list(link as never, {
    last: (one: { readonly value?: unknown }) => one.value === undefined,
  }) as never;
}

/** Values as the members of a linked list, its end behind them. */
export function linksOf<I>(values: readonly I[]): { readonly value?: I }[] {
  return [...values.map((value) => ({ value })), {}];
}

/** The values of a linked list. */
export function valuesOf<T>(links: readonly { readonly value?: T | undefined }[]): T[] {
  return links.flatMap(({ value }) => (value === undefined ? [] : [value]));
}
