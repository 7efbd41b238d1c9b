/**
 * The life of a task, from its arrival to its end.
 *
 * A task that ends may enable others, whose start may end them at once: starts are queued, so
 * that a long task set does not become a deep call stack.
 */
import { SenseCode, SenseKey, TaskAttribute } from '../../codecs/scsi/index.ts';
import type { ClearCause, CommandRequest, Reply, TaskSink } from '../transport.ts';
import type { DeviceServer } from './device-server.ts';
import { type Nexus, Task, type TaskUnit } from './nexus.ts';
import type { TargetObserver } from './observer.ts';
import { BUSY, checkCondition, illegalRequest, TASK_SET_FULL } from './reply.ts';
import { NO_TASKS } from './task-set.ts';

/** INVALID MESSAGE ERROR. */
const INVALID_MESSAGE_ERROR = 0x4900;

const ATTRIBUTES: ReadonlySet<number> = new Set<number>([
  TaskAttribute.SIMPLE,
  TaskAttribute.HEAD_OF_QUEUE,
  TaskAttribute.ORDERED,
  TaskAttribute.UNTAGGED,
]);

/** SAM's task manager: takes commands in, starts and ends their tasks. */
export class TaskManager {
  readonly #deviceServer: DeviceServer;
  readonly #observer: TargetObserver;
  /** Enabled tasks that are still to be told so; filled and emptied within one call. */
  readonly #enabled: Task[] = [];
  #starting = false;

  constructor(deviceServer: DeviceServer, observer: TargetObserver) {
    this.#deviceServer = deviceServer;
    this.#observer = observer;
  }

  /** Takes a command into the task set of its logical unit, or answers why not. */
  submit(nexus: Nexus, request: CommandRequest, sink: TaskSink, lu: TaskUnit | undefined): Task {
    const task = new Task(nexus, request, sink, lu);
    const refusal = this.#refusal(task);
    if (refusal !== undefined) {
      task.state = 'ended';
      this.#observer.onDone?.(task, refusal);
      sink.answered(task, refusal);
      return task;
    }
    nexus.tasks.add(task);
    if (lu === undefined) task.state = 'enabled';
    else lu.tasks.add(task);
    if (isEnabled(task)) this.#start(task);
    return task;
  }

  /** Runs an enabled task and ends it. Errors: `RangeError`. */
  run(task: Task, dataOut: Uint8Array | undefined): Reply {
    if (task.state !== 'enabled' || task.checked === undefined) {
      throw new RangeError('this task is not waiting to run');
    }
    const reply = task.checked.run(dataOut);
    this.#end(task);
    this.#observer.onDone?.(task, reply);
    return reply;
  }

  /** Ends an enabled task with an answer that was given elsewhere. Errors: `RangeError`. */
  answer(task: Task, reply: Reply): Reply {
    if (task.state !== 'enabled') throw new RangeError('this task is not waiting to run');
    this.#end(task);
    this.#observer.onDone?.(task, reply);
    return reply;
  }

  /** Ends tasks without a response. All are ended before anybody hears of it. */
  clear(tasks: readonly Task[], cause: ClearCause): void {
    const enabled: Task[] = [];
    for (const task of tasks) enabled.push(...this.#remove(task));
    for (const task of tasks) {
      task.sink.cleared(task, cause);
      this.#observer.onCleared?.(task, cause);
    }
    this.#startAll(enabled);
  }

  /** Why a command cannot become a task. A tag in use ends what is under way for the nexus. */
  #refusal({ request, lu, nexus, tag }: Task): Reply | undefined {
    const overlapped = nexus.tasks.get(tag);
    if (overlapped !== undefined) {
      this.clear(tasksBeside(nexus, overlapped, lu), 'overlapped');
      return checkCondition(SenseKey.ABORTED_COMMAND, SenseCode.OVERLAPPED_COMMANDS_ATTEMPTED);
    }
    if (!ATTRIBUTES.has(request.attribute)) return illegalRequest(INVALID_MESSAGE_ERROR);
    if (lu?.tasks.full === true) return lu.tasks.hasTaskOf(nexus) ? TASK_SET_FULL : BUSY;
    return undefined;
  }

  #startAll(tasks: readonly Task[]): void {
    for (const task of tasks) this.#start(task);
  }

  #start(task: Task): void {
    if (this.#starting) {
      this.#enabled.push(task);
      return;
    }
    this.#starting = true;
    try {
      let next: Task | undefined = task;
      do {
        if (isEnabled(next)) this.#startOne(next);
        next = this.#enabled.shift();
      } while (next !== undefined);
    } finally {
      this.#starting = false;
    }
  }

  #startOne(task: Task): void {
    const prepared = this.#deviceServer.prepare(task);
    if ('status' in prepared) {
      this.#end(task);
      this.#observer.onDone?.(task, prepared);
      task.sink.answered(task, prepared);
      return;
    }
    task.checked = prepared;
    task.sink.enabled(task, prepared.dataOutBytes);
  }

  #end(task: Task): void {
    this.#startAll(this.#remove(task));
  }

  /** Takes a task out of every list; returns those that its end has enabled. */
  #remove(task: Task): readonly Task[] {
    task.nexus.tasks.remove(task);
    const enabled = task.lu?.tasks.end(task) ?? NO_TASKS;
    task.state = 'ended';
    return enabled;
  }
}

/** Asked anew each time: a task may end while others start. */
const isEnabled = (task: Task): boolean => task.state === 'enabled';

/** The task that has a tag in use, and all others of the nexus in the same logical unit. */
function tasksBeside(nexus: Nexus, overlapped: Task, lu: TaskUnit | undefined): Task[] {
  return nexus.unfinished().filter((one) => one === overlapped || one.lu === lu);
}
