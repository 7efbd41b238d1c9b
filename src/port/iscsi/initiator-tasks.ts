/**
 * The commands and task management functions of one session at an initiator: the window of CmdSN, tags, what the
 * target says of them.
 *
 * Ownership: a session owns its tasks, which last from login to login: what its commands come to when a connection
 * is lost shows only when the session has come back, or has not.
 * Source: RFC 7143, 4.2.2.1 (window), 11.3 to 11.8; RFC 7144 for functions 9 to 12.
 */
import {
  type IscsiPduInput,
  type IscsiPduOf,
  IscsiResponse,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
  RESERVED_TAG,
} from '../../codecs/iscsi/index.ts';
import { u32 } from '../../codecs/layout/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type {
  CommandOutcome,
  ManagedFunction,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import { type CommandOwner, InitiatorCommand } from './initiator-command.ts';
import type { InitiatorLogin } from './initiator-login.ts';
import { InitiatorManagement } from './initiator-management.ts';
import { advanced, distance } from './serial-number.ts';

/** Commands of a session that have not ended; one more is not sent. */
export const INITIATOR_COMMANDS_MAX = 4096;
const TAG_AT = 16;

/** Functions that end tasks of ours, on one logical unit or on all. */
const ENDS_TASKS: ReadonlyMap<ManagedFunction, 'unit' | 'all'> = new Map([
  ['abort-task-set', 'unit'],
  ['clear-task-set', 'unit'],
  ['logical-unit-reset', 'unit'],
  ['target-reset', 'all'],
  ['i-t-nexus-reset', 'all'],
]);

const R = IscsiTaskManagementResponse;

/** What the tasks of a session ask of it. */
export interface TasksOwner {
  after(delayNs: number, run: () => void): Timer;
  send(pdu: IscsiPduInput): void;
  /** The target cannot be understood, or does not answer: the connection is given up. */
  giveUp(what: string): void;
  /** How long ABORT TASK is waited for. */
  readonly abortNs: number;
}

/** The commands of one session. */
export class InitiatorTasks implements CommandOwner {
  readonly #owner: TasksOwner;
  /** All that have not ended, in the order in which they were given. */
  readonly #commands = new Map<number, InitiatorCommand>();
  #queue: InitiatorCommand[] = [];
  readonly #management: InitiatorManagement;
  #login: InitiatorLogin | undefined;
  #tag = 1;
  #cmdSn = 1;
  #expCmdSn = 1;
  #maxCmdSn = 0;

