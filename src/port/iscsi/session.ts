/**
 * A session at a target in its full feature phase: the window of commands, tasks, task management,
 * text, logout. It has one connection.
 *
 * Ownership: a target port owns its sessions; a session owns its tasks and the nexus of its initiator port.
 * Commands run in the order of CmdSN; one that is outside the window is ignored (4.2.2.1).
 * Source: RFC 7143, clauses 4.2, 7, 11; RFC 7144.
 */
import {
  AsyncEvent,
  encodeTextKeys,
  type IscsiPdu,
  type IscsiPduInput,
  type IscsiPduOf,
  IscsiRejectReason,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
  iscsiText,
  keyOf,
  LogoutReason,
  LogoutResponse,
  RESERVED_TAG,
  type TextKey,
} from '../../codecs/iscsi/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { BUSY } from '../../scsi/target/reply.ts';
import type {
  Reply,
  TargetNexus,
  TargetTask,
  TaskManagementFunction,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import { AwaitedData } from './awaited-data.ts';
import type { LoggedIn } from './login.ts';
import type { IscsiParameters } from './negotiation.ts';
import { distance } from './serial-number.ts';
import { attributeOf, IscsiTask, type TaskOwner } from './task.ts';

/** Commands that an initiator may have at the target at once. */
export const COMMANDS_MAX = 128;
/** Immediate commands beside them. */
const IMMEDIATE_MAX = 16;
/** Bytes of keys that a text request may have. */
const TEXT_BYTES_MAX = 64 * 1024;
/** Read data that may wait to be sent at one portal: a command beside them finds it BUSY. */
const READ_BYTES_MAX = 64 * 2 ** 20;
const CDB_BYTES = 16;

/** What a session needs of its connection and its target port. */
export interface SessionOwner {
  readonly now: Instant;
  /** The device stands still until then. */
  readonly standsUntil: Instant;
  serviceNs(write: boolean, bytes: number): number;
  after(delayNs: number, run: () => void): Timer;
  /** Sends a PDU, with the numbers that it lacks; `status`: it takes a StatSN. */
  send(pdu: IscsiPduInput, status: boolean): void;
  /** Says why a PDU is not taken. */
  reject(reason: number, pdu: IscsiPdu): void;
  takeRoom(bytes: number): boolean;
  giveRoom(bytes: number): void;
  /** Bytes that wait to be sent, of all connections. */
  readonly waitingBytes: number;
  /** Answers SendTargets. */
  targets(which: string): readonly TextKey[];
  /** The session is over, its connection too, once what was sent is out. */
  close(): void;
  /** Every session of the target is over: TARGET COLD RESET. */
  closeAll(): void;
  /** What came fits nothing: for the log. */
  refused(what: string): void;
}

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

/** PDUs that have a CmdSN. */
type Numbered = Extract<IscsiPdu, { cmdSn: number }>;

/** A session and its commands. */
export class IscsiSession implements TaskOwner {
  readonly login: LoggedIn;
  readonly tsih: number;
  /** `undefined` for discovery. */
  readonly nexus: TargetNexus | undefined;
  readonly busy: Reply = BUSY;
  readonly #owner: SessionOwner;
  readonly #tasks = new Map<number, IscsiTask>();
  #immediate = 0;
  #expCmdSn: number;
  #maxCmdSn: number;
  /** Requests that came too early, by their CmdSN. */
  readonly #early = new Map<number, Numbered>();
  /** CmdSNs that count as received: what was to have them is aborted. */
  readonly #skipped = new Set<number>();
  readonly #awaited = new AwaitedData();
  #transferTag = 0;
  /** Text that goes on: from the initiator, and to it. */
  #textIn = new Uint8Array(0);
  #textOut: Uint8Array | undefined;
  #initiatorReceives: number;
  #isOver = false;

  constructor(owner: SessionOwner, login: LoggedIn, tsih: number, nexus: TargetNexus | undefined) {
    this.#owner = owner;
    this.login = login;
    this.tsih = tsih;
    this.nexus = nexus;
    this.#expCmdSn = login.cmdSn;
    this.#maxCmdSn = (login.cmdSn + COMMANDS_MAX - 1) >>> 0;
    this.#initiatorReceives = login.parameters.initiatorMaxRecvDataSegmentLength;
  }

  get parameters(): IscsiParameters {
    return this.login.parameters;
  }

  /** How many tasks are open. */
  get openTasks(): number {
    return this.#tasks.size;
  }

  get expCmdSn(): number {
    return this.#expCmdSn;
  }

  /** The window's end; it never goes back, and opens as tasks end. */
  get maxCmdSn(): number {
    const free = COMMANDS_MAX - (this.#tasks.size - this.#immediate) - this.#early.size;
    const most = (this.#expCmdSn + Math.max(0, free) - 1) >>> 0;
    if (distance(this.#maxCmdSn, most) > 0) this.#maxCmdSn = most;
    return this.#maxCmdSn;
  }

  /** Takes a PDU of the full feature phase; its bytes are lent. */
  take(pdu: IscsiPdu): void {
    if (pdu.kind === 'SCSI Data-Out') this.#dataOut(pdu);
    else if (pdu.kind === 'SNACK Request')
      this.#owner.reject(IscsiRejectReason['SNACK reject'], pdu);
    else if (isNumbered(pdu)) this.#inOrder(pdu);
    else this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
  }

  #inOrder(pdu: Numbered): void {
    if (pdu.immediate === 1) {
      this.#request(pdu);
      return;
    }
    const ahead = distance(this.#expCmdSn, pdu.cmdSn);
    if (ahead < 0 || distance(pdu.cmdSn, this.maxCmdSn) < 0) {
      this.#owner.refused(`CmdSN ${pdu.cmdSn} is outside the window from ${this.#expCmdSn}`);
      return;
    }
    if (ahead > 0) {
      if (!this.#early.has(pdu.cmdSn)) this.#early.set(pdu.cmdSn, kept(pdu));
      return;
    }
    this.#advance();
    this.#request(pdu);
    this.#goOn();
  }

  #advance(): void {
    this.#expCmdSn = (this.#expCmdSn + 1) >>> 0;
  }

  /** Requests that waited for their turn. */
  #goOn(): void {
    while (!this.#isOver) {
      const number = this.#expCmdSn;
      const next = this.#early.get(number);
      if (next === undefined && !this.#skipped.delete(number)) return;
      this.#early.delete(number);
      this.#advance();
      if (next !== undefined) this.#request(next);
    }
  }

  #request(pdu: Numbered): void {
    if (this.#isOver) return;
    switch (pdu.kind) {
      case 'SCSI Command':
        this.#command(pdu);
        break;
      case 'Task Management Function Request':
        this.#manage(pdu);
        break;
      case 'NOP-Out':
        this.#nopOut(pdu);
        break;
      case 'Text Request':
        this.#text(pdu);
        break;
      case 'Logout Request':
        this.#logout(pdu);
        break;
      default:
        this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
    }
  }

  // Commands.

  #command(pdu: IscsiPduOf<'SCSI Command'>): void {
    const { nexus } = this;
    if (nexus === undefined) {
      this.#owner.reject(IscsiRejectReason['command not supported'], pdu);
      return;
    }
    const tag = pdu.initiatorTaskTag;
    if (this.#tasks.has(tag) || tag === RESERVED_TAG) {
      this.#owner.reject(IscsiRejectReason['task in progress'], pdu);
      return;
    }
    if (pdu.immediate === 1 && this.#immediate >= IMMEDIATE_MAX) {
      this.#owner.reject(IscsiRejectReason['too many immediate commands'], pdu);
      return;
    }
    const task = new IscsiTask(this, pdu);
    this.#tasks.set(tag, task);
    if (task.immediate) this.#immediate++;
    const wrong = task.begin(pdu);
    if (wrong !== undefined) {
      task.answerLater(wrong);
      return;
    }
    if (task.read && this.#owner.waitingBytes > READ_BYTES_MAX) {
      task.answerLater(this.busy);
      return;
    }
    nexus.submit(
      {
        lun: pdu.lun,
        tag,
        attribute: attributeOf(pdu.taskAttribute),
        cdb: cdbOf(pdu),
        dataOutBytes: task.write ? task.expectedBytes : 0,
        writesShort: true,
      },
      task,
    );
  }

  #dataOut(pdu: IscsiPduOf<'SCSI Data-Out'>): void {
    const task = this.#tasks.get(pdu.initiatorTaskTag);
    // Of a task that has ended, data may still be on their way.
    if (task !== undefined) task.take(pdu);
    else if (!this.#awaited.arrived(pdu.targetTransferTag, pdu.final === 1))
      this.#owner.refused('data of no task');
  }

  takeRoom(bytes: number): boolean {
    return this.#owner.takeRoom(bytes);
  }

  giveRoom(bytes: number): void {
    this.#owner.giveRoom(bytes);
  }

  sendR2T(task: IscsiTask, bufferOffset: number, length: number): number {
    const targetTransferTag = this.#transferTag;
    this.#transferTag = targetTransferTag === RESERVED_TAG - 1 ? 0 : targetTransferTag + 1;
    this.#owner.send(
      {
        kind: 'R2T',
        lun: task.lun,
        initiatorTaskTag: task.tag,
        targetTransferTag,
        r2tSn: task.r2tSn++,
        bufferOffset,
        desiredDataTransferLengthBytes: length,
      },
      false,
    );
    return targetTransferTag;
  }

  abort(task: IscsiTask): void {
    this.nexus?.abortTask(task.tag);
  }

  ready(task: IscsiTask, scsiTask: TargetTask): void {
    const serviceNs = this.#owner.serviceNs(task.write, task.expectedBytes);
    if (serviceNs > 0) task.timer = this.#owner.after(serviceNs, () => this.#run(task, scsiTask));
    else this.#run(task, scsiTask);
  }

  #run(task: IscsiTask, scsiTask: TargetTask): void {
    const waitNs = this.#owner.standsUntil - this.#owner.now;
    if (waitNs > 0) {
      task.timer = this.#owner.after(waitNs, () => this.#run(task, scsiTask));
      return;
    }
    if (scsiTask.state === 'enabled') this.respond(task, scsiTask.run(task.dataOut));
  }

  respond(task: IscsiTask, reply: Reply): void {
    if (!this.#remove(task)) return;
    const { expectedBytes } = task;
    const dataIn = task.read ? reply.dataIn?.subarray(0, expectedBytes) : undefined;
    const moved = movedBytes(task, reply);
    const residual = {
      overflow: moved > expectedBytes ? 1 : 0,
      underflow: moved < expectedBytes ? 1 : 0,
      residualCount: Math.abs(expectedBytes - moved),
    };
    const hasData = dataIn !== undefined && dataIn.length > 0;
    const collapses = hasData && reply.status === ScsiStatus.GOOD && reply.sense === undefined;
    const sent = hasData ? this.#sendData(task, dataIn, collapses ? residual : undefined) : 0;
    if (collapses) return;
    this.#owner.send(
      {
        kind: 'SCSI Response',
        initiatorTaskTag: task.tag,
        status: reply.status,
        expDataSn: sent,
        ...residual,
        ...(reply.sense === undefined ? {} : { data: { senseData: reply.sense } }),
      },
      true,
    );
  }

  /** Sends data in bursts; the last PDU has the status where `residual` is given. How many PDUs there were. */
  #sendData(
    task: IscsiTask,
    data: Uint8Array,
    residual: { overflow: number; underflow: number; residualCount: number } | undefined,
  ): number {
    const { maxBurstLength } = this.parameters;
    let dataSn = 0;
    let burst = 0;
    for (let at = 0; at < data.length; ) {
      const most = Math.min(this.#initiatorReceives, maxBurstLength - burst);
      const end = Math.min(data.length, at + most);
      burst += end - at;
      const isLast = end === data.length;
      const endsBurst = isLast || burst === maxBurstLength;
      if (endsBurst) burst = 0;
      const status = isLast && residual !== undefined ? { hasStatus: 1, ...residual } : {};
      this.#owner.send(
        {
          kind: 'SCSI Data-In',
          initiatorTaskTag: task.tag,
          final: endsBurst ? 1 : 0,
          dataSn: dataSn++,
          bufferOffset: at,
          data: data.subarray(at, end),
          ...status,
        },
        isLast && residual !== undefined,
      );
      at = end;
    }
    return dataSn;
  }

  ended(task: IscsiTask): void {
    this.#remove(task);
  }

  #remove(task: IscsiTask): boolean {
    if (this.#tasks.get(task.tag) !== task) return false;
    this.#tasks.delete(task.tag);
    if (task.immediate) this.#immediate--;
    task.close();
    return true;
  }

  // Task management.

  #manage(pdu: IscsiPduOf<'Task Management Function Request'>): void {
    const { nexus } = this;
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
    const asked = MULTI_TASK.has(pdu.function) ? this.#askedData() : [];
    const response = RESPONSES[nexus.manage(taskFunction, pdu.lun, pdu.referencedTaskTag)];
    const missing = asked.filter(({ task }) => this.#tasks.get(task.tag) !== task);
    this.#awaited.answerAfter(
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

  /** Tasks for whose data R2Ts are open, with their transfer tags. */
  #askedData(): { readonly task: IscsiTask; readonly tag: number }[] {
    return [...this.#tasks.values()].flatMap((task) => {
      const tag = task.targetTransferTag;
      return tag === undefined || tag === RESERVED_TAG ? [] : [{ task, tag }];
    });
  }

  /** A task that is not there may still be on its way: its CmdSN counts as received then (11.6.1). */
  #abortTask(
    nexus: TargetNexus,
    { referencedTaskTag, refCmdSn, cmdSn }: IscsiPduOf<'Task Management Function Request'>,
  ): number {
    if (nexus.abortTask(referencedTaskTag)) return R['function complete'];
    const task = this.#tasks.get(referencedTaskTag);
    if (task !== undefined) {
      this.#remove(task);
      return R['function complete'];
    }
    const isComing = distance(this.#expCmdSn, refCmdSn) >= 0 && distance(refCmdSn, cmdSn) > 0;
    if (!isComing || distance(refCmdSn, this.maxCmdSn) < 0) return R['task does not exist'];
    this.#early.delete(refCmdSn);
    this.#skipped.add(refCmdSn);
    this.#goOn();
    return R['function complete'];
  }

  // NOP, text, logout.

  #nopOut({ initiatorTaskTag, lun, data }: IscsiPduOf<'NOP-Out'>): void {
    // The answer to a ping of ours.
    if (initiatorTaskTag === RESERVED_TAG) return;
    const echoed = data.slice(0, this.#initiatorReceives);
    this.#owner.send({ kind: 'NOP-In', lun, initiatorTaskTag, data: echoed }, true);
  }

  #text(pdu: IscsiPduOf<'Text Request'>): void {
    if (pdu.targetTransferTag !== RESERVED_TAG && this.#textOut !== undefined) {
      this.#sendText(pdu.initiatorTaskTag);
      return;
    }
    const text = new Uint8Array(this.#textIn.length + pdu.data.length);
    text.set(this.#textIn);
    text.set(pdu.data, this.#textIn.length);
    if (text.length > TEXT_BYTES_MAX) {
      this.#textIn = new Uint8Array(0);
      this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
      return;
    }
    this.#textIn = pdu.continue === 1 ? text : new Uint8Array(0);
    if (pdu.continue === 1) {
      this.#textOut = new Uint8Array(0);
      this.#sendText(pdu.initiatorTaskTag, true);
      return;
    }
    try {
      const keys = iscsiText.decode(text).pairs.map(({ pair }) => keyOf(pair));
      this.#textOut = encodeTextKeys(keys.flatMap((one) => this.#answer(one)));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
      return;
    }
    this.#sendText(pdu.initiatorTaskTag);
  }

  #answer({ key, value }: TextKey): readonly TextKey[] {
    if (key === 'SendTargets') return this.#owner.targets(value);
    if (key === 'MaxRecvDataSegmentLength' && /^\d{3,8}$/.test(value)) {
      this.#initiatorReceives = Math.min(Math.max(512, Number(value)), 2 ** 24 - 1);
      return [];
    }
    return [{ key, value: 'NotUnderstood' }];
  }

  /** As much of the answer as the initiator takes at once; it asks for more. */
  #sendText(initiatorTaskTag: number, asksOn = false): void {
    const text = this.#textOut!;
    const data = text.subarray(0, this.#initiatorReceives);
    const left = text.subarray(data.length);
    const goesOn = asksOn || left.length > 0;
    this.#textOut = left.length > 0 ? left : undefined;
    this.#owner.send(
      {
        kind: 'Text Response',
        initiatorTaskTag,
        final: goesOn ? 0 : 1,
        continue: left.length > 0 ? 1 : 0,
        ...(goesOn ? { targetTransferTag: 1 } : {}),
        data,
      },
      true,
    );
  }

  #logout({ reason, cid, initiatorTaskTag }: IscsiPduOf<'Logout Request'>): void {
    let response: number = LogoutResponse['closed successfully'];
    if (reason === LogoutReason['remove the connection for recovery'])
      response = LogoutResponse['connection recovery not supported'];
    else if (reason === LogoutReason['close the connection'] && cid !== this.login.cid)
      response = LogoutResponse['CID not found'];
    const isOver = response === LogoutResponse['closed successfully'];
    // No task may end with an answer behind this one.
    if (isOver) this.end();
    this.#owner.send({ kind: 'Logout Response', initiatorTaskTag, response }, true);
    if (isOver) this.#owner.close();
  }

  /** Asks the initiator to log out, as before an outage. */
  askLogout(seconds: number): void {
    this.#owner.send(
      {
        kind: 'Asynchronous Message',
        asyncEvent: AsyncEvent['target requests logout'],
        parameter3: seconds,
      },
      true,
    );
  }

  /** The session is over: tasks end without an answer, its initiator's nexus is lost (Appendix E). */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.nexus?.lost();
    for (const task of [...this.#tasks.values()]) this.#remove(task);
    this.#awaited.clear();
    this.#early.clear();
    this.#skipped.clear();
  }
}

