/**
 * Commands of a session at a target: their data on its way, both ways.
 *
 * Write data comes with the command, unasked behind it, or asked for by R2T, one burst after the other and
 * in order. Source: RFC 7143, 4.2.4 (data), 11.3, 11.7, 11.8.
 */
import { type IscsiPduOf, IscsiTaskAttribute, RESERVED_TAG } from '../../codecs/iscsi/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import { SenseKey, TaskAttribute } from '../../codecs/scsi/index.ts';
import type { Timer } from '../../machine/timers.ts';
import { dataOutLength } from '../../scsi/target/device-server.ts';
import { checkCondition } from '../../scsi/target/reply.ts';
import type { ClearCause, Reply, TargetTask, TaskSink } from '../../scsi/transport.ts';
import type { IscsiParameters } from './negotiation.ts';

/** UNEXPECTED UNSOLICITED DATA and NOT ENOUGH UNSOLICITED DATA. Source: RFC 7143, 11.4.7.2. */
const UNEXPECTED_UNSOLICITED_DATA = 0x0c0c;
const INCORRECT_AMOUNT_OF_DATA = 0x0c0d;

/** What a task asks of its session. */
export interface TaskOwner {
  readonly parameters: IscsiParameters;
  /** Room for write data; false, and none is taken, where there is not so much left. */
  takeRoom(bytes: number): boolean;
  giveRoom(bytes: number): void;
  /** Asks for a part of the data; gives the tag under which they are to come. */
  sendR2T(task: IscsiTask, offset: number, length: number): number;
  /** Ends the task at its device, without an answer from there. */
  abort(task: IscsiTask): void;
  /** The task has all its data. */
  ready(task: IscsiTask, scsiTask: TargetTask): void;
  /** Nothing more is to come of it but its answer. */
  respond(task: IscsiTask, reply: Reply): void;
  /** It ended without an answer. */
  ended(task: IscsiTask): void;
  /** No room for its data. */
  readonly busy: Reply;
}

/** The attribute as SCSI has it; a reserved one as a number that it refuses. */
export function attributeOf(attribute: number): number {
  switch (attribute) {
    case IscsiTaskAttribute.UNTAGGED:
    case IscsiTaskAttribute.SIMPLE:
      return TaskAttribute.SIMPLE;
    case IscsiTaskAttribute.ORDERED:
      return TaskAttribute.ORDERED;
    case IscsiTaskAttribute.HEAD_OF_QUEUE:
      return TaskAttribute.HEAD_OF_QUEUE;
    case IscsiTaskAttribute.ACA:
      return TaskAttribute.ACA;
    default:
      return 7;
  }
}

const aborted = (code: number): Reply => checkCondition(SenseKey.ABORTED_COMMAND, code);

/** Write data that a CDB asks for; 0 for one that cannot be read, which is refused anyhow. */
function wantedBy(cdb: Uint8Array): number {
  try {
    return dataOutLength(cdb);
  } catch (error) {
    if (error instanceof CodecError) return 0;
    throw error;
  }
}

/** Data that is on its way in one sequence: what the initiator sends unasked, or for an R2T. */
interface Sequence {
  readonly targetTransferTag: number;
  /** Where it ends; the sequence may say that it does earlier when it is unasked. */
  readonly end: number;
  dataSn: number;
}

/** A command of an initiator, and where its task reports to. */
export class IscsiTask implements TaskSink {
  readonly tag: number;
  readonly lun: bigint;
  readonly immediate: boolean;
  readonly read: boolean;
  readonly write: boolean;
  /** Bytes that the initiator expects to move. */
  readonly expectedBytes: number;
  /** Write data that its CDB asks for. */
  readonly wantedBytes: number;
  /** Counts R2Ts; data PDUs to the initiator. */
  r2tSn = 0;
  timer: Timer | undefined;
  /** Bytes of write data that the command takes, once it may run. */
  dataOut: Uint8Array | undefined;
  readonly #owner: TaskOwner;
  #scsiTask: TargetTask | undefined;
  /** Data that came before the task could say how much it takes. */
  #early: Uint8Array | undefined;
  #received = 0;
  #sequence: Sequence | undefined;
  /** The answer, where it waits for unasked data that are still to come. */
  #reply: Reply | undefined;
  #roomBytes = 0;
  #isOver = false;

  constructor(owner: TaskOwner, pdu: IscsiPduOf<'SCSI Command'>) {
    this.#owner = owner;
    this.tag = pdu.initiatorTaskTag;
    this.lun = pdu.lun;
    this.immediate = pdu.immediate === 1;
    this.read = pdu.read === 1;
    this.write = pdu.write === 1;
    this.expectedBytes = pdu.expectedDataTransferLengthBytes;
    this.wantedBytes = this.write ? wantedBy(pdu.cdb) : 0;
  }

