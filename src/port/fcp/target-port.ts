/**
 * A target port: FCP exchanges on one side, the array's tasks on the other.
 *
 * Ownership: a storage array owns its target ports; a target port owns the exchanges that
 * initiators have open at it. An exchange is known by (S_ID, OX_ID) and, once answered, by the
 * RX_ID given here, so that data frames of an earlier exchange never reach a later one.
 * Source: FCP-4, clauses 9 and 12; clearing effects as the array has them.
 */
import { FCTL_END_SEQUENCE, type FcHeader, RCtl, XID_UNASSIGNED } from '../../codecs/fc/index.ts';
import { cdbOf, type FcpCmnd, fcpCmnd } from '../../codecs/fcp/index.ts';
import { formatFcId, partOf } from '../../codecs/layout/index.ts';
import { SenseKey } from '../../codecs/scsi/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { roomFor } from '../../machine/slab.ts';
import type { ArrayCore } from '../../scsi/target/array.ts';
import type { Nexus } from '../../scsi/target/nexus.ts';
import { BUSY, checkCondition, type Reply } from '../../scsi/target/reply.ts';
import type { Task } from '../../scsi/target/task-set.ts';
import { sameEpoch } from '../n-port/exchange.ts';
import { FIRST_BURST_BYTES } from '../n-port/login-parameters.ts';
import type { ExchangeIds, ExchangeState, Lport } from '../n-port/lport.ts';
import { OxIdTable } from '../n-port/ox-id-table.ts';
import type { Rport } from '../n-port/rport.ts';
import { ExchangeRecovery, type RecoveryPort } from './exchange-recovery.ts';
import { RetainedExchanges } from './retained-exchanges.ts';
import {
  managementRspOf,
  rspOf,
  TargetExchange,
  type TargetExchangeOwner,
  TargetSender,
} from './target-exchange.ts';

/** Exchanges that initiators may have open at one port. */
const EXCHANGES_MAX = 65_000;
/** Room for write data of open exchanges at one port; a command that asks for more finds it BUSY. */
const WRITE_BYTES_MAX = 256 * 2 ** 20;
/** An initiator asks by REC this much later than E_D_TOV. */
const REC_SLACK_NS = SECOND;
/** DATA PHASE ERROR. Source: SPC-5, ASC and ASCQ assignments. */
const DATA_PHASE_ERROR = 0x4b00;

/** Which responses ask the initiator for FCP_CONF: none, those with sense data, all. */
export const CONFIRMATIONS = ['never', 'sense', 'always'] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** What a target port needs of its array's machine. */
export interface TargetPortOwner {
  readonly core: ArrayCore;
  /** Commands whose OX_ID is of another epoch than that of their PRLI are dropped. */
  readonly oxIdEpochs: boolean;
  readonly confirm: Confirmation;
  /** How long the next command of these bytes takes between its data and its answer. */
  serviceNs(write: boolean, bytes: number): number;
  /** A command came from a port that is not logged in, or a peer contradicted our state. */
  refused(port: number, what: string): void;
}

/** A login at this port, and the exchanges that its initiator has open. */
interface PortLogin {
  readonly nexus: Nexus;
  readonly exchanges: OxIdTable<TargetExchange>;
}

export class TargetPort implements TargetExchangeOwner, RecoveryPort {
  readonly index: number;
  lport!: Lport;
  readonly #owner: TargetPortOwner;
  readonly #logins = new Map<Rport, PortLogin>();
  /** Exchanges open in all logins. */
  #open = 0;
  /** Room that open exchanges have for write data. */
  #writeBytes = 0;
  readonly #retained = new RetainedExchanges();
  readonly #recovery: ExchangeRecovery;
  readonly sender = new TargetSender(() => this.lport);
  #nextRxId = 0x8000;

  constructor(index: number, owner: TargetPortOwner) {
    this.index = index;
    this.#owner = owner;
    this.#recovery = new ExchangeRecovery(this);
  }

  // Logins.

  rportReady(rport: Rport): void {
    const { core } = this.#owner;
    const nexus = core.nexusBegan(rport.portName, this.index, rport.portId);
    if (nexus === undefined) this.#owner.refused(this.index, 'no room for another initiator');
    else this.#logins.set(rport, { nexus, exchanges: new OxIdTable() });
  }

  rportGone(rport: Rport): void {
    const login = this.#logins.get(rport);
    if (login === undefined) return;
    this.#logins.delete(rport);
    this.#owner.core.nexusLost(login.nexus);
    for (const exchange of login.exchanges.all()) this.#closeIn(login, exchange);
    this.#retained.forgetNexus(login.nexus);
  }