/** What the command moves: that its CDB asks for, also where the initiator has less or expects less. */
function movedBytes(task: IscsiTask, reply: Reply): number {
  if (!task.write) return reply.dataIn?.length ?? 0;
  const wanted = task.wantedBytes;
  const isRun = reply.status === ScsiStatus.GOOD || wanted > task.expectedBytes;
  return isRun ? wanted : (task.dataOut?.length ?? 0);
}

const isNumbered = (pdu: IscsiPdu): pdu is Numbered =>
  pdu.kind !== 'unknown' && 'cmdSn' in pdu && 'immediate' in pdu;

/** The same request over bytes of its own. */
function kept(pdu: Numbered): Numbered {
  const data = pdu.data.slice();
  return pdu.kind === 'SCSI Command'
    ? { ...pdu, data, cdb: pdu.cdb.slice(), ahs: pdu.ahs.map((one) => structuredCopy(one)) }
    : ({ ...pdu, data } as Numbered);
}

type Ahs = IscsiPduOf<'SCSI Command'>['ahs'][number];

function structuredCopy(ahs: Ahs): Ahs {
  return ahs.kind === 'extended CDB' ? { ...ahs, cdb: ahs.cdb.slice() } : { ...ahs };
}

/** The whole CDB of a command, in bytes of its own. */
function cdbOf({ cdb, ahs }: IscsiPduOf<'SCSI Command'>): Uint8Array {
  const more = ahs.find((one) => one.kind === 'extended CDB');
  if (more === undefined) return cdb.slice();
  const whole = new Uint8Array(CDB_BYTES + more.cdb.length);
  whole.set(cdb);
  whole.set(more.cdb, CDB_BYTES);
  return whole;
}
