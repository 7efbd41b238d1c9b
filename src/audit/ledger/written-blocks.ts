/**
 * What the tasks of a capture wrote to blocks and read from them, as digests: which write a read saw, and which write
 * came late.
 *
 * A capture may lack writers. So a block is only judged by data that the capture shows being written to it, and a
 * write of which the data are not known takes the block's past with it. Memory is bounded.
 */
import {
  isOver,
  isSurelyBefore,
  type SeenBlocks,
  type SeenMoment,
  type SeenTask,
} from '../seen/session.ts';

/** Blocks that are remembered, and writes of each. */
const BLOCKS_MAX = 200_000;
const WRITES_MAX = 8;

/** A write of a block. */
export interface BlockWrite {
  readonly task: SeenTask;
  readonly blocks: SeenBlocks;
  /** Its place among the blocks of its task. */
  readonly index: number;
}

interface Past {
  readonly writes: BlockWrite[];
  /** What was read last, and by whom. */
  read: { readonly digest: number; readonly task: SeenTask } | undefined;
  /** A write that may have been carried out once more: what is read next shows it. */
  doubted: { readonly finding: Overtaken; readonly digest: number } | undefined;
}

/** A block and what befell it. */
export interface BlockFinding {
  readonly unit: string;
  readonly lba: number;
  readonly blockBytes: number;
}

/** A write that was carried out although a newer one was acknowledged, which was sent behind its own repetition. */
export interface Overtaken extends BlockFinding {
  readonly late: SeenTask;
  readonly again: SeenTask;
  readonly newer: SeenTask;
  /** The read that shows it, where the answer to the late write does not: an NFS server may have said again what it said before. */
  readonly read: SeenTask | undefined;
}

/** A read that saw what a write had replaced. */
export interface StaleRead extends BlockFinding {
  readonly read: SeenTask;
  readonly older: SeenTask;
  readonly newer: SeenTask;
}

/** A write of a session that was over which shows in what was read. */
export interface SeenLate extends BlockFinding {
  readonly late: SeenTask;
  readonly before: SeenTask;
  readonly read: SeenTask;
}

/** What a task's end shows. */
export type WrittenFinding =
  | ({ readonly kind: 'overtaken' } & Overtaken)
  | ({ readonly kind: 'stale' } & StaleRead)
  | ({ readonly kind: 'late' } & SeenLate);

const digestOf = ({ blocks, index }: BlockWrite): number | undefined => blocks.digests[index];
const isGood = ({ ended, status }: SeenTask): boolean => ended !== undefined && status === 0;

/** True where one task had surely ended before the other had sent its last. */
function hasEnded(first: SeenTask, then: SeenMoment, isSameConnection: boolean): boolean {
  if (first.ended === undefined) return false;
  return isSameConnection ? first.ended.frame < then.frame : isSurelyBefore(first.ended, then);
}

/** Keeps the past of blocks. */
export class WrittenBlocks {
  readonly #units = new Map<string, Map<number, Past>>();
  #blocks = 0;
  /** Blocks that were read and had been written, and writes that were sent once more. */
  compared = 0;
  repeated = 0;

  /** A write begins: its data may reach its blocks from now on. */
  begin(task: SeenTask): void {
    const { blocks, kind, unit } = task;
    if (kind === 'change' || (kind === 'write' && blocks === undefined)) this.#forget(unit);
    if (kind !== 'write' || blocks === undefined) return;
    if (this.#blocks + blocks.count > BLOCKS_MAX) this.clear();
    for (let index = 0; index < blocks.count; index++) {
      const { writes } = this.#pastOf(unit, blocks.first + index);
      writes.push({ task, blocks, index });
      if (writes.length > WRITES_MAX) writes.shift();
    }
  }

  /** A task has ended: what it shows of its first block that shows something. */
  end(task: SeenTask): WrittenFinding | undefined {
    const { blocks, kind } = task;
    if (blocks === undefined || task.status !== 0) return undefined;
    if (kind === 'write') return this.#overtaken(task, blocks);
    return kind === 'read' && !task.isPartial ? this.#stale(task, blocks) : undefined;
  }

  /** Writes to units of a server may be missing; of all where it is empty. */
  blind(server: string): void {
    if (server === '') this.clear();
    else
      for (const unit of this.#units.keys()) if (unit.startsWith(`${server} `)) this.#forget(unit);
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#units.clear();
    this.#blocks = 0;
  }

  #forget(unit: string): void {
    this.#blocks -= this.#units.get(unit)?.size ?? 0;
    this.#units.delete(unit);
  }

  #pastOf(unit: string, lba: number): Past {
    let blocks = this.#units.get(unit);
    if (blocks === undefined) {
      blocks = new Map();
      this.#units.set(unit, blocks);
    }
    let past = blocks.get(lba);
    if (past === undefined) {
      past = { writes: [], read: undefined, doubted: undefined };
      blocks.set(lba, past);
      this.#blocks++;
    }
    return past;
  }