  /** Why the data that came with the command are not as agreed; takes them otherwise. */
  begin(pdu: IscsiPduOf<'SCSI Command'>): Reply | undefined {
    const { initialR2T, immediateData, firstBurstLength } = this.#owner.parameters;
    const { data, final } = pdu;
    const most = Math.min(firstBurstLength, this.expectedBytes);
    if (data.length > 0 && (!this.write || !immediateData || data.length > most))
      return aborted(UNEXPECTED_UNSOLICITED_DATA);
    if (final === 0 && (!this.write || initialR2T)) return aborted(UNEXPECTED_UNSOLICITED_DATA);
    if (final === 0) this.#sequence = { targetTransferTag: RESERVED_TAG, end: most, dataSn: 0 };
    if (final === 0 || data.length > 0) {
      const bytes = final === 0 ? most : data.length;
      if (!this.#owner.takeRoom(bytes)) return this.#owner.busy;
      this.#roomBytes = bytes;
      if (bytes === data.length) this.#early = data.slice();
      else {
        this.#early = new Uint8Array(bytes);
        this.#early.set(data);
      }
      this.#received = data.length;
    }
    return undefined;
  }

  /** Waits for unasked data to end before it is answered. */
  answerLater(reply: Reply): void {
    this.#reply = reply;
    if (this.#sequence === undefined) this.#answer();
  }

  /** The tag under which asked data are expected. */
  get targetTransferTag(): number | undefined {
    return this.#sequence?.targetTransferTag;
  }

  /** Data of the sequence that is on its way, lent. */
  take(pdu: IscsiPduOf<'SCSI Data-Out'>): void {
    const sequence = this.#sequence;
    if (sequence === undefined || sequence.targetTransferTag !== pdu.targetTransferTag) return;
    const { data, bufferOffset, final } = pdu;
    const isInOrder = pdu.dataSn === sequence.dataSn++ && bufferOffset === this.#received;
    const end = this.#received + data.length;
    if (this.#reply === undefined && (!isInOrder || end > sequence.end)) {
      this.#fail(aborted(INCORRECT_AMOUNT_OF_DATA));
    } else if (this.#reply === undefined) {
      (this.dataOut ?? this.#early)?.set(data.subarray(0, this.#left()), this.#received);
      this.#received = end;
    }
    const isShort = final === 1 && end < sequence.end;
    if (final === 0 && this.#received < sequence.end) return;
    this.#sequence = undefined;
    const isAsked = sequence.targetTransferTag !== RESERVED_TAG;
    if (this.#reply === undefined && isAsked && isShort)
      this.#fail(aborted(INCORRECT_AMOUNT_OF_DATA));
    if (this.#reply !== undefined) this.#answer();
    else this.#goOn();
  }

  /** Bytes that there is still room for. */
  #left(): number {
    const room = this.dataOut ?? this.#early;
    return Math.max(0, (room?.length ?? 0) - this.#received);
  }

  /** Nothing of the data reaches the medium. */
  #fail(reply: Reply): void {
    this.#reply = reply;
    this.#owner.abort(this);
  }

  #answer(): void {
    const reply = this.#reply!;
    if (!this.#isOver) this.#owner.respond(this, reply);
  }

  /** Asks for the next data, or runs. */
  #goOn(): void {
    const task = this.#scsiTask;
    const { dataOut } = this;
    if (task === undefined || this.#sequence !== undefined) return;
    if (dataOut === undefined || this.#received >= dataOut.length) {
      this.#owner.ready(this, task);
      return;
    }
    const { maxBurstLength } = this.#owner.parameters;
    const end = Math.min(dataOut.length, this.#received + maxBurstLength);
    const from = this.#received;
    const targetTransferTag = this.#owner.sendR2T(this, from, end - from);
    this.#sequence = { targetTransferTag, end, dataSn: 0 };
  }

  /** It is over: what room it had is free. */
  close(): void {
    this.#isOver = true;
    this.timer?.cancel();
    this.timer = undefined;
    this.#owner.giveRoom(this.#roomBytes);
    this.#roomBytes = 0;
    this.#early = undefined;
    this.#scsiTask = undefined;
  }

  // What the target device says.

  enabled(task: TargetTask, dataOutBytes: number): void {
    if (this.#isOver) return;
    this.#scsiTask = task;
    if (dataOutBytes > 0) {
      const more = Math.max(0, dataOutBytes - this.#roomBytes);
      if (!this.#owner.takeRoom(more)) {
        this.#fail(this.#owner.busy);
        if (this.#sequence === undefined) this.#answer();
        return;
      }
      this.#roomBytes += more;
      // What came at once is often all of it: large writes are not copied once more.
      if (this.#early?.length === dataOutBytes) this.dataOut = this.#early;
      else {
        this.dataOut = new Uint8Array(dataOutBytes);
        if (this.#early !== undefined)
          this.dataOut.set(this.#early.subarray(0, Math.min(dataOutBytes, this.#received)));
      }
    }
    this.#goOn();
  }

  answered(_task: TargetTask, reply: Reply): void {
    if (!this.#isOver) this.answerLater(reply);
  }

  cleared(_task: TargetTask, _cause: ClearCause): void {
    // One that failed is ended by ourselves, and answered.
    if (this.#reply === undefined && !this.#isOver) this.#owner.ended(this);
  }
}
