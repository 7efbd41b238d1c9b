/** What SCSI commands do to blocks, whatever carries them, and the frames of their tasks. */
import { blocksOf, commandName } from '../../codecs/index.ts';
import { seenBlocks } from './block-digests.ts';
import { onceOf } from './once.ts';
import type { SeenBlocks, SeenMoment, SeenSession, SeenTask, TaskKind } from './session.ts';

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
function blocksOfCommand(
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

/** What a SCSI command is known by that begins. */
export interface BegunCommand extends Pick<SeenTask, 'tag' | 'unit'> {
  readonly session: SeenSession;
  readonly lun: bigint;
  readonly cdb: Uint8Array;
  /** The CDB as it was read; `undefined` where it has no layout. */
  readonly asked: { readonly lba?: number | bigint } | undefined;
  /** Bytes of data that it asks for. */
  readonly expectedBytes: number;
}

/** The task that a SCSI command begins, whatever carries it. */
export function scsiTask(begun: BegunCommand, moment: SeenMoment): SeenTask {
  const { asked, cdb, expectedBytes, lun, session, tag, unit } = begun;
  const command = commandName(cdb) ?? 'SCSI command';
  const kind = kindOfCommand(command);
  const once = onceOf(cdb);
  return {
    ...moment,
    session,
    tag,
    command,
    kind,
    ...(once === undefined ? {} : { once }),
    lun,
    unit,
    blocks: blocksOfCommand(kind, asked, expectedBytes, unit),
    sent: moment,
    frames: [moment.frame],
    ended: undefined,
    status: undefined,
    sense: undefined,
    aborted: undefined,
    isPartial: false,
  };
}

/** Notes a frame of a task. */
export function noteFrame({ frames }: SeenTask, frame: number): void {
  if (frames.length < FRAMES_MAX && frames.at(-1) !== frame) frames.push(frame);
}
