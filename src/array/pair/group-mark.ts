/**
 * The time that a command between two arrays of a pair is of, in the GROUP NUMBER of its CDB. One that was given up and
 * comes late, behind what was written since, is of another and is not run. Units of a pair do nothing else with that field.
 */
import { blocksOf, cdb } from '../../codecs/scsi/index.ts';

/** Times are counted in six bits. */
const GROUP_NUMBER_MASK = 0x3f;

/** GROUP NUMBER of a time. */
export const groupNumberOf = (time: number): number => time & GROUP_NUMBER_MASK;

/** The CDB with its mark. A WRITE(6), which has no such field, becomes a WRITE(10). Errors: `CodecError` for what is no CDB. */
export function marks(bytes: Uint8Array, time: number): Uint8Array {
  const command = cdb.decode(bytes);
  const groupNumber = groupNumberOf(time);
  if (command.kind === 'WRITE(6)') {
    const transferLengthBlocks = blocksOf(command)!;
    return cdb.encode({ kind: 'WRITE(10)', lba: command.lba, transferLengthBlocks, groupNumber });
  }
  return 'groupNumber' in command ? cdb.encode({ ...command, groupNumber }) : bytes;
}

/** True for a command of this time; one that has no mark is of none. Errors: `CodecError` for what is no CDB. */
export function isMarked(bytes: Uint8Array, time: number): boolean {
  const command = cdb.decode(bytes);
  return 'groupNumber' in command && command.groupNumber === groupNumberOf(time);
}
