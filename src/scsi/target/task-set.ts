/**
 * The task set of a logical unit: which commands it holds and which of them may run.
 *
 * A task is dormant until the task attributes let it run, then enabled, then ended. Ending one
 * may enable others; the set hands those back and its owner starts them.
 * Source: SAM-5, task set management.
 */
import { TaskAttribute } from '../../codecs/scsi/index.ts';
import { Chain } from '../../machine/chain.ts';
import type { Nexus, Task, TaskQueue } from './nexus.ts';

/** Tasks that one logical unit holds unless its options say otherwise. */
export const TASKS_PER_SET_MAX = 1024;

/** No task was enabled. */
export const NO_TASKS: readonly Task[] = [];

/**
 * Tasks of one logical unit, in the order of their arrival.
 *
 * HEAD OF QUEUE runs at once. ORDERED waits for all that came before it. SIMPLE waits for older
 * ORDERED. Both wait for every HEAD OF QUEUE.
 */
export class TaskSet implements TaskQueue {
  readonly tasksMax: number;
  readonly #tasks = new Chain<Task>();
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

  hasTaskOf(nexus: Nexus): boolean {
    for (let task = this.#tasks.first; task !== undefined; task = task.newer) {
      if (task.nexus === nexus) return true;
    }
    return false;
  }

  add(task: Task): void {
    if (this.#mayRunNow(task.request.attribute)) task.state = 'enabled';
    this.#tasks.add(task);
    this.#count(task, 1);
  }

  end(task: Task): readonly Task[] {
    task.state = 'ended';
    if (!this.#tasks.remove(task)) return NO_TASKS;
    if (this.#ordered === 0 && this.#headOfQueue === 0) return NO_TASKS;
    this.#count(task, -1);
    return this.#headOfQueue > 0 ? NO_TASKS : this.#enableDormant();
  }

  /** The tasks for which `test` holds, oldest first. */
  matching(test: (task: Task) => boolean): Task[] {
    return this.#tasks.all().filter(test);
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
    for (let task = this.#tasks.first; task !== undefined; task = task.newer) {
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
