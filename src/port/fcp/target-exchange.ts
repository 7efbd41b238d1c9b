/**
 * FCP exchanges at a target port, and the frames that the target sends in them.
 *
 * Source: FCP-4, information units; FC-FS-3, sequences.
 */
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_DATA_FROM_RESPONDER,
  FCTL_LAST_DATA_FROM_RESPONDER,
  FCTL_LAST_REPLY,
  FCTL_MIDDLE_FROM_RESPONDER,
  type FcHeader,
  FcType,
  RCtl,
} from '../../codecs/fc/index.ts';
import { fcpRsp, fcpXferRdy, RspFlags } from '../../codecs/fcp/index.ts';
import { partOf } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Nexus } from '../../scsi/target/nexus.ts';
import { GOOD, type Reply } from '../../scsi/target/reply.ts';
import type { Task, TaskSink } from '../../scsi/target/task-set.ts';
import { frameHeader } from '../n-port/frame-header.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Rport } from '../n-port/rport.ts';

/** Write data that one XFER_RDY asks for. */
const BURST_BYTES_MAX = 65_536;
const NO_BYTES = new Uint8Array(0);

/** What an exchange was answered with: enough to send it again. */
export interface Answer {
  /** FCP_RSP. */
  readonly rsp: Uint8Array;
  readonly dataIn: Uint8Array | undefined;
  /** FCP_CONF was asked for and has not come. */
  readonly unconfirmed: boolean;
  readonly at: Instant;
}

/** What an exchange tells its port of its task. */
export interface TargetExchangeOwner {
  taskEnabled(exchange: TargetExchange, task: Task, dataOutBytes: number): void;
  taskAnswered(exchange: TargetExchange, reply: Reply): void;
  taskCleared(exchange: TargetExchange): void;
}

/** An exchange that an initiator opened, and where the task of its command reports to. */
export class TargetExchange implements TaskSink {
  readonly #owner: TargetExchangeOwner;
  readonly rport: Rport;
  readonly nexus: Nexus;
  readonly oxId: number;
  readonly rxId: number;
  readonly fcpDl: number;
  /** Write data comes unasked at first. */
  readonly firstBurst: boolean;
  /** RETRY was agreed: frames that are lost are asked for again, by SRR. */
  readonly retry: boolean;
  task: Task | undefined = undefined;
  /** Bytes of write data the command takes, how many came, and how many were asked for. */
  dataOut: Uint8Array | undefined = undefined;
  write = false;
  received = 0;
  granted = 0;
  /** When data is given up that has not come. */
  dataDueAt: Instant = 0;
  /** What it counts for among its port's room for write data. */
  roomBytes = 0;
  nextSeqId = 0;
  timer: Timer | undefined = undefined;
  answer: Answer | undefined = undefined;

  constructor(
    owner: TargetExchangeOwner,
    rport: Rport,
    nexus: Nexus,
    ids: { readonly oxId: number; readonly rxId: number },
    fcpDl: number,
  ) {
    this.#owner = owner;
    this.rport = rport;
    this.nexus = nexus;
    this.oxId = ids.oxId;
    this.rxId = ids.rxId;
    this.fcpDl = fcpDl;
    this.firstBurst = rport.firstBurst;
    this.retry = rport.retry;
  }

  enabled(task: Task, dataOutBytes: number): void {
    this.#owner.taskEnabled(this, task, dataOutBytes);
  }

  answered(_task: Task, reply: Reply): void {
    this.#owner.taskAnswered(this, reply);
  }

  cleared(): void {
    this.#owner.taskCleared(this);
  }
}

/** Sends the frames of exchanges. `lport` gives the port they leave by. */
export class TargetSender {
  readonly #lport: () => Lport;

  constructor(lport: () => Lport) {
    this.#lport = lport;
  }

  /** Asks for the write data behind what has come. */
  xferRdy(exchange: TargetExchange): void {
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

  /** One sequence of read data, from `from` on. */
  data(exchange: TargetExchange, data: Uint8Array, from = 0): void {
    const lport = this.#lport();
    const frameBytes = Math.min(exchange.rport.receiveBytes, FC_PAYLOAD_BYTES_MAX);
    const seqId = exchange.nextSeqId++ & 0xff;
    let seqCnt = 0;
    for (let at = from; at < data.length; at += frameBytes) {
      const last = at + frameBytes >= data.length;
      const fCtl = last ? FCTL_LAST_DATA_FROM_RESPONDER : FCTL_DATA_FROM_RESPONDER;
      const header = frameHeader(
        FcType.FCP,
        RCtl['Solicited Data'],
        exchange.rport.portId,
        lport.nPortId,
        fCtl,
        seqId,
        exchange.oxId,
        exchange.rxId,
      );
      header.seqCnt = seqCnt++ & 0xffff;
      header.parameter = at;
      lport.transmit(header, partOf(data, at, Math.min(at + frameBytes, data.length)), last);
    }
  }

  /** FCP_RSP; one that is to be confirmed leaves the exchange open and the initiative over there. */
  rsp(exchange: TargetExchange, { rsp, unconfirmed }: Answer): void {
    const fCtl = unconfirmed ? FCTL_MIDDLE_FROM_RESPONDER : FCTL_LAST_REPLY;
    this.#send(exchange, RCtl['Command Status'], fCtl, rsp);
  }

  #send(exchange: TargetExchange, rCtl: number, fCtl: number, payload: Uint8Array): void {
    const lport = this.#lport();
    const seqId = exchange.nextSeqId++ & 0xff;
    const { rport, oxId, rxId } = exchange;
    const header = frameHeader(
      FcType.FCP,
      rCtl,
      rport.portId,
      lport.nPortId,
      fCtl,
      seqId,
      oxId,
      rxId,
    );
    lport.transmit(header, payload, true);
  }

  /** The one frame that answers a basic link service or an FC-4 link service. */
  answerLinkService(request: FcHeader, rCtl: number, type: number, payload: Uint8Array): void {
    this.#lport().reply(request, rCtl, type, payload);
  }
}

/** What most commands end with. */
const GOOD_RSP = fcpRsp.encode({});

/** The FCP_RSP for a SCSI command: status, sense data, residual count. */
export function rspOf(exchange: TargetExchange, reply: Reply, confirm: boolean): Uint8Array {
  const moved = exchange.dataOut?.length ?? reply.dataIn?.length ?? 0;
  const { fcpDl } = exchange;
  const plain = reply.status === GOOD.status && reply.sense === undefined && !confirm;
  if (plain && moved === fcpDl) return GOOD_RSP;
  const senseData = reply.sense ?? NO_BYTES;
  return fcpRsp.encode({
    flags:
      (senseData.length > 0 ? RspFlags.SNS_LEN_VALID : 0) |
      (fcpDl > moved ? RspFlags.RESID_UNDER : 0) |
      (moved > fcpDl ? RspFlags.RESID_OVER : 0) |
      (confirm ? RspFlags.CONF_REQ : 0),
    scsiStatus: reply.status,
    residualCount: Math.abs(fcpDl - moved),
    senseData,
  });
}

/** The FCP_RSP for a task management function. */
export function managementRspOf(rspCode: number): Uint8Array {
  return fcpRsp.encode({ rspInfo: { rspCode, reserved2: new Uint8Array(4) } });
}
