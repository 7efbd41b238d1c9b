/** What SCSI commands do to blocks, whatever carries them, and the frames of their tasks. */
import { blocksOf } from '../../codecs/index.ts';
import { seenBlocks } from './block-digests.ts';
import type { SeenBlocks, SeenTask, TaskKind } from './session.ts';

/** Frames that are kept of one task. */
const FRAMES_MAX = 32;
const BLOCK_BYTES = 512;

/** Commands that change blocks in another way than to write what they bring. */
const CHANGES =
  /^(WRITE SAME|UNMAP|COMPARE|ORWRITE|XD|XP|EXTENDED COPY|FORMAT|SANITIZE|POPULATE|WRITE USING|WRITE ATOMIC|WRITE SCATTERED)/;
const WRITES = /^WRITE(\(| AND VERIFY)/;

/** What a command does to blocks, by its name. */
export function kindOfCommand(command: string): TaskKind {
  if (command.startsWith('READ(')) return 'read';
  if (CHANGES.test(command)) return 'change';
  return WRITES.test(command) ? 'write' : 'other';
}

/**
 * The blocks that a command reads or writes, of which nothing is known yet; `undefined` where it does neither.
 * `expectedBytes` are those of all of them.
 */
export function blocksOfCommand(
  kind: TaskKind,
  cdb: { readonly lba?: number | bigint } | undefined,
  expectedBytes: number,
  unit: string,
): SeenBlocks | undefined {
  const count = blocksOf(cdb) ?? 0;
  if ((kind !== 'read' && kind !== 'write') || cdb?.lba === undefined || count === 0)
    return undefined;
  const each = expectedBytes / count;
  const blockBytes = Number.isInteger(each) && each >= BLOCK_BYTES ? each : BLOCK_BYTES;
  return seenBlocks(unit, Number(cdb.lba), count, blockBytes);
}

/** Notes a frame of a task. */
export function noteFrame({ frames }: SeenTask, frame: number): void {
  if (frames.length < FRAMES_MAX && frames.at(-1) !== frame) frames.push(frame);
}
