/** A call of NFS as a task: what it asks for of which bytes of a file. */
import { noteData, seenBlocks } from '../block-digests.ts';
import type { SeenBlocks, SeenMoment, SeenSession, SeenTask, TaskKind } from '../session.ts';
import { addressOf } from '../session.ts';

/** Data of files are compared in blocks of this many bytes. */
const BLOCK_BYTES = 512;

/** What a call says of itself. */
export interface CallWords {
  readonly session: SeenSession;
  readonly xid: number;
  /** `NFS WRITE`. */
  readonly command: string;
  readonly kind: TaskKind;
  /** The file's handle in hex; empty where the call does not tell. */
  readonly file: string;
  readonly offset?: number;
  /** Bytes that are asked for or brought. */
  readonly count?: number;
  readonly data?: Uint8Array | undefined;
  /** What it has again when it is sent again. */
  readonly again: string;
}

/** The task of a call that began in one frame and ended at a moment. */
export function callTask(words: CallWords, moment: SeenMoment, firstFrame: number): SeenTask {
  const { session, xid, command, kind, file, again } = words;
  const unit = `${addressOf(session.server)} ${file}`;
  return {
    ...moment,
    session,
    tag: xid,
    command,
    kind,
    again,
    lun: undefined,
    unit,
    blocks: blocksOf(words, unit),
    sent: moment,
    frames: firstFrame === moment.frame ? [moment.frame] : [firstFrame, moment.frame],
    ended: undefined,
    status: undefined,
    sense: undefined,
    aborted: undefined,
    isPartial: false,
  };
}

/** Data count from block to block: what begins inside of one tells nothing. */
function blocksOf(words: CallWords, unit: string): SeenBlocks | undefined {
  const { kind, offset = 0, count, data } = words;
  if ((kind !== 'read' && kind !== 'write') || count === undefined) return undefined;
  if (offset % BLOCK_BYTES !== 0) return undefined;
  const many = Math.floor(count / BLOCK_BYTES);
  const blocks = seenBlocks(unit, offset / BLOCK_BYTES, many, BLOCK_BYTES);
  if (blocks !== undefined && kind === 'write' && data !== undefined) noteData(blocks, 0, data);
  return blocks;
}
