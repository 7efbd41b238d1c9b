/** What messages of NBD share: magic numbers, counted texts. Source: doc/proto.md of NBD. */
import {
  derived,
  type FixedField,
  type FromOwner,
  type Names,
  named,
  restText,
  sized,
  type TailField,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';

/** A number of 64 bits that is told in hex. */
export const hex64: FixedField<bigint> = {
  ...u64,
  format: (value) => `0x${value.toString(16).padStart(16, '0')}`,
};

/** A number that every message of its kind begins with. */
export const magic64 = (value: bigint): FixedField<bigint, true> => withDefault(hex64, value);

/** A number of 32 bits that every message of its kind begins with. */
export const magic32 = (value: number): FixedField<number, true> =>
  withDefault({ ...u32, format: (one: number) => `0x${one.toString(16).padStart(8, '0')}` }, value);

/** A code with the names of its table. */
export const codeOf = (names: Names, code: number): FixedField<number, true> =>
  withDefault(named(u32, names), code);

/** How many bytes the `data` of an option, a reply or a chunk has. */
export const dataLength: FixedField<number, true> = derived(u32, (_v, sizeOf) => sizeOf('data'));
/** The same, as `sized` asks for it. */
export const dataBytes: FromOwner<number> = (owner: { readonly lengthBytes: number }) =>
  owner.lengthBytes;

type Counted<K extends string> = { [P in `${K}LengthBytes`]: FixedField<number, true> } & {
  [P in K]: TailField<string, true>;
};

/** The fields of a text behind its length: one character per byte, UTF-8 as it comes. */
export function countedText<const K extends string>(
  key: K,
  lengthField: FixedField<number> = u32,
): Counted<K> {
  const length = `${key}LengthBytes`;
  return {
    [length]: derived(lengthField, (_v, sizeOf) => sizeOf(key)),
    [key]: sized((owner: Readonly<Record<string, number>>) => owner[length]!, restText),
  } as Counted<K>;
}
