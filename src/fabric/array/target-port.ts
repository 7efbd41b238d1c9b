/**
 * A target port: FCP exchanges on one side, the array's tasks on the other.
 *
 * Ownership: a storage array owns its target ports; a target port owns the exchanges that
 * initiators have open at it. An exchange is known by (S_ID, OX_ID) and, once answered, by the
 * RX_ID given here, so that data frames of an earlier exchange never reach a later one.
 * Source: FCP-4, clauses 9 and 12; clearing effects as the array has them.
 */
import { BaRjtExplanation, BaRjtReason, baAcc, baRjt } from '../../codecs/bls/index.ts';
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_DATA_FROM_RESPONDER,
  FCTL_END_SEQUENCE,
  FCTL_LAST_DATA_FROM_RESPONDER,
  FCTL_LAST_REPLY,
  FCTL_MIDDLE_FROM_RESPONDER,
  type FcHeader,
  FcType,
  RCtl,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { cdbOf, fcpCmnd, fcpRsp, fcpXferRdy, RspFlags } from '../../codecs/fcp/index.ts';
import { formatFcId } from '../../codecs/layout/index.ts';
import { SenseKey } from '../../codecs/scsi/index.ts';
import type { Timer } from '../core.ts';
import type { Lport, Rport } from '../port/index.ts';
import type { ArrayCore } from './array.ts';
import type { Nexus } from './nexus.ts';
import { checkCondition, type Reply } from './reply.ts';
import type { Task, TaskSink } from './task-set.ts';

/** Write data that one XFER_RDY asks for. */
const BURST_BYTES_MAX = 65_536;
/** Exchanges that initiators may have open at one port. */
const EXCHANGES_MAX = 65_000;
/** DATA PHASE ERROR. Source: SPC-5, ASC and ASCQ assignments. */
const DATA_PHASE_ERROR = 0x4b00;

/** Which responses ask the initiator for FCP_CONF: none, those with sense data, all. */
export const CONFIRMATIONS = ['never', 'sense', 'always'] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** What a target port needs of its array's machine. */
export interface TargetPortOwner {
  readonly core: ArrayCore;
  /** How long the next command of these bytes takes between its data and its answer. */
  serviceNs(write: boolean, bytes: number): number;
  /** A command came from a port that is not logged in, or a peer contradicted our state. */
  refused(port: number, what: string): void;
}

interface TargetExchange {
  readonly rport: Rport;
  readonly nexus: Nexus;
  readonly oxId: number;
  readonly rxId: number;
  readonly fcpDl: number;
  task: Task | undefined;
  /** Bytes of write data the command takes, how many came, and how many were asked for. */
  dataOut: Uint8Array | undefined;
  received: number;
  granted: number;
  nextSeqId: number;
  timer: Timer | undefined;
}

const keyOf = (sId: number, oxId: number): number => sId * 0x1_0000 + oxId;

export class TargetPort implements TaskSink {
  readonly index: number;
  lport!: Lport;
  readonly #owner: TargetPortOwner;
  readonly #nexuses = new Map<Rport, Nexus>();
  readonly #exchanges = new Map<number, TargetExchange>();
  readonly #byTask = new Map<Task, TargetExchange>();
  #nextRxId = 0x8000;

  constructor(index: number, owner: TargetPortOwner) {
    this.index = index;
    this.#owner = owner;
  }

  // Logins.

  rportReady(rport: Rport): void {
    const { core } = this.#owner;
    const nexus = core.nexusBegan(rport.portName, this.index, rport.portId);
    if (nexus === undefined) this.#owner.refused(this.index, 'no room for another initiator');
    else this.#nexuses.set(rport, nexus);
  }

