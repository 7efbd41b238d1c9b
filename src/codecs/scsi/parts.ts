/** Field groups that most CDBs share. */
import {
  bit,
  codec,
  type FixedField,
  flags,
  type Names,
  named,
  reservedBits,
  type Table,
  type TableCodec,
  u8,
  withDefault,
} from '../layout/index.ts';
import { Opcode, type OpcodeName } from './opcode.ts';

/** CONTROL byte; its upper 2 bits are vendor specific. Source: SAM-5, CONTROL byte. */
export const Control = { NACA: 0x04 } as const;

/** The CONTROL byte, the last of a CDB of fixed size. */
export const control = withDefault(flags(u8, Control), 0);

/** Bits that are zero unless told. */
export const option = (bits: number): FixedField<number, true> => withDefault(bit(bits), 0);

/** A byte that is zero unless told. */
export const optionByte: FixedField<number, true> = withDefault(u8, 0);

/** OPERATION CODE. */
export const operationCode = (name: OpcodeName): FixedField<number, true> =>
  withDefault(named(u8, Opcode), Opcode[name]);

/** SERVICE ACTION in the low 5 bits of byte 1. */
export const serviceAction = (names: Names, code: number): FixedField<number, true> =>
  withDefault(named(bit(5), names), code);

/** GROUP NUMBER: 6 bits since SBC-4 (5 before), behind 2 reserved bits. */
export const group = { reservedGroup: reservedBits(2), groupNumber: option(6) } as const;

type Opening = { readonly operationCode: FixedField<number, true> };
type Closing = { readonly control: FixedField<number, true> };

/** A CDB of fixed size: `fields` between the OPERATION CODE of `opcode` and the CONTROL byte. */
export function command<const K extends string, F extends Table>(
  kind: K,
  opcode: OpcodeName,
  source: string,
  fields: F,
): TableCodec<K, Opening & F & Closing> {
  return codec(
    kind,
    source,
    { operationCode: operationCode(opcode), ...fields, control } as Opening & F & Closing,
    kind,
  );
}
