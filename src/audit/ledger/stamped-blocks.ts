/**
 * Writes of blocks that say which write they are, as one tap behind another sees them: one that was sent before its
 * repetition was acknowledged, and arrives behind that.
 *
 * A block with a stamp is of one write and no other, of whatever unit, and by whatever portal it is reached. What is written once more with a stamp of before, as a restored
 * copy is, was sent behind it and accuses nobody: so it is looked up where it was seen first, at whatever tap.
 */
import type { StampHead } from '../../codecs/stamp/index.ts';
import { isSurelyBefore, type SeenMoment, type SeenTask } from '../seen/session.ts';
import { remember } from './remember.ts';

/** Blocks that are remembered, and writes of each. */
const BLOCKS_MAX = 100_000;
const WRITES_MAX = 16;

/** A block of a task, and the write that it is of. */
interface Stamped {
  readonly lba: number;
  readonly blockBytes: number;
  readonly stamp: StampHead;
  readonly digest: number;
}

/** A write that came to its target, and was carried out, after the same write had been acknowledged. */
export interface GhostWrite extends Stamped {
  readonly kind: 'ghost';
  readonly late: SeenTask;
  /** The last of it that its initiator sent, where that was seen first. */
  readonly sent: SeenMoment;
  readonly done: SeenTask;
}

/** A read that saw what such a write had brought back. */
export interface OutdatedRead extends Stamped {
  readonly kind: 'outdated';
  readonly read: SeenTask;
  readonly late: SeenTask;
  readonly newer: SeenTask;
}

/** What stamped blocks show. */
export type StampedFinding = GhostWrite | OutdatedRead;

/** A write of a block that was acknowledged, and the late one of the same stamp. */
interface Done {
  readonly digest: number;
  /** That of its stamp. */
  readonly unit: number;
  readonly task: SeenTask;
  readonly late?: SeenTask;
}

function* stampedOf({ blocks }: SeenTask): Generator<Stamped> {
  if (blocks?.stamps === undefined) return;
  const { blockBytes, digests, first, stamps } = blocks;
  for (const [index, stamp] of stamps) {
    const digest = digests[index];
    if (digest !== undefined) yield { lba: first + index, blockBytes, stamp, digest };
  }
}

/** When writes were sent, as the tap saw them that saw them first. */
export class SentWrites {
  readonly #sent = new Map<string, SeenMoment>();

  /** A write has ended. */
  end(task: SeenTask): void {
    if (task.kind !== 'write' || task.isPartial) return;
    for (const one of stampedOf(task))
      remember(this.#sent, nameOf(task, one), task.sent, BLOCKS_MAX);
  }

  /** When a write of a block was sent; `undefined` where no tap shows all of it. */
  when(task: SeenTask, block: Stamped): SeenMoment | undefined {
    return this.#sent.get(nameOf(task, block));
  }
}

const nameOf = ({ session, tag }: SeenTask, { digest, lba }: Stamped): string =>
  `${session.client} ${session.server} ${tag} ${lba} ${digest}`;

/** Keeps the writes of stamped blocks that a tap saw being acknowledged. */
export class StampedBlocks {
  readonly #sent: SentWrites;
  /** By LBA. */
  readonly #done = new Map<number, readonly Done[]>();

  constructor(sent: SentWrites) {
    this.#sent = sent;
  }

  /** A task has ended: what it shows of its first block that shows something. */
  end(task: SeenTask): StampedFinding | undefined {
    if (task.isPartial || task.status !== 0) return undefined;
    let found: StampedFinding | undefined;
    for (const one of stampedOf(task)) {
      const done = this.#done.get(one.lba) ?? [];
      if (task.kind === 'read') found ??= outdatedOf(task, one, done);
      else if (task.kind === 'write') {
        const ghost = this.#ghostOf(task, one, done);
        found ??= ghost;
        remember(this.#done, one.lba, withWrite(task, one, done, ghost), BLOCKS_MAX);
      }
    }
    return found;
  }

  #ghostOf(late: SeenTask, one: Stamped, all: readonly Done[]): GhostWrite | undefined {
    const done = all.find(({ digest }) => digest === one.digest)?.task;
    if (done?.ended === undefined || done.session === late.session) return undefined;
    if (isSaidAgain(late, done) || !isSurelyBefore(done.ended, late.sent)) return undefined;
    const sent = this.#sent.when(late, one);
    if (sent === undefined || sent.at >= done.ended.at) return undefined;
    return { kind: 'ghost', ...one, late, sent, done };
  }
}

/** A call that is sent again as the same one may be answered from memory: nothing need have been written. */
const isSaidAgain = (task: SeenTask, { again }: SeenTask): boolean =>
  again !== undefined && task.again === again;

/** The writes of a block with one more; a late one was done before. */
function withWrite(
  task: SeenTask,
  { digest, stamp: { unit } }: Stamped,
  all: readonly Done[],
  ghost: GhostWrite | undefined,
): Done[] {
  const one =
    ghost === undefined ? { digest, unit, task } : { digest, unit, task: ghost.done, late: task };
  return [...all.filter((other) => other.digest !== digest), one].slice(-WRITES_MAX);
}

/** True where a task began behind the end of another. */
const isBehind = (task: SeenTask, { ended, session }: SeenTask): boolean =>
  ended !== undefined &&
  (task.session === session ? ended.frame < task.frame : isSurelyBefore(ended, task));

function outdatedOf(read: SeenTask, one: Stamped, all: readonly Done[]): OutdatedRead | undefined {
  const older = all.find(({ digest }) => digest === one.digest);
  if (older?.late === undefined) return undefined;
  const newer = all.find(
    ({ task, unit }) =>
      unit === one.stamp.unit && isBehind(task, older.task) && isBehind(read, task),
  )?.task;
  if (newer === undefined) return undefined;
  return { kind: 'outdated', ...one, read, late: older.late, newer };
}
