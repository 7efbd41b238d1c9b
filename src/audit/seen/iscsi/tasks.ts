/**
 * The tasks of one iSCSI connection: which command a tag stands for, how it ended, and whether its tag was free.
 *
 * Frames of the two directions may be seen in another order than they were sent. What an initiator had read when it
 * sent something, its ExpStatSN tells, and what a target had received, its ExpCmdSN: by these is judged, not by the
 * order of the capture.
 */
import { IscsiTaskManagement } from '../../../codecs/index.ts';
import { noteFrame } from '../scsi-blocks.ts';
import type { FaultKind, SeenMoment, SeenTask } from '../session.ts';
import { ORDER_NS } from '../session.ts';
import type { OpenTask } from './open-task.ts';
import { isBefore } from './serial.ts';

/** Tasks, early answers and tags that are remembered; no window of commands is wider. */
const REMEMBERED_MAX = 4096;

/** What an answer says. */
export interface TaskAnswer extends SeenMoment {
  readonly tag: number;
  readonly statSn: number;
  readonly expCmdSn: number;
  readonly status: number | undefined;
  readonly sense: number | undefined;
}

/** A task whose tag was used again before its end was seen. */
interface Reused {
  readonly before: OpenTask;
  readonly by: OpenTask;
}

/** What the tasks are told to. */
export interface TaskSink {
  ended(open: OpenTask): void;
  fault(kind: FaultKind, what: string, frames: readonly number[]): void;
  /** The task as people name it. */
  nameOf(task: SeenTask): string;
}

/** A Task Management Function Request under way. */
export interface AskedManagement extends SeenMoment {
  readonly function: number;
  readonly lun: bigint;
  readonly referencedTaskTag: number;
  readonly cmdSn: number;
}

const WHOLE_LUN: ReadonlySet<number> = new Set([
  IscsiTaskManagement['ABORT TASK SET'],
  IscsiTaskManagement['CLEAR TASK SET'],
  IscsiTaskManagement['LOGICAL UNIT RESET'],
]);
const WHOLE_TARGET: ReadonlySet<number> = new Set([
  IscsiTaskManagement['TARGET WARM RESET'],
  IscsiTaskManagement['TARGET COLD RESET'],
  IscsiTaskManagement['I_T NEXUS RESET'],
]);

function bound<V>(map: Map<number, V>): void {
  if (map.size > REMEMBERED_MAX) map.delete(map.keys().next().value!);
}

/** Follows tasks by their tags. */
export class IscsiTasks {
  readonly #open = new Map<number, OpenTask>();
  readonly #reused = new Map<number, Reused>();
  /** Answers whose command was not seen yet. */
  readonly #early = new Map<number, TaskAnswer>();
  /** Tags of which the target spoke before their commands were seen. */
  readonly #ahead = new Map<number, true>();
  /** The last task that was answered under a tag. */
  readonly #answered = new Map<number, SeenTask>();
  readonly #sink: TaskSink;

  constructor(sink: TaskSink) {
    this.#sink = sink;
  }

  /** Tasks that were begun and have not ended. */
  get open(): Iterable<OpenTask> {
    return this.#open.values();
  }

  /** The task of a tag. */
  of(tag: number): OpenTask | undefined {
    return this.#open.get(tag);
  }