  constructor(owner: TasksOwner) {
    this.#owner = owner;
    const self = this;
    this.#management = new InitiatorManagement({
      after: (delayNs, run) => owner.after(delayNs, run),
      send: (pdu) => owner.send(pdu),
      nextTag: () => this.nextTag(),
      get cmdSn() {
        return self.cmdSn;
      },
    });
  }

  /** Commands that have not ended. */
  get open(): number {
    return this.#commands.size;
  }

  /** Number of the next command. */
  get cmdSn(): number {
    return this.#cmdSn;
  }

  /** A tag that nothing of the session has. */
  nextTag(): number {
    do {
      this.#tag = this.#tag >= RESERVED_TAG - 1 ? 1 : this.#tag + 1;
    } while (this.#commands.has(this.#tag) || this.#management.has(this.#tag));
    return this.#tag;
  }

  /** The session is logged in, for the first time or again. */
  begin(login: InitiatorLogin): void {
    this.#login = login;
    for (const command of this.#commands.values()) {
      if (command.state !== 'held') continue;
      command.reset();
      this.#queue.push(command);
    }
    this.#pump();
  }

  /** Numbers that a PDU of the target brought; a window that ends before it begins means nothing. */
  update(expCmdSn: number, maxCmdSn: number): void {
    if (distance(expCmdSn, maxCmdSn) < -1) return;
    if (distance(this.#expCmdSn, expCmdSn) > 0) this.#expCmdSn = expCmdSn;
    if (distance(this.#maxCmdSn, maxCmdSn) <= 0) return;
    this.#maxCmdSn = maxCmdSn;
    this.#pump();
  }

  /** The first numbers of a login: nothing of before counts. */
  restart(cmdSn: number): void {
    this.#cmdSn = cmdSn;
    this.#expCmdSn = cmdSn;
    this.#maxCmdSn = advanced(cmdSn, -1);
  }

  /** The connection is gone: what was sent is held, what was not is not sent, unless `all` is held. */
  lost(all: boolean): void {
    this.#login = undefined;
    this.#queue = [];
    this.#management.lost();
    for (const command of [...this.#commands.values()]) {
      command.timer?.cancel();
      if (command.state === 'queued' && !all) this.#finish(command, { end: 'not-sent' });
      // Who wants it ended does not want it sent again.
      else if (command.state === 'aborting' && all)
        this.#finish(command, { end: 'nexus-lost', confirmed: false });
      else command.state = 'held';
    }
  }

  /** What is held ends; `confirmed`: the target works on none of it any more. */
  settle(confirmed: boolean): void {
    for (const command of [...this.#commands.values()])
      if (command.state === 'held') this.#finish(command, { end: 'nexus-lost', confirmed });
  }

  // Commands.

  /** Sends a command, now or when the window has room. */
  execute(request: ScsiCommand): OpenCommand | undefined {
    const { dataOut, dataInBytes = 0 } = request;
    const isBidirectional = dataOut !== undefined && dataOut.length > 0 && dataInBytes > 0;
    if (this.#login === undefined || isBidirectional || this.open >= INITIATOR_COMMANDS_MAX) {
      request.onDone({ end: 'not-sent' });
      return undefined;
    }
    const command = new InitiatorCommand(this, this.nextTag(), request);
    this.#commands.set(command.tag, command);
    this.#queue.push(command);
    this.#pump();
    return command;
  }

  #pump(): void {
    const login = this.#login;
    if (login === undefined) return;
    let sent = 0;
    while (sent < this.#queue.length && distance(this.#cmdSn, this.#maxCmdSn) >= 0) {
      const command = this.#queue[sent++]!;
      if (command.state !== 'queued') continue;
      command.state = 'sent';
      command.cmdSn = this.#cmdSn;
      this.#cmdSn = advanced(this.#cmdSn);
      const { timeoutNs } = command.request;
      command.timer = this.#owner.after(timeoutNs, () => this.abort(command));
      for (const pdu of command.pdus(login)) this.#owner.send(pdu);
    }
    if (sent > 0) this.#queue.splice(0, sent);
  }

  abort(command: InitiatorCommand): void {
    if (command.state === 'queued') this.#finish(command, { end: 'not-sent' });
    if (command.state !== 'sent') return;
    command.state = 'aborting';
    command.timer?.cancel();
    const { abortNs } = this.#owner;
    const asked = {
      function: IscsiTaskManagement['ABORT TASK'],
      lun: command.request.lun,
      referencedTaskTag: command.tag,
      refCmdSn: command.cmdSn,
    };
    const isAsked = this.#management.ask(asked, abortNs, (response) => {
      if (command.state !== 'aborting') return;
      const isGone = response === R['function complete'] || response === R['task does not exist'];
      if (isGone) this.#finish(command, { end: 'aborted' });
      // Only the end of the session ends the command at the target then.
      else if (this.#login !== undefined) this.#owner.giveUp('ABORT TASK is not carried out');
    });
    if (!isAsked) this.#owner.giveUp('too many functions under way');
  }

  forget(command: InitiatorCommand): void {
    if (command.state !== 'ended') this.#finish(command, { end: 'forgotten' });
  }

  #finish(command: InitiatorCommand, outcome: CommandOutcome): void {
    command.timer?.cancel();
    command.state = 'ended';
    this.#commands.delete(command.tag);
    command.request.onDone(outcome);
  }

  // What the target says.

  dataIn(pdu: IscsiPduOf<'SCSI Data-In'>): void {
    const command = this.#sentBy(pdu.initiatorTaskTag);
    if (command === undefined) return;
    const wrong = command.take(pdu);
    if (wrong !== undefined) this.#owner.giveUp(`${wrong} in Data-In`);
    else if (pdu.hasStatus === 1)
      this.#finish(command, command.outcomeOf(pdu.status, residualOf(pdu), undefined));
  }

  r2t(pdu: IscsiPduOf<'R2T'>): void {
    const command = this.#sentBy(pdu.initiatorTaskTag);
    if (command === undefined || this.#login === undefined) return;
    const said = command.answer(this.#login, pdu);
    if (typeof said === 'string') this.#owner.giveUp(said);
    else for (const one of said) this.#owner.send(one);
  }

  response(pdu: IscsiPduOf<'SCSI Response'>): void {
    const command = this.#sentBy(pdu.initiatorTaskTag);
    if (command === undefined) return;
    const isDone = pdu.response === IscsiResponse['command completed at target'];
    const sense = pdu.data?.senseData;
    this.#finish(
      command,
      isDone ? command.outcomeOf(pdu.status, residualOf(pdu), sense) : { end: 'data-lost' },
    );
  }

  /** One that the target has; what it says of others is late, and means nothing. */
  #sentBy(tag: number): InitiatorCommand | undefined {
    const command = this.#commands.get(tag);
    return command?.state === 'sent' || command?.state === 'aborting' ? command : undefined;
  }

  /** The target does not take something: `header` is how it began. */
  rejected(header: Uint8Array): void {
    if (header.length < TAG_AT + 4) return;
    const tag = u32.read(header, TAG_AT, 0);
    const command = this.#sentBy(tag);
    if (command !== undefined) this.#finish(command, { end: 'aborted' });
    this.#management.answered(tag, R['function rejected']);
  }

  // Task management.

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    const login = this.#login;
    if (login === undefined) {
      done('failed');
      return;
    }
    this.#management.manage(request, login.values.iSCSIProtocolLevel, (response) => {
      const ends = response === 'complete' ? ENDS_TASKS.get(request.function) : undefined;
      if (ends !== undefined) this.#endTasks(ends === 'all' ? undefined : request.lun);
      done(response);
    });
  }

  /** The target has ended these without a word. */
  #endTasks(lun: bigint | undefined): void {
    for (const command of [...this.#commands.values()]) {
      const isMeant = lun === undefined || command.request.lun === lun;
      if (isMeant && command.state !== 'queued') this.#finish(command, { end: 'aborted' });
    }
  }

  managed({ initiatorTaskTag, response }: IscsiPduOf<'Task Management Function Response'>): void {
    this.#management.answered(initiatorTaskTag, response);
  }
}

const residualOf = ({
  underflow,
  residualCount,
}: {
  readonly underflow: number;
  readonly residualCount: number;
}): number => (underflow === 1 ? residualCount : 0);