  #overtaken(late: SeenTask, blocks: SeenBlocks): WrittenFinding | undefined {
    for (let index = 0; index < blocks.count; index++) {
      const lba = blocks.first + index;
      const past = this.#units.get(blocks.unit)?.get(lba);
      const writes = past?.writes ?? [];
      if (past === undefined || writes.length < 2) continue;
      const own = blocks.digests[index];
      const again = writes.find(
        (one) => isRepetition(one.task, late) && own !== undefined && digestOf(one) === own,
      )?.task;
      if (again === undefined) continue;
      this.repeated++;
      const newer = writes.find(
        (one) =>
          one.task !== late &&
          one.task !== again &&
          isGood(one.task) &&
          digestOf(one) !== own &&
          one.task.at >= (again.ended?.at ?? Number.POSITIVE_INFINITY) &&
          hasEnded(one.task, late.sent, false),
      )?.task;
      if (newer === undefined) continue;
      const place = { unit: blocks.unit, lba, blockBytes: blocks.blockBytes };
      const finding = { ...place, late, again, newer, read: undefined };
      if (late.again === undefined) return { kind: 'overtaken', ...finding };
      past.doubted = { finding, digest: own! };
    }
    return undefined;
  }

  #stale(read: SeenTask, blocks: SeenBlocks): WrittenFinding | undefined {
    let found: WrittenFinding | undefined;
    for (let index = 0; index < blocks.count; index++) {
      const digest = blocks.digests[index];
      const lba = blocks.first + index;
      const past = this.#units.get(blocks.unit)?.get(lba);
      if (past === undefined || past.writes.length === 0) continue;
      if (digest !== undefined) this.compared++;
      const place = { unit: blocks.unit, lba, blockBytes: blocks.blockBytes };
      if (digest !== undefined) {
        found ??= shownAgain(past, read, digest) ?? shownBy(past, read, digest, place);
      }
      past.read = digest === undefined ? undefined : { digest, task: read };
    }
    return found;
  }
}

/** Whether a read shows that a write was carried out once more. */
function shownAgain(past: Past, read: SeenTask, digest: number): WrittenFinding | undefined {
  const { doubted } = past;
  if (doubted === undefined || !hasEnded(doubted.finding.late, read, false)) return undefined;
  past.doubted = undefined;
  return digest === doubted.digest ? { kind: 'overtaken', ...doubted.finding, read } : undefined;
}

/** True where a task was sent once more: by the same device, on a session that began behind it, or as the same call. */
function isRepetition(again: SeenTask, first: SeenTask): boolean {
  if (again === first || !isGood(again)) return false;
  const { session } = again;
  if (session.device !== first.session.device || session.device === '') return false;
  // Of two calls that are the same it does not matter which was sent first.
  if (again.again !== undefined) return again.again === first.again;
  return (
    again.at > first.at &&
    session !== first.session &&
    session.began !== undefined &&
    isSurelyBefore(first, session.began)
  );
}

function shownBy(
  { writes, read: before }: Past,
  read: SeenTask,
  digest: number,
  place: BlockFinding,
): WrittenFinding | undefined {
  const same = writes.filter((one) => digestOf(one) === digest);
  if (same.length === 0) return undefined;
  const newer = writes.filter(
    ({ task }) =>
      isGood(task) &&
      hasEnded(task, read, task.session === read.session) &&
      !writes.some(({ task: first }) => isSaidAgain(task, first)),
  );
  const older = same.filter(({ task }) =>
    newer.some(
      ({ task: one }) => one !== task && hasEnded(task, one, one.session === task.session),
    ),
  );
  // All that wrote what was read were replaced, and no other write may have brought it.
  const isStale =
    older.length === same.length &&
    writes.every((one) => digestOf(one) !== undefined || isReplaced(one, newer));
  if (isStale) {
    const first = older.at(-1)!.task;
    const replaced = newer.find(
      ({ task }) => task !== first && hasEnded(first, task, task.session === first.session),
    )!.task;
    return { kind: 'stale', ...place, read, older: first, newer: replaced };
  }
  return shownLate(same, before, read, digest, place);
}

/** True where an answer may be that of the same call before, said again: nothing need have been written. */
const isSaidAgain = (task: SeenTask, first: SeenTask): boolean =>
  task.again !== undefined && isRepetition(first, task) && hasEnded(first, task, false);

const isReplaced = ({ task }: BlockWrite, newer: readonly BlockWrite[]): boolean =>
  newer.some(({ task: one }) => one !== task && hasEnded(task, one, one.session === task.session));

/** What was read was other before, and all that wrote it are of sessions that were over by then. */
function shownLate(
  same: readonly BlockWrite[],
  before: Past['read'],
  read: SeenTask,
  digest: number,
  place: BlockFinding,
): WrittenFinding | undefined {
  if (before === undefined || before.digest === digest) return undefined;
  const isDead = ({ task }: BlockWrite): boolean => {
    const { ended } = task.session;
    const isOpen = task.ended === undefined;
    return (
      isOpen && ended !== undefined && isOver(task.session) && isSurelyBefore(ended, before.task)
    );
  };
  if (!same.every(isDead)) return undefined;
  return { kind: 'late', ...place, late: same[0]!.task, before: before.task, read };
}
