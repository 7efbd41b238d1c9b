/** Marks of commands between two arrays: every command that changes blocks takes one, and keeps all else. */
import { describe, expect, it } from 'vitest';
import { isMarked, marks } from '../../../../src/array/pair/group-mark.ts';
import { cdb } from '../../../../src/codecs/scsi/index.ts';
import { commands } from '../../../../src/scsi/target/commands/index.ts';

const changing = commands.filter(({ changesMedium }) => changesMedium);

describe('a mark', () => {
  it.each(changing.map((one) => [one.codec.name, one] as const))('of %s', (_name, one) => {
    const bytes = new Uint8Array(one.codec.headBytes);
    bytes[0] = one.opcode;
    if (one.serviceAction !== undefined) bytes[1] = one.serviceAction;
    const marked = marks(bytes, 70);
    expect([isMarked(marked, 70), isMarked(marked, 6), isMarked(marked, 7)]).toEqual([
      true,
      true,
      false,
    ]);
    const { kind, ...fields } = cdb.decode(marks(marked, 0));
    if (kind !== 'WRITE(10)') expect({ kind, ...fields }).toEqual(cdb.decode(bytes));
  });

  it('makes a WRITE(6) of 256 blocks a WRITE(10) of as many', () => {
    const bytes = cdb.encode({ kind: 'WRITE(6)', lba: 0x1fffff, transferLengthBlocks: 0 });
    expect(cdb.decode(marks(bytes, 1))).toMatchObject({
      kind: 'WRITE(10)',
      lba: 0x1fffff,
      transferLengthBlocks: 256,
      groupNumber: 1,
    });
  });

  it('is not in commands that have no such field', () => {
    const bytes = cdb.encode({ kind: 'TEST UNIT READY' });
    expect(marks(bytes, 3)).toEqual(bytes);
    expect(isMarked(bytes, 0)).toBe(false);
  });
});
