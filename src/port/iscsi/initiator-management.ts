/**
 * Task management of a session at an initiator: functions that were asked for and are not answered.
 *
 * Source: RFC 7143, 11.5 and 11.6; RFC 7144 for functions 9 to 12.
 */
import {
  type IscsiPduInput,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
} from '../../codecs/iscsi/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type {
  ManagedFunction,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';

/** Functions under way; one more is not asked for. */
const MANAGED_MAX = 1024;
/** The level at which functions 9 to 12 are there. Source: RFC 7144, 7.1.1. */
const LEVEL_OF_QUERIES = 2;

const FUNCTIONS: Readonly<Record<ManagedFunction, number>> = {
  'abort-task-set': IscsiTaskManagement['ABORT TASK SET'],
  'clear-aca': IscsiTaskManagement['CLEAR ACA'],
  'clear-task-set': IscsiTaskManagement['CLEAR TASK SET'],
  'logical-unit-reset': IscsiTaskManagement['LOGICAL UNIT RESET'],
  'target-reset': IscsiTaskManagement['TARGET WARM RESET'],
  'query-task': IscsiTaskManagement['QUERY TASK'],
  'query-task-set': IscsiTaskManagement['QUERY TASK SET'],
  'i-t-nexus-reset': IscsiTaskManagement['I_T NEXUS RESET'],
  'query-asynchronous-event': IscsiTaskManagement['QUERY ASYNCHRONOUS EVENT'],
};

const R = IscsiTaskManagementResponse;
const RESPONSES: Readonly<Record<number, TaskManagementResponse>> = {
  [R['function complete']]: 'complete',
  // Of QUERY TASK: there is none such.
  [R['task does not exist']]: 'complete',
  [R['LUN does not exist']]: 'incorrect-lun',
  [R['task management function not supported']]: 'rejected',
  [R['function succeeded']]: 'succeeded',
};

/** What is asked of the target beside the function's number. */
export interface AskedTask {
  readonly function: number;
  readonly lun: bigint;
  readonly referencedTaskTag?: number;
  readonly refCmdSn?: number;
}

/** What carries functions to the target. */
export interface ManagementOwner {
  after(delayNs: number, run: () => void): Timer;
  send(pdu: IscsiPduInput): void;
  /** A tag that nothing of the session has. */
  nextTag(): number;
  /** Number of the next command. */
  readonly cmdSn: number;
}

/** The functions of one session. */
export class InitiatorManagement {
  readonly #owner: ManagementOwner;
  /** What is done with an answer, by tag; `undefined`: there is none. */
  readonly #managed = new Map<number, (response: number | undefined) => void>();

  constructor(owner: ManagementOwner) {
    this.#owner = owner;
  }

  has(tag: number): boolean {
    return this.#managed.has(tag);
  }

  /** Asks for a function above commands; `level`: the protocol level that was agreed on. */
  manage(
    { function: name, lun, tag, timeoutNs }: TaskManagementRequest,
    level: number,
    done: (response: TaskManagementResponse) => void,
  ): void {
    const number = FUNCTIONS[name];
    if (number > IscsiTaskManagement['TASK REASSIGN'] && level < LEVEL_OF_QUERIES) {
      done('rejected');
      return;
    }
    const about = tag === undefined ? {} : { referencedTaskTag: tag };
    const isAsked = this.ask({ function: number, lun, ...about }, timeoutNs, (response) =>
      done(response === undefined ? 'failed' : (RESPONSES[response] ?? 'failed')),
    );
    if (!isAsked) done('failed');
  }

  /** Asks for a function by its number; false where there is no room for it. */
  ask(asked: AskedTask, timeoutNs: number, done: (response: number | undefined) => void): boolean {
    if (this.#managed.size >= MANAGED_MAX) return false;
    const initiatorTaskTag = this.#owner.nextTag();
    const { cmdSn } = this.#owner;
    const end = (response: number | undefined): void => {
      timer.cancel();
      this.#managed.delete(initiatorTaskTag);
      done(response);
    };
    const timer = this.#owner.after(timeoutNs, () => end(undefined));
    this.#managed.set(initiatorTaskTag, end);
    this.#owner.send({
      kind: 'Task Management Function Request',
      immediate: 1,
      initiatorTaskTag,
      cmdSn,
      ...asked,
    });
    return true;
  }

  /** The target answers; what nobody asked for means nothing. */
  answered(tag: number, response: number): void {
    this.#managed.get(tag)?.(response);
  }

  /** There will be no answers any more. */
  lost(): void {
    for (const end of [...this.#managed.values()]) end(undefined);
  }
}