  rportGone(rport: Rport): void {
    const nexus = this.#nexuses.get(rport);
    if (nexus === undefined) return;
    this.#nexuses.delete(rport);
    this.#owner.core.nexusLost(nexus);
    for (const exchange of [...this.#exchanges.values()]) {
      if (exchange.nexus === nexus) this.#close(exchange);
    }
  }

  // Frames of type FCP.

  commandFrame(rport: Rport | undefined, header: FcHeader, payload: Uint8Array): void {
    const nexus = rport === undefined ? undefined : this.#nexuses.get(rport);
    if (rport === undefined || nexus === undefined || !nexus.live) {
      this.#refuse(header);
      return;
    }
    if (header.rCtl === RCtl['Unsolicited Command']) this.#command(rport, nexus, header, payload);
    else if (header.rCtl === RCtl['Solicited Data']) this.#data(header, payload);
    else if (header.rCtl !== RCtl['Solicited Control']) {
      this.#owner.refused(this.index, `frame with R_CTL ${header.rCtl.toString(16)}h`);
    }
  }

  /** A command without login gets LOGO: the sender must log in anew (FCP-4, process login). */
  #refuse(header: FcHeader): void {
    this.#owner.refused(
      this.index,
      `FCP frame from ${formatFcId(header.sId)}, which is not logged in`,
    );
    if (header.rCtl !== RCtl['Unsolicited Command']) return;
    this.lport.sendEls(header.sId, this.lport.logoPayload(), () => {}, this.lport.eDTovNs);
  }

  #command(rport: Rport, nexus: Nexus, header: FcHeader, payload: Uint8Array): void {
    const command = fcpCmnd.decode(payload);
    const { core } = this.#owner;
    if (this.#exchanges.size >= EXCHANGES_MAX) {
      this.#owner.refused(this.index, `more than ${EXCHANGES_MAX} exchanges`);
      return;
    }
    const exchange: TargetExchange = {
      rport,
      nexus,
      oxId: header.oxId,
      rxId: this.#allocateRxId(),
      fcpDl: command.fcpDl,
      task: undefined,
      dataOut: undefined,
      received: 0,
      granted: 0,
      nextSeqId: 0,
      timer: undefined,
    };
    if (command.taskManagementFlags !== 0) {
      this.#respondToManagement(
        exchange,
        core.manage(nexus, command.lun, command.taskManagementFlags),
      );
      return;
    }
    const key = keyOf(header.sId, header.oxId);
    const older = this.#exchanges.get(key);
    // The same OX_ID twice: the task set ends both (overlapped commands); the old exchange is over.
    if (older !== undefined) this.#close(older);
    this.#exchanges.set(key, exchange);
    this.#opening = exchange;
    exchange.task = core.submit(
      {
        nexus,
        lun: command.lun,
        tag: header.oxId,
        rxId: exchange.rxId,
        attribute: command.taskAttribute,
        cdb: cdbOf(command),
        dataOutBytes: command.wrdata === 1 ? command.fcpDl : 0,
      },
      this,
    );
    this.#opening = undefined;
    if (this.#exchanges.get(key) === exchange) this.#byTask.set(exchange.task, exchange);
  }

  /** The exchange whose task is being submitted: its sink may be called before `submit` returns. */
  #opening: TargetExchange | undefined;

  #exchangeOf(task: Task): TargetExchange | undefined {
    return this.#byTask.get(task) ?? this.#opening;
  }

  #allocateRxId(): number {
    const rxId = this.#nextRxId;
    this.#nextRxId = rxId === XID_UNASSIGNED - 1 ? 0 : rxId + 1;
    return rxId;
  }

  #data(header: FcHeader, payload: Uint8Array): void {
    const exchange = this.#exchanges.get(keyOf(header.sId, header.oxId));
    if (exchange === undefined || exchange.rxId !== header.rxId || exchange.dataOut === undefined) {
      this.#owner.refused(
        this.index,
        `data for no open exchange, OX_ID ${header.oxId.toString(16)}h`,
      );
      return;
    }
    const offset = header.parameter;
    if (offset !== exchange.received || offset + payload.length > exchange.granted) {
      this.#owner.refused(this.index, `data at offset ${offset}, expected ${exchange.received}`);
      this.#dataFailed(exchange);
      return;
    }
    exchange.dataOut.set(payload, offset);
    exchange.received += payload.length;
    this.#superviseData(exchange);
    if (exchange.received < exchange.granted) {
      if ((header.fCtl & FCTL_END_SEQUENCE) !== 0) this.#dataFailed(exchange);
    } else if (exchange.received < exchange.dataOut.length) this.#sendXferRdy(exchange);
    else this.#runLater(exchange);
  }

  /** Data is missing or out of place: the task ends, and nothing of it reaches the medium. */
  #dataFailed(exchange: TargetExchange): void {
    this.#owner.core.abortTask(exchange.nexus, exchange.oxId);
    this.#respond(exchange, checkCondition(SenseKey.ABORTED_COMMAND, DATA_PHASE_ERROR));
  }

  /** Data that stops coming ends the task: it must never mix with a later exchange's (FCP-4). */
  #superviseData(exchange: TargetExchange): void {
    exchange.timer?.cancel();
    exchange.timer = this.lport.after(2 * this.lport.eDTovNs, () => this.#dataFailed(exchange));
  }

  // What the array says of a task.

  enabled(task: Task, dataOutBytes: number): void {
    const exchange = this.#exchangeOf(task);
    if (exchange === undefined) return;
    exchange.task = task;
    if (dataOutBytes === 0) {
      this.#runLater(exchange);
      return;
    }
    exchange.dataOut = new Uint8Array(dataOutBytes);
    this.#sendXferRdy(exchange);
    this.#superviseData(exchange);
  }

  answered(task: Task, reply: Reply): void {
    const exchange = this.#exchangeOf(task);
    if (exchange !== undefined) this.#respond(exchange, reply);
  }

  cleared(task: Task): void {
    const exchange = this.#byTask.get(task);
    if (exchange !== undefined) this.#close(exchange);
  }

  #runLater(exchange: TargetExchange): void {
    exchange.timer?.cancel();
    const write = exchange.dataOut !== undefined;
    const bytes = exchange.dataOut?.length ?? exchange.fcpDl;
    exchange.timer = this.lport.after(this.#owner.serviceNs(write, bytes), () => {
      const { task } = exchange;
      if (task?.state !== 'enabled') return;
      this.#respond(exchange, this.#owner.core.run(task, exchange.dataOut));
    });
  }

  // Frames to the initiator.

  #send(exchange: TargetExchange, rCtl: number, fCtl: number, payload: Uint8Array): void {
    this.lport.transmit(
      {
        rCtl,
        dId: exchange.rport.portId,
        sId: this.lport.nPortId,
        type: FcType.FCP,
        fCtl,
        seqId: exchange.nextSeqId++ & 0xff,
        oxId: exchange.oxId,
        rxId: exchange.rxId,
      },
      payload,
      true,
    );
  }

  #sendXferRdy(exchange: TargetExchange): void {
    const relativeOffset = exchange.received;
    const burstLengthBytes = Math.min(BURST_BYTES_MAX, exchange.dataOut!.length - relativeOffset);
    exchange.granted = relativeOffset + burstLengthBytes;
    this.#send(
      exchange,
      RCtl['Data Descriptor'],
      FCTL_MIDDLE_FROM_RESPONDER,
      fcpXferRdy.encode({ relativeOffset, burstLengthBytes }),
    );
  }

  #sendData(exchange: TargetExchange, data: Uint8Array): void {
    const frameBytes = Math.min(exchange.rport.receiveBytes, FC_PAYLOAD_BYTES_MAX);
    const seqId = exchange.nextSeqId++ & 0xff;
    let seqCnt = 0;
    for (let at = 0; at < data.length; at += frameBytes) {
      const last = at + frameBytes >= data.length;
      this.lport.transmit(
        {
          rCtl: RCtl['Solicited Data'],
          dId: exchange.rport.portId,
          sId: this.lport.nPortId,
          type: FcType.FCP,
          fCtl: last ? FCTL_LAST_DATA_FROM_RESPONDER : FCTL_DATA_FROM_RESPONDER,
          seqId,
          seqCnt: seqCnt++ & 0xffff,
          oxId: exchange.oxId,
          rxId: exchange.rxId,
          parameter: at,
        },
        data.subarray(at, at + frameBytes),
        last,
      );
    }
  }

  #respond(exchange: TargetExchange, reply: Reply): void {
    const dataIn = reply.dataIn?.subarray(0, exchange.fcpDl);
    if (dataIn !== undefined && dataIn.length > 0) this.#sendData(exchange, dataIn);
    const moved = exchange.dataOut?.length ?? reply.dataIn?.length ?? 0;
    const under = exchange.fcpDl > moved;
    const over = moved > exchange.fcpDl;
    const sense = reply.sense ?? NO_BYTES;
    this.#send(
      exchange,
      RCtl['Command Status'],
      FCTL_LAST_REPLY,
      fcpRsp.encode({
        flags:
          (sense.length > 0 ? RspFlags.SNS_LEN_VALID : 0) |
          (under ? RspFlags.RESID_UNDER : 0) |
          (over ? RspFlags.RESID_OVER : 0),
        scsiStatus: reply.status,
        residualCount: Math.abs(exchange.fcpDl - moved),
        senseData: sense,
      }),
    );
    this.#close(exchange);
  }

  #respondToManagement(exchange: TargetExchange, rspCode: number): void {
    this.#send(
      exchange,
      RCtl['Command Status'],
      FCTL_LAST_REPLY,
      fcpRsp.encode({
        rspInfo: { rspCode, reserved2: new Uint8Array(4) },
      }),
    );
  }

  #close(exchange: TargetExchange): void {
    exchange.timer?.cancel();
    const key = keyOf(exchange.rport.portId, exchange.oxId);
    if (this.#exchanges.get(key) === exchange) this.#exchanges.delete(key);
    if (exchange.task !== undefined) this.#byTask.delete(exchange.task);
  }

  // Recovery that initiators ask for.

  abts(rport: Rport | undefined, header: FcHeader): void {
    if (header.rCtl !== RCtl.ABTS) return;
    const nexus = rport === undefined ? undefined : this.#nexuses.get(rport);
    const exchange = this.#exchanges.get(keyOf(header.sId, header.oxId));
    if (nexus === undefined || exchange === undefined || exchange.nexus !== nexus) {
      this.#answerBls(
        header,
        RCtl.BA_RJT,
        baRjt.encode({
          reason: BaRjtReason['Logical error'],
          explanation: BaRjtExplanation['Invalid OX_ID-RX_ID combination'],
        }),
      );
      return;
    }
    this.#owner.core.abortTask(nexus, header.oxId);
    this.#close(exchange);
    this.#answerBls(header, RCtl.BA_ACC, baAcc.encode({ oxId: header.oxId, rxId: exchange.rxId }));
  }

  #answerBls(request: FcHeader, rCtl: number, payload: Uint8Array): void {
    this.lport.transmit(
      {
        rCtl,
        dId: request.sId,
        sId: this.lport.nPortId,
        type: FcType.BLS,
        fCtl: FCTL_LAST_REPLY,
        seqId: request.seqId,
        oxId: request.oxId,
        rxId: request.rxId,
      },
      payload,
      true,
    );
  }

  readExchange(
    rport: Rport | undefined,
    oxId: number,
  ): { rxId: number; bytes: number; done: boolean } | undefined {
    if (rport === undefined) return undefined;
    const exchange = this.#exchanges.get(keyOf(rport.portId, oxId));
    return exchange === undefined
      ? undefined
      : { rxId: exchange.rxId, bytes: exchange.received, done: false };
  }

  /** The live login of a port. */
  nexusOf(rport: Rport): Nexus | undefined {
    return this.#nexuses.get(rport);
  }
}

const NO_BYTES = new Uint8Array(0);
