/**
 * Task management: what ends tasks without a response, and who is told of it.
 *
 * Source: SAM-5, clause 7, and I_T nexus loss (6.3).
 */
import { SenseCode } from '../../codecs/scsi/index.ts';
import type { ClearCause, TaskManagementFunction, TaskManagementResponse } from '../transport.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { LunMasks } from './lun-mask.ts';
import type { ItNexus, Nexus, Task } from './nexus.ts';
import type { TaskManager } from './task-manager.ts';

/** What task management needs of its target device. */
export interface ManagedTarget {
  readonly units: readonly LogicalUnit[];
  readonly masks: LunMasks;
  notifyOthers(lu: LogicalUnit, except: ItNexus | undefined, code: number): void;
}

/** The task management functions of one target device. */
export class TaskManagement {
  readonly #target: ManagedTarget;
  readonly #tasks: TaskManager;

  constructor(target: ManagedTarget, tasks: TaskManager) {
    this.#target = target;
    this.#tasks = tasks;
  }

  /** ABORT TASK: false when the nexus has no such task (any more). */
  abortTask(nexus: Nexus, tag: number): boolean {
    const task = nexus.tasks.get(tag);
    if (task === undefined) return false;
    this.#tasks.clear([task], 'abort-task');
    return true;
  }

  /** Tasks that a carrier ends by a rule of its protocol; each logical unit owes the pair `code` once. */
  clearTasks(nexus: Nexus, tags: Iterable<number>, code: number): void {
    const tasks: Task[] = [];
    for (const tag of tags) {
      const task = nexus.tasks.get(tag);
      if (task !== undefined) tasks.push(task);
    }
    for (const lu of new Set(tasks.map((task) => task.lu))) lu?.attentions.add(nexus.pair, code);
    this.#tasks.clear(tasks, 'protocol-event');
  }

  /** Performs a function; its tasks are ended when this returns. */
  perform(
    nexus: Nexus,
    taskFunction: TaskManagementFunction,
    lun: bigint,
    tag: number | undefined,
  ): TaskManagementResponse {
    if (taskFunction === 'target-reset') {
      this.#reset(this.#target.units, 'target-reset');
      return 'complete';
    }
    if (taskFunction === 'i-t-nexus-reset') {
      this.loseNexus(nexus);
      return 'complete';
    }
    const lu = this.#target.masks.resolve(nexus.pair, lun);
    if (lu === undefined) return 'incorrect-lun';
    const isOurs = (task: Task): boolean => task.nexus === nexus;
    switch (taskFunction) {
      case 'abort-task':
        if (tag !== undefined) this.abortTask(nexus, tag);
        return 'complete';
      case 'abort-task-set':
        this.#tasks.clear(lu.tasks.matching(isOurs), 'abort-task-set');
        return 'complete';
      case 'clear-task-set':
        this.clearForAnother(lu, () => true, nexus.pair, 'clear-task-set');
        return 'complete';
      case 'logical-unit-reset':
        this.#reset([lu], 'logical-unit-reset');
        return 'complete';
      case 'query-task':
        return tag !== undefined && nexus.tasks.get(tag)?.lu === lu ? 'succeeded' : 'complete';
      case 'query-task-set':
        return lu.tasks.hasTaskOf(nexus) ? 'succeeded' : 'complete';
      case 'clear-aca':
      case 'query-asynchronous-event':
        return 'rejected';
    }
  }

  #reset(units: readonly LogicalUnit[], cause: ClearCause): void {
    const tasks = units.flatMap((lu) => lu.tasks.matching(() => true));
    for (const lu of units) {
      lu.reset();
      this.#target.notifyOthers(lu, undefined, SenseCode.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }
    this.#tasks.clear(tasks, cause);
  }

  /** What I_T nexus loss does, whether the login goes on (I_T NEXUS RESET) or not. */
  loseNexus(nexus: Nexus): void {
    nexus.pair.losses++;
    for (const held of nexus.spc2Reservations) held.dropSpc2('nexus-lost');
    this.#tasks.clear(nexus.unfinished(), 'nexus-lost');
  }

  /** Ends tasks on behalf of one nexus; the others that lost some are told so. */
  clearForAnother(
    lu: LogicalUnit,
    test: (task: Task) => boolean,
    by: ItNexus,
    cause: ClearCause,
  ): void {
    const tasks = lu.tasks.matching(test);
    for (const { nexus } of tasks) {
      if (nexus.pair !== by) {
        lu.attentions.add(nexus.pair, SenseCode.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
      }
    }
    this.#tasks.clear(tasks, cause);
  }
}
