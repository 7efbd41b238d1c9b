import { type FixedField, showValue } from './field.ts';
import { formatterOf } from './generated.ts';
import type { InputOf, Table, TableCodec, ValueOf } from './message.ts';

/**
 * A message of fixed size as one field of another: common service parameters in a FLOGI.
 * Errors: `TypeError` for a message of variable or no size.
 */
export function struct<K extends string | undefined, F extends Table>(
  inner: TableCodec<K, F>,
): FixedField<ValueOf<K, F>, false, InputOf<K, F>> {
  type T = ValueOf<K, F>;
  if (Object.values(inner.table).some((field) => field.place === 'tail'))
    throw new TypeError(`${inner.name} has no fixed size: embed it`);
  if (inner.headBytes === 0) throw new TypeError(`${inner.name} has no bytes`);
  const read = (bytes: Uint8Array, at: number): T => inner.decode(bytes, at, at + inner.headBytes);
  return {
    place: 'fixed',
    optional: false,
    bits: inner.headBytes * 8,
    shape: { kind: 'struct', codec: inner },
    zero: undefined as unknown as T,
    read,
    write(bytes, at, _bit, value) {
      if (typeof value !== 'object' || value === null)
        return `needs ${inner.name}, got ${showValue(value)}`;
      if ((value as { trailing?: unknown }).trailing !== undefined)
        return `${inner.name} has no room for trailing bytes here`;
      inner.write(bytes, at, value);
      return undefined;
    },
    plan(parser, key) {
      const formatter = formatterOf((raw) => inner.decode(raw), read);
      parser.buffer(key, { length: inner.headBytes, formatter });
    },
    format: () => inner.name,
  };
}
