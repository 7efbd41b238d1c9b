/** A table laid out: where each field of the fixed head lies, and what follows the head. */

import type { FixedField } from './field.ts';
import type { AnyField, Table, TailField } from './message.ts';
import { fixedTail } from './tail.ts';

/** A field of the fixed head and its place in the message. */
export type Slot = {
  readonly key: string;
  readonly field: FixedField<unknown, boolean>;
  readonly byte: number;
  /** Bits into the byte, from its highest; not 0 only within runs of bits. */
  readonly bit: number;
};
/** A field behind the first one of variable size. */
export type TailSlot = { readonly key: string; readonly field: TailField<unknown, boolean> };

/** A table whose fields have their places. */
export interface Layout {
  readonly name: string;
  readonly kind: string | undefined;
  readonly head: readonly Slot[];
  readonly headBytes: number;
  readonly tails: readonly TailSlot[];
}

/** What every codec reads and writes: properties by key. */
export type Value = Record<string, unknown> & { trailing?: Uint8Array };

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9]*$/;
const TAKEN_BY_VALUES = ['kind', 'trailing'];
/** What a view has of its own: it hides a field of variable size that has the name. */
export const TAKEN_BY_VIEWS = ['bytes', 'at', 'move'];

const mayBeginWithinByte = ({ shape }: AnyField): boolean =>
  shape.kind === 'uint' && shape.run === true;

/** Lays a table out. Errors: `TypeError` when it is impossible. */
export function layOut(name: string, kind: string | undefined, table: Table): Layout {
  const head: Slot[] = [];
  const tails: TailSlot[] = [];
  let bits = 0;
  for (const [key, field] of Object.entries(table)) {
    if (!IDENTIFIER.test(key) || TAKEN_BY_VALUES.includes(key))
      throw new TypeError(`${name}: ${key} is no field name`);
    if (field.place === 'tail') tails.push({ key, field });
    else if (tails.length > 0) {
      if (field.bits % 8 !== 0)
        throw new TypeError(`${name}: ${key} behind a field of variable size must fill bytes`);
      tails.push({ key, field: fixedTail(field) });
    } else {
      if (TAKEN_BY_VIEWS.includes(key))
        throw new TypeError(`${name}: a view has a ${key} of its own`);
      if (bits % 8 !== 0 && !mayBeginWithinByte(field))
        throw new TypeError(`${name}: ${key} does not begin on a byte`);
      head.push({ key, field, byte: bits >> 3, bit: bits & 7 });
      bits += field.bits;
    }
  }
  if (bits % 8 !== 0) throw new TypeError(`${name}: its fixed fields do not fill whole bytes`);
  return { name, kind, head, headBytes: bits / 8, tails };
}
