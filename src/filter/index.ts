/** Display filters over decoded frames, with Wireshark's names: one grammar for page and command. */
import { compile, type Predicate } from './compile.ts';
import { parseFilter } from './parse.ts';

export type { Predicate } from './compile.ts';
export { FilterError } from './error.ts';
export type { Field, FieldKind, FilterSubject, NameTable } from './field.ts';
export { fieldNames, fieldOf, NAME_TABLES } from './names/index.ts';

/**
 * The test of a display filter, such as `fc.s_id == 01.00.05 && scsi.opcode == 0x2a`.
 *
 * Errors: {@link FilterError}: one line with the place, and the name that may have been meant.
 */
export const displayFilter = (text: string): Predicate => compile(parseFilter(text));