  /** How much it keeps: exchanges that are open, and the room they have for write data. */
  kept(): { readonly exchanges: number; readonly writeBytes: number } {
    return { exchanges: this.#open, writeBytes: this.#writeBytes };
  }

  // Frames of type FCP.

  commandFrame(
    rport: Rport | undefined,
    header: FcHeader,
    frame: Uint8Array,
    at: number,
    end: number,
  ): void {
    const login = rport === undefined ? undefined : this.#logins.get(rport);
    if (rport === undefined || login === undefined || !login.nexus.live) {
      this.#refuse(header);
      return;
    }
    switch (header.rCtl) {
      case RCtl['Unsolicited Command']:
        this.#command(rport, login, header, fcpCmnd.decode(frame, at, end));
        return;
      case RCtl['Solicited Data']:
        this.#data(login, header, partOf(frame, at, end));
        return;
      case RCtl['Solicited Control']:
        this.#recovery.confirmed(rport, header.oxId);
        return;
      case RCtl['FC-4 Link Service Request']:
        this.#recovery.retransmit(rport, header, partOf(frame, at, end));
        return;
      default:
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

  #command(rport: Rport, login: PortLogin, header: FcHeader, command: FcpCmnd): void {
    const { core } = this.#owner;
    const { nexus, exchanges } = login;
    const { oxId } = header;
    if (this.#owner.oxIdEpochs && !sameEpoch(oxId, rport.prliOxId)) {
      this.#owner.refused(this.index, `a command with an OX_ID of another login epoch`);
      return;
    }
    const ids = { oxId, rxId: this.#allocateRxId() };
    const exchange = new TargetExchange(this, rport, nexus, ids, command.fcpDl);
    if (command.taskManagementFlags !== 0) {
      const code = core.manage(nexus, command.lun, command.taskManagementFlags);
      this.#answer(exchange, managementRspOf(code), undefined, false);
      return;
    }
    if (this.#open >= EXCHANGES_MAX) {
      this.#respond(exchange, BUSY);
      return;
    }
    const older = exchanges.get(oxId);
    // The same OX_ID twice: the task set ends both (overlapped commands); the old exchange is over.
    if (older !== undefined) this.#closeIn(login, older);
    exchanges.add(exchange);
    this.#open++;
    const task = core.submit(
      {
        nexus,
        lun: command.lun,
        tag: oxId,
        rxId: exchange.rxId,
        attribute: command.taskAttribute,
        cdb: cdbOf(command),
        dataOutBytes: command.wrdata === 1 ? command.fcpDl : 0,
      },
      exchange,
    );
    if (exchange.answer === undefined) exchange.task = task;
  }

  #allocateRxId(): number {
    const rxId = this.#nextRxId;
    this.#nextRxId = rxId === XID_UNASSIGNED - 1 ? 0 : rxId + 1;
    return rxId;
  }

  #data({ exchanges }: PortLogin, header: FcHeader, payload: Uint8Array): void {
    const exchange = exchanges.get(header.oxId);
    const unasked = exchange?.firstBurst === true && header.rxId === XID_UNASSIGNED;
    const fits = exchange !== undefined && (exchange.rxId === header.rxId || unasked);
    if (!fits || exchange.dataOut === undefined) {
      this.#owner.refused(
        this.index,
        `data for no open exchange, OX_ID ${header.oxId.toString(16)}h`,
      );
      return;
    }
    const end = header.parameter + payload.length;
    // A frame that came before, alone or in a sequence that was sent again.
    if (end <= exchange.received && payload.length > 0) return;
    if (header.parameter !== exchange.received || end > exchange.granted) {
      this.#owner.refused(
        this.index,
        `data at offset ${header.parameter}, expected ${exchange.received}`,
      );
      this.#dataMissing(exchange);
      return;
    }
    exchange.dataOut.set(payload, header.parameter);
    exchange.received = end;
    this.expectData(exchange);
    if (end < exchange.granted) {
      if ((header.fCtl & FCTL_END_SEQUENCE) !== 0) this.#dataMissing(exchange);
    } else if (end < exchange.dataOut.length) this.sender.xferRdy(exchange);
    else this.#runLater(exchange);
  }

  /** The initiator can be asked by REC and will have the data sent again; or the command ends. */
  #dataMissing(exchange: TargetExchange): void {
    if (!exchange.retry) this.#dataFailed(exchange);
  }

  /** Nothing of the data reaches the medium, and no later exchange meets any of it. */
  #dataFailed(exchange: TargetExchange): void {
    this.#owner.core.abortTask(exchange.nexus, exchange.oxId);
    this.#respond(exchange, checkCondition(SenseKey.ABORTED_COMMAND, DATA_PHASE_ERROR));
  }

  /** Data that does not come ends the task: it must never mix with a later exchange's (FCP-4). */
  expectData(exchange: TargetExchange): void {
    const { eDTovNs, rATovNs } = this.lport;
    const waitNs = exchange.retry ? rATovNs + eDTovNs + REC_SLACK_NS : 2 * eDTovNs;
    exchange.dataDueAt = this.now + waitNs;
    // A timer that comes too early looks again: data hardly ever comes too late.
    exchange.timer ??= this.lport.after(waitNs, () => this.#lookForData(exchange));
  }

  #lookForData(exchange: TargetExchange): void {
    const leftNs = exchange.dataDueAt - this.now;
    if (leftNs > 0) {
      exchange.timer = this.lport.after(leftNs, () => this.#lookForData(exchange));
    } else this.#dataFailed(exchange);
  }

  // What the array says of a task.

  taskEnabled(exchange: TargetExchange, task: Task, dataOutBytes: number): void {
    exchange.task = task;
    if (dataOutBytes === 0) {
      this.#runLater(exchange);
      return;
    }
    if (this.#writeBytes + dataOutBytes > WRITE_BYTES_MAX) {
      this.#owner.core.abortTask(exchange.nexus, exchange.oxId);
      this.#respond(exchange, BUSY);
      return;
    }
    this.#writeBytes += dataOutBytes;
    exchange.roomBytes = dataOutBytes;
    exchange.dataOut = roomFor(dataOutBytes);
    exchange.write = true;
    if (exchange.firstBurst) exchange.granted = Math.min(dataOutBytes, FIRST_BURST_BYTES);
    else this.sender.xferRdy(exchange);
    this.expectData(exchange);
  }

  taskAnswered(exchange: TargetExchange, reply: Reply): void {
    this.#respond(exchange, reply);
  }

  taskCleared(exchange: TargetExchange): void {
    this.#close(exchange);
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

  #respond(exchange: TargetExchange, reply: Reply): void {
    const dataIn = reply.dataIn?.subarray(0, exchange.fcpDl);
    const confirm = this.#asksToConfirm(exchange, reply);
    if (dataIn !== undefined && dataIn.length > 0) this.sender.data(exchange, dataIn);
    this.#answer(exchange, rspOf(exchange, reply, confirm), dataIn, confirm);
  }

  #asksToConfirm({ rport }: TargetExchange, reply: Reply): boolean {
    const { confirm } = this.#owner;
    if (confirm === 'never' || (confirm === 'sense' && reply.sense === undefined)) return false;
    return rport.confirm;
  }

  /** Sends the response and keeps it for an initiator that misses something. */
  #answer(
    exchange: TargetExchange,
    rsp: Uint8Array,
    dataIn: Uint8Array | undefined,
    unconfirmed: boolean,
  ): void {
    const kept = exchange.retry ? dataIn : undefined;
    exchange.answer = { rsp, dataIn: kept, unconfirmed, at: this.now };
    this.sender.rsp(exchange, exchange.answer);
    this.#close(exchange);
    exchange.dataOut = undefined;
    this.#retained.add(exchange);
  }

  #close(exchange: TargetExchange): void {
    const login = this.#logins.get(exchange.rport);
    if (login !== undefined) this.#closeIn(login, exchange);
    else this.#letGo(exchange);
  }

  #closeIn({ exchanges }: PortLogin, exchange: TargetExchange): void {
    if (exchanges.remove(exchange)) this.#open--;
    this.#letGo(exchange);
  }

  #letGo(exchange: TargetExchange): void {
    this.#writeBytes -= exchange.roomBytes;
    exchange.roomBytes = 0;
    exchange.timer?.cancel();
    exchange.timer = undefined;
    exchange.task = undefined;
  }

  // What recovery asks for.

  get now(): Instant {
    return this.lport.now;
  }

  findOpen(rport: Rport, oxId: number): TargetExchange | undefined {
    return this.#logins.get(rport)?.exchanges.get(oxId);
  }

  findAnswered(rport: Rport, oxId: number): TargetExchange | undefined {
    const since = this.now - 2 * this.lport.rATovNs;
    return this.#retained.find(rport, oxId, since);
  }

  abort(exchange: TargetExchange): void {
    this.#owner.core.abortTask(exchange.nexus, exchange.oxId);
    this.#close(exchange);
  }

  forget(exchange: TargetExchange): void {
    this.#retained.forget(exchange);
  }

  // What initiators ask for besides commands.

  abts(rport: Rport | undefined, header: FcHeader): void {
    if (header.rCtl === RCtl.ABTS) this.#recovery.abts(rport, header);
  }

  readExchange(rport: Rport | undefined, ids: ExchangeIds): ExchangeState | undefined {
    return rport && this.#recovery.state(rport, ids);
  }

  /** The live login of a port. */
  nexusOf(rport: Rport): Nexus | undefined {
    return this.#logins.get(rport)?.nexus;
  }
}
