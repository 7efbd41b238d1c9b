/**
 * The task set of a logical unit: which commands it holds and which of them may run.
 *
 * A task is dormant until the task attributes let it run, then enabled, then ended. Ending one
 * may enable others; the set hands those back and its owner starts them.
 * Source: SAM-5, task set management.
 */
import { TaskAttribute } from '../../codecs/fcp/index.ts';
import type { ClearCause } from '../../history/storage.ts';
import type { Runnable } from './device-server.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { Nexus } from './nexus.ts';
import type { Reply } from './reply.ts';

/** Tasks that one logical unit holds unless its options say otherwise. */
export const TASKS_PER_SET_MAX = 1024;

/** A command as the transport hands it over. */
export interface CommandRequest {
  readonly nexus: Nexus;
  readonly lun: bigint;
  /** Unique among the unfinished commands of the nexus: the OX_ID. */
  readonly tag: number;
  /** RX_ID of its exchange, where the transport has one. */
  readonly rxId?: number;
  /** `TaskAttribute` of FCP_CMND. */
  readonly attribute: number;
  /** The CDB, padded or not. */
  readonly cdb: Uint8Array;
  /** FCP_DL of a command with write data; left out where the transport does not say. */
  readonly dataOutBytes?: number;
}

/** What the transport wants to be told of a task. */
export interface TaskSink {
  /**
   * The task may run and passed its checks. `dataOutBytes` > 0: fetch so much data first. Then
   * call `run`, now or later.
   */
  enabled(task: Task, dataOutBytes: number): void;
  /** The task has ended before any data was asked for: refused, or with nothing to run. */
  answered(task: Task, reply: Reply): void;
  /** The task ended without a response. It will touch no block any more. */
  cleared(task: Task, cause: ClearCause): void;
}

export class Task {
  readonly request: CommandRequest;
  readonly sink: TaskSink;
  /** `undefined` for a command to a LUN without a logical unit: it has no task set. */
  readonly lu: LogicalUnit | undefined;
  state: 'dormant' | 'enabled' | 'ended' = 'dormant';
  /** The checked command, from the moment the transport is told that it may run. */
  runnable: Runnable | undefined;

  constructor(request: CommandRequest, sink: TaskSink, lu: LogicalUnit | undefined) {
    this.request = request;
    this.sink = sink;
    this.lu = lu;
  }

  get nexus(): Nexus {
    return this.request.nexus;
  }

  get tag(): number {
    return this.request.tag;
  }
}

export const NO_TASKS: readonly Task[] = [];

/**
 * Tasks of one logical unit, in the order of their arrival.
 *
 * HEAD OF QUEUE runs at once. ORDERED waits for all that came before it. SIMPLE waits for older
 * ORDERED. Both wait for every HEAD OF QUEUE.
 */
export class TaskSet {
  readonly tasksMax: number;
  readonly #tasks = new Set<Task>();
  #ordered = 0;
  #headOfQueue = 0;

  constructor(tasksMax: number = TASKS_PER_SET_MAX) {
    this.tasksMax = tasksMax;
  }

  get size(): number {
    return this.#tasks.size;
  }

  get full(): boolean {
    return this.#tasks.size >= this.tasksMax;
  }

  /** True where the nexus has a task here: then a full set is TASK SET FULL for it, not BUSY. */
  hasTaskOf(nexus: Nexus): boolean {
    for (const task of this.#tasks) if (task.nexus === nexus) return true;
    return false;
  }

  /** Takes a task in, and enables it where it may run. */
  add(task: Task): void {
    if (this.#mayRunNow(task.request.attribute)) task.state = 'enabled';
    this.#tasks.add(task);
    this.#count(task, 1);
  }

  /** Ends a task; returns those that its end has enabled, oldest first. */
  end(task: Task): readonly Task[] {
    task.state = 'ended';
    if (!this.#tasks.delete(task)) return NO_TASKS;
    if (this.#ordered === 0 && this.#headOfQueue === 0) return NO_TASKS;
    this.#count(task, -1);
    return this.#headOfQueue > 0 ? NO_TASKS : this.#enableDormant();
  }

  /** The tasks for which `test` holds, oldest first. */
  matching(test: (task: Task) => boolean): Task[] {
    return [...this.#tasks].filter(test);
  }

  #mayRunNow(attribute: number): boolean {
    if (attribute === TaskAttribute.HEAD_OF_QUEUE) return true;
    if (this.#headOfQueue > 0) return false;
    return attribute === TaskAttribute.ORDERED ? this.#tasks.size === 0 : this.#ordered === 0;
  }

  /** Nothing behind the oldest ORDERED task may run, so that the walk ends there. */
  #enableDormant(): Task[] {
    const enabled: Task[] = [];
    let first = true;
    for (const task of this.#tasks) {
      const ordered = task.request.attribute === TaskAttribute.ORDERED;
      if (task.state === 'dormant' && (first || !ordered)) {
        task.state = 'enabled';
        enabled.push(task);
      }
      if (ordered) break;
      first = false;
    }
    return enabled;
  }

  #count(task: Task, by: 1 | -1): void {
    const { attribute } = task.request;
    if (attribute === TaskAttribute.ORDERED) this.#ordered += by;
    else if (attribute === TaskAttribute.HEAD_OF_QUEUE) this.#headOfQueue += by;
  }
}
