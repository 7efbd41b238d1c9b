/**
 * The mark of a command that one array of a pair hands to the other: how many it had given up by then, in the GROUP
 * NUMBER of its CDB. One that was given up and comes late, behind what was written since, has another and is not run.
 */
import { blocksOf, cdb } from '../../codecs/scsi/index.ts';

const GROUP_NUMBER_MASK = 0x3f;
/** Where GROUP NUMBER stands, by the length of the CDB. Source: SBC-4, 5.39 (WRITE (10), (12) and (16)). */
const GROUP_NUMBER_AT: Readonly<Record<number, number>> = { 10: 6, 12: 10, 16: 14 };

/** The CDB with its mark. A WRITE(6), which has no room for one, becomes a WRITE(10). */
export function marks(bytes: Uint8Array, fence: number): Uint8Array {
  const command = cdb.decode(bytes);
  const { kind } = command;
  const marked =
    kind === 'WRITE(6)'
      ? cdb.encode({
          kind: 'WRITE(10)',
          lba: command.lba,
          transferLengthBlocks: blocksOf(command)!,
        })
      : bytes.slice();
  const at = GROUP_NUMBER_AT[marked.length];
  if (at !== undefined)
    marked[at] = (marked[at]! & ~GROUP_NUMBER_MASK) | (fence & GROUP_NUMBER_MASK);
  return marked;
}

/** True for a command of this fence. */
export function isMarked(bytes: Uint8Array, fence: number): boolean {
  const at = GROUP_NUMBER_AT[bytes.length];
  return at !== undefined && (bytes[at]! & GROUP_NUMBER_MASK) === (fence & GROUP_NUMBER_MASK);
}
