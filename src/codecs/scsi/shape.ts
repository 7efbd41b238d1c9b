/** Lengths that messages carry about themselves. */
import type { Default, Table, TailField } from '../layout/index.ts';

/**
 * The bytes that `fields` take, for a length field that counts just them:
 * `derived(u16, bytesOf(fields))`.
 */
export function bytesOf(fields: Table): Default<number> {
  let fixedBits = 0;
  const tails: string[] = [];
  for (const [key, field] of Object.entries(fields)) {
    if (field.place === 'tail') tails.push(key);
    else fixedBits += field.bits;
  }
  return (_value, sizeOf) => tails.reduce((sum, key) => sum + sizeOf(key), fixedBits / 8);
}

/** A list that `encode` may leave out. */
export function listOrNone<T, I>(
  field: TailField<T[], boolean, readonly I[]>,
): TailField<T[], true, readonly I[]> {
  const { whole: _whole, ...list } = field;
  return { ...list, optional: true, default: () => [] };
}