  /** The target speaks of a task; `undefined` where its command was not seen yet, or is over. */
  spokenOf(tag: number): OpenTask | undefined {
    const open = this.#open.get(tag);
    if (open === undefined) {
      this.#ahead.set(tag, true);
      bound(this.#ahead);
    }
    return open;
  }

  /** A command was sent. */
  begin(open: OpenTask): void {
    const { tag } = open.task;
    const before = this.#open.get(tag);
    this.#open.delete(tag);
    this.#open.set(tag, open);
    bound(this.#open);
    if (this.#ahead.delete(tag)) open.task.isPartial = true;
    const early = this.#early.get(tag);
    if (early !== undefined && isBefore(open.cmdSn, early.expCmdSn)) {
      this.#early.delete(tag);
      // Its data may have been seen in front of it, too.
      open.task.isPartial = true;
      this.#end(open, early);
      return;
    }
    if (before === undefined || before.task.aborted !== undefined || before.task.isPartial) return;
    this.#reused.set(tag, { before, by: open });
    bound(this.#reused);
  }

  /** An answer has come. `isUnseen`: commands in front of it may not have been seen. */
  answer(answer: TaskAnswer): void {
    const { tag, statSn } = answer;
    const reused = this.#reused.get(tag);
    if (reused !== undefined) {
      this.#reused.delete(tag);
      if (isBefore(statSn, reused.by.expStatSn)) {
        this.#end(reused.before, answer);
        return;
      }
      this.#tellReuse(reused);
    }
    const open = this.#open.get(tag);
    if (open === undefined) {
      this.#early.set(tag, answer);
      bound(this.#early);
      return;
    }
    this.#open.delete(tag);
    this.#end(open, answer);
  }

  #end({ task, ...rest }: OpenTask, { at, frame, queue, status, sense, tag }: TaskAnswer): void {
    if (task.aborted !== undefined && !task.isPartial) {
      const abort = task.aborted.frame;
      this.#sink.fault(
        'aborted',
        `${this.#sink.nameOf(task)} was answered in frame ${frame} after its abort had been confirmed in frame ${abort}`,
        [task.frame, abort, frame],
      );
    }
    task.ended = { at, frame, queue };
    task.status = status;
    task.sense = sense;
    noteFrame(task, frame);
    this.#answered.delete(tag);
    this.#answered.set(tag, task);
    bound(this.#answered);
    this.#sink.ended({ task, ...rest });
  }

  #tellReuse({ before, by }: Reused): void {
    if (by.task.isPartial || before.task.isPartial) return;
    this.#sink.fault(
      'tag',
      `${this.#sink.nameOf(by.task)} has the tag of ${before.task.command} of frame ${before.task.frame}, which had not ended`,
      [before.task.frame, by.task.frame],
    );
  }

  /**
   * The target has sent everything up to this StatSN, and none of it was missed: tags that were used again without
   * an answer to their first task are told.
   */
  passed(statSn: number): void {
    for (const [tag, reused] of this.#reused) {
      if (isBefore(statSn, reused.by.expStatSn)) continue;
      this.#reused.delete(tag);
      this.#tellReuse(reused);
    }
  }

  /**
   * The initiator has sent everything up to this CmdSN, and none of it was missed: answers to what it never asked are
   * told.
   */
  sent(cmdSn: number, at: number): void {
    for (const [tag, early] of this.#early) {
      if (isBefore(cmdSn, early.expCmdSn) || at - early.at < ORDER_NS) continue;
      this.#early.delete(tag);
      const before = this.#answered.get(tag);
      if (before === undefined)
        this.#sink.fault('invented', `frame ${early.frame} answers a task that nobody began`, [
          early.frame,
        ]);
      else
        this.#sink.fault(
          'twice',
          `${this.#sink.nameOf(before)} was answered twice, in frames ${before.ended!.frame} and ${early.frame}`,
          [before.frame, before.ended!.frame, early.frame],
        );
    }
  }

  /** A task management function was confirmed. Returns how many tasks it ended. */
  managed(asked: AskedManagement, confirmed: SeenMoment): number {
    let count = 0;
    for (const { before } of this.#reused.values())
      if (isCovered(before, asked)) before.task.aborted ??= confirmed;
    for (const [tag, { before }] of this.#reused)
      if (before.task.aborted !== undefined) this.#reused.delete(tag);
    for (const open of this.#open.values()) {
      if (open.task.aborted !== undefined || !isCovered(open, asked)) continue;
      open.task.aborted = confirmed;
      count++;
    }
    return count;
  }

  /** The target refused a PDU: its task has ended. */
  refuse(tag: number, moment: SeenMoment): void {
    const open = this.#open.get(tag);
    if (open === undefined) return;
    this.#open.delete(tag);
    open.task.ended = moment;
    this.#sink.ended(open);
  }

  /** Parts of what passed are missing: nobody knows any more what became of the tasks under way. */
  lose(): void {
    for (const { task } of this.#open.values()) task.isPartial = true;
    this.#reused.clear();
    this.#early.clear();
  }
}

/** True for the reset of a logical unit. */
export const resetsUnit = ({ function: code }: AskedManagement): boolean =>
  code === IscsiTaskManagement['LOGICAL UNIT RESET'];

/** True for the reset of a target, with all of its units. */
export const resetsTarget = ({ function: code }: AskedManagement): boolean =>
  code === IscsiTaskManagement['TARGET WARM RESET'] ||
  code === IscsiTaskManagement['TARGET COLD RESET'];

/** True for a task that a function ends. Source: RFC 7143, 11.5.1. */
function isCovered({ task, cmdSn }: OpenTask, asked: AskedManagement): boolean {
  if (asked.function === IscsiTaskManagement['ABORT TASK'])
    return task.tag === asked.referencedTaskTag;
  if (!isBefore(cmdSn, asked.cmdSn)) return false;
  return (
    WHOLE_TARGET.has(asked.function) || (WHOLE_LUN.has(asked.function) && task.lun === asked.lun)
  );
}
