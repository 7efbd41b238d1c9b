/**
 * The tasks of a session at a target: commands with their data, both ways, and their answers.
 *
 * Ownership: a session owns them; a task is open until it is answered or ended.
 * Source: RFC 7143, 4.2, 11.3, 11.4, 11.7, 11.8.
 */
import { type IscsiPduOf, IscsiRejectReason, RESERVED_TAG } from '../../codecs/iscsi/index.ts';
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import { BUSY } from '../../scsi/target/reply.ts';
import type { Reply, TargetNexus, TargetTask } from '../../scsi/transport.ts';
import { AwaitedData } from './awaited-data.ts';
import type { IscsiParameters } from './negotiation.ts';
import type { SessionOwner } from './session-owner.ts';
import { attributeOf, IscsiTask, type TaskOwner } from './task.ts';

/** Immediate commands beside those of the window. */
const IMMEDIATE_MAX = 16;
/** Read data that may wait to be sent at one portal: a command beside them finds it BUSY. */
const READ_BYTES_MAX = 64 * 2 ** 20;
const CDB_BYTES = 16;

/** How much less or more was moved than the initiator expects. */
interface Residual {
  readonly overflow: number;
  readonly underflow: number;
  readonly residualCount: number;
}

/** The tasks of one session. */
export class SessionTasks implements TaskOwner {
  readonly parameters: IscsiParameters;
  readonly busy: Reply = BUSY;
  /** Data that tasks that are over had asked for. */
  readonly awaited = new AwaitedData();
  readonly #owner: SessionOwner;
  readonly #nexus: TargetNexus | undefined;
  readonly #receives: () => number;
  readonly #tasks = new Map<number, IscsiTask>();
  #immediate = 0;
  #transferTag = 0;

  /** `receives`: the longest data segment that the initiator takes now. */
  constructor(
    owner: SessionOwner,
    nexus: TargetNexus | undefined,
    parameters: IscsiParameters,
    receives: () => number,
  ) {
    this.#owner = owner;
    this.#nexus = nexus;
    this.parameters = parameters;
    this.#receives = receives;
  }

  /** How many are open. */
  get size(): number {
    return this.#tasks.size;
  }

  /** Those of them whose CmdSN is one of the window. */
  get ofWindow(): number {
    return this.#tasks.size - this.#immediate;
  }

  /** The open task of a tag. */
  get(tag: number): IscsiTask | undefined {
    return this.#tasks.get(tag);
  }

  /** Tasks for whose data R2Ts are open, with their transfer tags. */
  asked(): { readonly task: IscsiTask; readonly tag: number }[] {
    return [...this.#tasks.values()].flatMap((task) => {
      const tag = task.targetTransferTag;
      return tag === undefined || tag === RESERVED_TAG ? [] : [{ task, tag }];
    });
  }

  /** A command whose turn it is. */
  command(pdu: IscsiPduOf<'SCSI Command'>): void {
    const nexus = this.#nexus;
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

  /** Write data, lent. */
  dataOut(pdu: IscsiPduOf<'SCSI Data-Out'>): void {
    const task = this.#tasks.get(pdu.initiatorTaskTag);
    // Of a task that has ended, data may still be on their way.
    if (task !== undefined) task.take(pdu);
    else if (!this.awaited.arrived(pdu.targetTransferTag, pdu.final === 1))
      this.#owner.refused('data of no task');
  }

  /** Ends a task without an answer; false for one that is over. */
  remove(task: IscsiTask): boolean {
    if (this.#tasks.get(task.tag) !== task) return false;
    this.#tasks.delete(task.tag);
    if (task.immediate) this.#immediate--;
    task.close();
    return true;
  }

  /** The session is over: all end without an answer. */
  end(): void {
    for (const task of [...this.#tasks.values()]) this.remove(task);
    this.awaited.clear();
  }

  // What tasks ask for.

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
    this.#nexus?.abortTask(task.tag);
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
    if (scsiTask.state !== 'enabled') return;
    const { mirror } = this.#owner;
    if (mirror === undefined) this.respond(task, scsiTask.run(task.dataOut));
    else mirror.run(scsiTask, task.dataOut, (reply) => this.respond(task, reply));
  }

  respond(task: IscsiTask, reply: Reply): void {
    if (!this.remove(task)) return;
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
  #sendData(task: IscsiTask, data: Uint8Array, residual: Residual | undefined): number {
    const { maxBurstLength } = this.parameters;
    const receives = this.#receives();
    let dataSn = 0;
    let burst = 0;
    for (let at = 0; at < data.length; ) {
      const most = Math.min(receives, maxBurstLength - burst);
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
    this.remove(task);
  }
}

/** What the command moves: that its CDB asks for, also where the initiator has less or expects less. */
function movedBytes(task: IscsiTask, reply: Reply): number {
  if (!task.write) return reply.dataIn?.length ?? 0;
  const wanted = task.wantedBytes;
  const isRun = reply.status === ScsiStatus.GOOD || wanted > task.expectedBytes;
  return isRun ? wanted : (task.dataOut?.length ?? 0);
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
