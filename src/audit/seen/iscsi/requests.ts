/** Requests of a connection that are no commands and wait for an answer: task management and pings. */
import {
  type IscsiPduOf,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
  nameOf,
} from '../../../codecs/index.ts';
import type { SeenMoment } from '../session.ts';
import type { AskedManagement } from './tasks.ts';

/** Requests that are remembered. */
const ASKED_MAX = 256;

/** A task management function that was answered. */
export interface AnsweredManagement {
  readonly asked: AskedManagement;
  readonly isDone: boolean;
  /** `ABORT TASK: function complete`. */
  readonly what: string;
}

/** Remembers them. */
export class WaitingRequests {
  readonly #management = new Map<number, AskedManagement>();
  readonly #pings = new Map<number, SeenMoment>();

  /** A task management function was asked for. */
  manage(pdu: IscsiPduOf<'Task Management Function Request'>, { at, frame }: SeenMoment): void {
    const { initiatorTaskTag, function: code, lun, referencedTaskTag, cmdSn } = pdu;
    const asked = { at, frame, function: code, lun, referencedTaskTag, cmdSn };
    if (this.#management.size >= ASKED_MAX) this.#management.clear();
    this.#management.set(initiatorTaskTag, asked);
  }

  /** What was answered; `undefined` where its request was not seen. */
  managed(pdu: IscsiPduOf<'Task Management Function Response'>): AnsweredManagement | undefined {
    const { initiatorTaskTag, response } = pdu;
    const asked = this.#management.get(initiatorTaskTag);
    this.#management.delete(initiatorTaskTag);
    if (asked === undefined) return undefined;
    const name = nameOf(IscsiTaskManagement, asked.function) ?? `function ${asked.function}`;
    const how = nameOf(IscsiTaskManagementResponse, response) ?? `response ${response}`;
    const isDone = response === IscsiTaskManagementResponse['function complete'];
    return { asked, isDone, what: `${name}: ${how}` };
  }

  /** A ping with a tag, which is answered. */
  ping(tag: number, moment: SeenMoment): void {
    if (this.#pings.size >= ASKED_MAX) this.#pings.clear();
    this.#pings.set(tag, moment);
  }

  /** When the ping of a tag was sent; `undefined` where that was not seen. */
  pong(tag: number): SeenMoment | undefined {
    const asked = this.#pings.get(tag);
    this.#pings.delete(tag);
    return asked;
  }

  /** PDUs are missing. */
  clear(): void {
    this.#management.clear();
    this.#pings.clear();
  }
}
