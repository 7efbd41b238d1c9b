/**
 * Task management of a session at a target.
 *
 * Source: RFC 7143, 4.2.3.3, 11.5, 11.6; RFC 7144.
 */
import {
  type IscsiPduOf,
  IscsiRejectReason,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
} from '../../codecs/iscsi/index.ts';
import type {
  TargetNexus,
  TaskManagementFunction,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import type { CommandWindow } from './command-window.ts';
import type { SessionOwner } from './session-owner.ts';
import type { SessionTasks } from './session-tasks.ts';

type Request = IscsiPduOf<'Task Management Function Request'>;

const FUNCTIONS: Readonly<Record<number, TaskManagementFunction>> = {
  [IscsiTaskManagement['ABORT TASK SET']]: 'abort-task-set',
  [IscsiTaskManagement['CLEAR ACA']]: 'clear-aca',
  [IscsiTaskManagement['CLEAR TASK SET']]: 'clear-task-set',
  [IscsiTaskManagement['LOGICAL UNIT RESET']]: 'logical-unit-reset',
  [IscsiTaskManagement['TARGET WARM RESET']]: 'target-reset',
  [IscsiTaskManagement['TARGET COLD RESET']]: 'target-reset',
  [IscsiTaskManagement['QUERY TASK']]: 'query-task',
  [IscsiTaskManagement['QUERY TASK SET']]: 'query-task-set',
  [IscsiTaskManagement['I_T NEXUS RESET']]: 'i-t-nexus-reset',
  [IscsiTaskManagement['QUERY ASYNCHRONOUS EVENT']]: 'query-asynchronous-event',
};

/** Functions that end many tasks at once. Source: RFC 7143, 4.2.3.3. */
const MULTI_TASK: ReadonlySet<number> = new Set([
  IscsiTaskManagement['ABORT TASK SET'],
  IscsiTaskManagement['CLEAR TASK SET'],
  IscsiTaskManagement['LOGICAL UNIT RESET'],
  IscsiTaskManagement['TARGET WARM RESET'],
  IscsiTaskManagement['TARGET COLD RESET'],
]);

const R = IscsiTaskManagementResponse;
const RESPONSES: Readonly<Record<TaskManagementResponse, number>> = {
  complete: R['function complete'],
  succeeded: R['function succeeded'],
  rejected: R['task management function not supported'],
  'incorrect-lun': R['LUN does not exist'],
  failed: R['function rejected'],
};

/** The task management of one session. */
export class SessionManagement {
  readonly #owner: SessionOwner;
  readonly #nexus: TargetNexus | undefined;
  readonly #tasks: SessionTasks;
  readonly #window: CommandWindow;

  constructor(
    owner: SessionOwner,
    nexus: TargetNexus | undefined,
    tasks: SessionTasks,
    window: CommandWindow,
  ) {
    this.#owner = owner;
    this.#nexus = nexus;
    this.#tasks = tasks;
    this.#window = window;
  }

  /** Takes a request whose turn it is. */
  take(pdu: Request): void {
    const nexus = this.#nexus;
    if (nexus === undefined) {
      this.#owner.reject(IscsiRejectReason['command not supported'], pdu);
      return;
    }
    const answer = (response: number): void =>
      this.#owner.send(
        {
          kind: 'Task Management Function Response',
          initiatorTaskTag: pdu.initiatorTaskTag,
          response,
        },
        true,
      );
    if (pdu.function === IscsiTaskManagement['ABORT TASK']) {
      answer(this.#abortTask(nexus, pdu));
      return;
    }
    if (pdu.function === IscsiTaskManagement['TASK REASSIGN']) {
      answer(R['task allegiance reassignment not supported']);
      return;
    }
    const taskFunction = FUNCTIONS[pdu.function];
    if (taskFunction === undefined) {
      answer(R['task management function not supported']);
      return;
    }
    const tasks = this.#tasks;
    const asked = MULTI_TASK.has(pdu.function) ? tasks.asked() : [];
    const response = RESPONSES[nexus.manage(taskFunction, pdu.lun, pdu.referencedTaskTag)];
    const missing = asked.filter(({ task }) => tasks.get(task.tag) !== task);
    tasks.awaited.answerAfter(
      missing.map(({ tag }) => tag),
      (delayNs, run) => this.#owner.after(delayNs, run),
      () => {
        answer(response);
        // Both end sessions, once they are answered (RFC 7143, 11.5.1; RFC 7144, 6.3).
        if (pdu.function === IscsiTaskManagement['TARGET COLD RESET']) this.#owner.closeAll();
        else if (taskFunction === 'i-t-nexus-reset') this.#owner.close();
      },
    );
  }

  /** A task that is not there may still be on its way: its CmdSN counts as received then (11.6.1). */
  #abortTask(nexus: TargetNexus, { referencedTaskTag, refCmdSn, cmdSn }: Request): number {
    if (nexus.abortTask(referencedTaskTag)) return R['function complete'];
    const task = this.#tasks.get(referencedTaskTag);
    if (task !== undefined) {
      this.#tasks.remove(task);
      return R['function complete'];
    }
    return this.#window.skip(refCmdSn, cmdSn) ? R['function complete'] : R['task does not exist'];
  }
}
