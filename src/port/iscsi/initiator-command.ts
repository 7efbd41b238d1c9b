/**
 * A command of an iSCSI initiator: what it sends of its data, and what it has of the target's.
 *
 * Source: RFC 7143, 4.2.4 (data), 11.3, 11.4, 11.7 and 11.8.
 */
import {
  type IscsiPduInput,
  type IscsiPduOf,
  IscsiTaskAttribute,
  RESERVED_TAG,
} from '../../codecs/iscsi/index.ts';
import { ScsiStatus, TaskAttribute } from '../../codecs/scsi/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type { CommandOutcome, OpenCommand, ScsiCommand } from '../../scsi/transport.ts';
import type { InitiatorLogin } from './initiator-login.ts';

const CDB_BYTES = 16;
const NO_BYTES = new Uint8Array(0);

/**
 * Where a command stands: it waits for the window (`queued`); the target has it; it is being aborted; its session
 * is lost and may come back; it has ended.
 */
export type CommandState = 'queued' | 'sent' | 'aborting' | 'held' | 'ended';

/** What carries a command out. */
export interface CommandOwner {
  abort(command: InitiatorCommand): void;
  forget(command: InitiatorCommand): void;
}

/** The attribute as iSCSI numbers it. */
function attributeOf(attribute: number = TaskAttribute.SIMPLE): number {
  switch (attribute) {
    case TaskAttribute.ORDERED:
      return IscsiTaskAttribute.ORDERED;
    case TaskAttribute.HEAD_OF_QUEUE:
      return IscsiTaskAttribute.HEAD_OF_QUEUE;
    case TaskAttribute.ACA:
      return IscsiTaskAttribute.ACA;
    case TaskAttribute.UNTAGGED:
      return IscsiTaskAttribute.UNTAGGED;
    default:
      return IscsiTaskAttribute.SIMPLE;
  }
}

/** One command, from `execute` to its end. */
export class InitiatorCommand implements OpenCommand {
  readonly tag: number;
  readonly request: ScsiCommand;
  state: CommandState = 'queued';
  cmdSn = 0;
  timer: Timer | undefined;
  readonly #owner: CommandOwner;
  #dataIn: Uint8Array | undefined;
  #received = 0;
  /** Data-In and R2T that came. */
  #dataSn = 0;
  #r2tSn = 0;

  constructor(owner: CommandOwner, tag: number, request: ScsiCommand) {
    this.#owner = owner;
    this.tag = tag;
    this.request = request;
  }

  abort(): void {
    this.#owner.abort(this);
  }

  forget(): void {
    this.#owner.forget(this);
  }

  /** Nothing of it counts: it is to be sent anew. */
  reset(): void {
    this.state = 'queued';
    this.#received = 0;
    this.#dataSn = 0;
    this.#r2tSn = 0;
  }

  /** The command, and the data that go with it unasked. */
  *pdus(login: InitiatorLogin): Iterable<IscsiPduInput> {
    const { cdb, lun, dataOut = NO_BYTES, dataInBytes = 0, attribute, priority } = this.request;
    const { ImmediateData, InitialR2T, FirstBurstLength } = login.values;
    const unasked = Math.min(dataOut.length, FirstBurstLength);
    const immediate = ImmediateData ? Math.min(unasked, login.targetReceives) : 0;
    const follows = !InitialR2T && unasked > immediate;
    yield {
      kind: 'SCSI Command',
      final: follows ? 0 : 1,
      read: dataInBytes > 0 ? 1 : 0,
      write: dataOut.length > 0 ? 1 : 0,
      taskAttribute: attributeOf(attribute),
      ...(priority === undefined ? {} : { priority }),
      lun,
      initiatorTaskTag: this.tag,
      expectedDataTransferLengthBytes: Math.max(dataOut.length, dataInBytes),
      cmdSn: this.cmdSn,
      cdb: cdb.subarray(0, CDB_BYTES),
      ...(cdb.length > CDB_BYTES
        ? { ahs: [{ kind: 'extended CDB' as const, cdb: cdb.subarray(CDB_BYTES) }] }
        : {}),
      data: dataOut.subarray(0, immediate),
    };
    if (follows) yield* this.#dataOut(login, RESERVED_TAG, immediate, unasked);
  }

  /** The data that the target asks for; what is wrong with its asking, in words. */
  answer(login: InitiatorLogin, pdu: IscsiPduOf<'R2T'>): readonly IscsiPduInput[] | string {
    const { bufferOffset, desiredDataTransferLengthBytes: length, targetTransferTag, r2tSn } = pdu;
    const { dataOut = NO_BYTES } = this.request;
    const end = bufferOffset + length;
    if (r2tSn !== this.#r2tSn++) return 'an R2T out of turn';
    if (length === 0 || length > login.values.MaxBurstLength || end > dataOut.length)
      return `an R2T for bytes ${bufferOffset} to ${end} of ${dataOut.length}`;
    if (targetTransferTag === RESERVED_TAG) return 'an R2T without a tag';
    return [...this.#dataOut(login, targetTransferTag, bufferOffset, end)];
  }

  *#dataOut(
    { targetReceives }: InitiatorLogin,
    targetTransferTag: number,
    from: number,
    to: number,
  ): Iterable<IscsiPduInput> {
    const { dataOut = NO_BYTES, lun } = this.request;
    let dataSn = 0;
    for (let at = from; at < to; ) {
      const end = Math.min(to, at + targetReceives);
      yield {
        kind: 'SCSI Data-Out',
        final: end === to ? 1 : 0,
        lun: targetTransferTag === RESERVED_TAG ? 0n : lun,
        initiatorTaskTag: this.tag,
        targetTransferTag,
        dataSn: dataSn++,
        bufferOffset: at,
        data: dataOut.subarray(at, end),
      };
      at = end;
    }
  }

  /** Takes data, lent; what is wrong with them, in words. */
  take({ data, bufferOffset, dataSn }: IscsiPduOf<'SCSI Data-In'>): string | undefined {
    const { dataInBytes = 0 } = this.request;
    if (dataSn !== this.#dataSn++ || bufferOffset !== this.#received) return 'data out of turn';
    const end = bufferOffset + data.length;
    if (end > dataInBytes) return `bytes ${bufferOffset} to ${end} of ${dataInBytes}`;
    this.#dataIn ??= new Uint8Array(dataInBytes);
    this.#dataIn.set(data, bufferOffset);
    this.#received = end;
    return undefined;
  }

  /** How it ends by a status; sense data are lent. */
  outcomeOf(
    status: number,
    residual: number,
    sense: Uint8Array | undefined,
  ): Extract<CommandOutcome, { end: 'answered' | 'data-lost' }> {
    const { dataInBytes = 0 } = this.request;
    if (status === ScsiStatus.GOOD && this.#received < dataInBytes - residual)
      return { end: 'data-lost' };
    return {
      end: 'answered',
      status,
      sense: sense?.slice() ?? NO_BYTES,
      data: this.#dataIn?.subarray(0, this.#received) ?? NO_BYTES,
      residual,
    };
  }
}
