/**
 * A target port: FCP exchanges on one side, the target device's tasks on the other.
 *
 * Ownership: a storage array owns its target ports; a target port owns the exchanges that
 * initiators have open at it. An exchange is known by (S_ID, OX_ID) and, once answered, by the
 * RX_ID given here, so that data frames of an earlier exchange never reach a later one.
 * Source: FCP-4, clauses 9 and 12; clearing effects as the target device has them.
 */
import { type FcHeader, RCtl, XID_UNASSIGNED } from '../../codecs/fc/index.ts';
import { cdbOf, type FcpCmnd, fcpCmnd } from '../../codecs/fcp/index.ts';
import { formatFcId, partOf } from '../../codecs/layout/index.ts';
import { SenseKey } from '../../codecs/scsi/index.ts';
import { fcInitiatorPort } from '../../history/port-name.ts';
import type { Instant } from '../../machine/machine.ts';
import { TagTable } from '../../machine/tag-table.ts';
import { BUSY, checkCondition } from '../../scsi/target/reply.ts';
import type {
  CommandMirror,
  Reply,
  TargetDevice,
  TargetNexus,
  TargetTask,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import type { ExchangeIds, ExchangeState } from '../n-port/els-responder.ts';
import { sameEpoch } from '../n-port/exchange.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Rport } from '../n-port/rport.ts';
import { ExchangeRecovery, type RecoveryPort } from './exchange-recovery.ts';
import { RetainedExchanges } from './retained-exchanges.ts';
import { TargetExchange, type TargetExchangeOwner } from './target-exchange.ts';
import { rspOf, TargetSender } from './target-sender.ts';
import { functionOf, managementRspOf } from './task-management.ts';
import { WriteData, type WriteDataOwner } from './write-data.ts';

/** Exchanges that initiators may have open at one port. */
const EXCHANGES_MAX = 65_000;
/** DATA PHASE ERROR. Source: SPC-5, ASC and ASCQ assignments. */
const DATA_PHASE_ERROR = 0x4b00;

/** Which responses ask the initiator for FCP_CONF: none, those with sense data, all. */
export const CONFIRMATIONS = ['never', 'sense', 'always'] as const;
/** When a target port asks for FCP_CONF. */
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** What a target port needs of its array's machine. */
export interface TargetPortOwner {
  readonly device: TargetDevice;
  /** Commands whose OX_ID is of another epoch than that of their PRLI are dropped. */
  readonly oxIdEpochs: boolean;
  readonly confirm: Confirmation;
  /** The device stands still until then: no command runs before. Left out: it never does. */
  readonly standsUntil?: Instant;
  /** Where units have legs at two arrays. */
  readonly mirror?: CommandMirror | undefined;
  /** How long the next command of these bytes takes between its data and its answer. */
  serviceNs(write: boolean, bytes: number): number;
  /** A command came from a port that is not logged in, or a peer contradicted our state. */
  refused(port: number, what: string): void;
}

/** A login at this port, and the exchanges that its initiator has open. */
class PortLogin {
  readonly nexus: TargetNexus;
  readonly exchanges = new TagTable<TargetExchange>();

  constructor(nexus: TargetNexus) {
    this.nexus = nexus;
  }

  /** The login of a remote port, where it has one; it stands with the remote port, which every frame finds. */
  static of({ fc4 }: Rport): PortLogin | undefined {
    return fc4 instanceof PortLogin ? fc4 : undefined;
  }
}

/** An N_Port as a port of a target device. */
export class FcpTargetPort implements TargetExchangeOwner, RecoveryPort, WriteDataOwner {
  readonly index: number;
  lport!: Lport;
  readonly #owner: TargetPortOwner;
  /** Exchanges open in all logins. */
  #open = 0;
  readonly #retained = new RetainedExchanges();
  readonly #recovery: ExchangeRecovery;
  readonly #writeData = new WriteData(this);
  readonly sender = new TargetSender(() => this.lport);
  #nextRxId = 0x8000;

  constructor(index: number, owner: TargetPortOwner) {
    this.index = index;
    this.#owner = owner;
    this.#recovery = new ExchangeRecovery(this);
  }

  // Logins.

  rportReady(rport: Rport): void {
    const initiator = fcInitiatorPort(rport.portName);
    const nexus = this.#owner.device.nexusBegan(initiator, this.index, rport.portId);
    if (nexus === undefined) this.refused('no room for another initiator');
    else rport.fc4 = new PortLogin(nexus);
  }

  rportGone(rport: Rport): void {
    const login = PortLogin.of(rport);
    if (login === undefined) return;
    rport.fc4 = undefined;
    login.nexus.lost();
    for (const exchange of login.exchanges.all()) this.#closeIn(login, exchange);
    this.#retained.forgetNexus(login.nexus);
  }

  /** How much it keeps: exchanges that are open, and the room they have for write data. */
  kept(): { readonly exchanges: number; readonly writeBytes: number } {
    return { exchanges: this.#open, writeBytes: this.#writeData.heldBytes };
  }

  // Frames of type FCP.

  commandFrame(
    rport: Rport | undefined,
    header: FcHeader,
    frame: Uint8Array,
    at: number,
    end: number,
  ): void {
    const login = rport && PortLogin.of(rport);
    if (rport === undefined || login === undefined || !login.nexus.live) {
      this.#refuse(header);
      return;
    }
    switch (header.rCtl) {
      case RCtl['Unsolicited Command']:
        this.#command(rport, login, header, fcpCmnd.decode(frame, at, end));
        return;
      case RCtl['Solicited Data']:
        this.#writeData.take(login.exchanges.get(header.oxId), header, partOf(frame, at, end));
        return;
      case RCtl['Solicited Control']:
        this.#recovery.confirmed(rport, header.oxId);
        return;
      case RCtl['FC-4 Link Service Request']:
        this.#recovery.retransmit(rport, header, partOf(frame, at, end));
        return;
      default:
        this.refused(`frame with R_CTL ${header.rCtl.toString(16)}h`);
    }
  }

  /** A command without login gets LOGO: the sender must log in anew (FCP-4, process login). */
  #refuse(header: FcHeader): void {
    this.refused(`FCP frame from ${formatFcId(header.sId)}, which is not logged in`);
    if (header.rCtl !== RCtl['Unsolicited Command']) return;
    this.lport.sendEls(header.sId, this.lport.logoPayload(), () => {}, this.lport.eDTovNs);
  }

  #command(rport: Rport, login: PortLogin, header: FcHeader, command: FcpCmnd): void {
    const { nexus, exchanges } = login;
    const { oxId } = header;
    if (this.#owner.oxIdEpochs && !sameEpoch(oxId, rport.prliOxId)) {
      this.refused('a command with an OX_ID of another login epoch');
      return;
    }
    const ids = { oxId, rxId: this.#allocateRxId() };
    const exchange = new TargetExchange(this, rport, nexus, ids, command.fcpDl);
    if (command.taskManagementFlags !== 0) {
      this.#manage(exchange, command);
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
    const task = nexus.submit(
      {
        lun: command.lun,
        tag: oxId,
        attribute: command.taskAttribute,
        cdb: cdbOf(command),
        dataOutBytes: command.wrdata === 1 ? command.fcpDl : 0,
      },
      exchange,
    );
    if (exchange.answer === undefined) exchange.task = task;
  }

  #manage(exchange: TargetExchange, { lun, taskManagementFlags }: FcpCmnd): void {
    const taskFunction = functionOf(taskManagementFlags);
    let response: TaskManagementResponse = 'rejected';
    if (taskFunction !== undefined) response = exchange.nexus.manage(taskFunction, lun);
    else this.refused(`task management flags ${taskManagementFlags.toString(16)}h`);
    this.#answer(exchange, managementRspOf(response), undefined, false);
  }

  #allocateRxId(): number {
    const rxId = this.#nextRxId;
    this.#nextRxId = rxId === XID_UNASSIGNED - 1 ? 0 : rxId + 1;
    return rxId;
  }

  // Write data.

  dataComplete(exchange: TargetExchange): void {
    this.#runLater(exchange);
  }

  /** Nothing of the data reaches the medium, and no later exchange meets any of it. */
  dataFailed(exchange: TargetExchange): void {
    exchange.nexus.abortTask(exchange.oxId);
    this.#respond(exchange, checkCondition(SenseKey.ABORTED_COMMAND, DATA_PHASE_ERROR));
  }

  expectData(exchange: TargetExchange): void {
    this.#writeData.expect(exchange);
  }

  // What the target device says of a task.

  taskEnabled(exchange: TargetExchange, task: TargetTask, dataOutBytes: number): void {
    exchange.task = task;
    if (dataOutBytes === 0) this.#runLater(exchange);
    else if (!this.#writeData.begin(exchange, dataOutBytes)) {
      exchange.nexus.abortTask(exchange.oxId);
      this.#respond(exchange, BUSY);
    }
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
    const run = (): void => {
      const { task } = exchange;
      if (task?.state !== 'enabled') return;
      // Hardly ever is anything held: an array that never was says 0.
      const standsUntil = this.#owner.standsUntil ?? 0;
      const waitNs = standsUntil === 0 ? 0 : standsUntil - this.now;
      if (waitNs > 0) exchange.timer = this.lport.after(waitNs, run);
      else this.#runTask(exchange, task);
    };
    exchange.timer = this.lport.after(this.#owner.serviceNs(write, bytes), run);
  }

  #runTask(exchange: TargetExchange, task: TargetTask): void {
    const { mirror } = this.#owner;
    if (mirror === undefined) this.#respond(exchange, task.run(exchange.dataOut));
    else {
      mirror.run(task, exchange.dataOut, (reply) => {
        // Its initiator may have given it up meanwhile.
        if (exchange.task === task) this.#respond(exchange, reply);
      });
    }
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
    const login = PortLogin.of(exchange.rport);
    if (login !== undefined) this.#closeIn(login, exchange);
    else this.#letGo(exchange);
  }

  #closeIn({ exchanges }: PortLogin, exchange: TargetExchange): void {
    if (exchanges.remove(exchange)) this.#open--;
    this.#letGo(exchange);
  }

  #letGo(exchange: TargetExchange): void {
    this.#writeData.end(exchange);
    exchange.timer?.cancel();
    exchange.timer = undefined;
    exchange.task = undefined;
  }

  // What recovery asks for.

  get now(): Instant {
    return this.lport.now;
  }

  findOpen(rport: Rport, oxId: number): TargetExchange | undefined {
    return PortLogin.of(rport)?.exchanges.get(oxId);
  }

  findAnswered(rport: Rport, oxId: number): TargetExchange | undefined {
    const since = this.now - 2 * this.lport.rATovNs;
    return this.#retained.find(rport, oxId, since);
  }

  abort(exchange: TargetExchange): void {
    exchange.nexus.abortTask(exchange.oxId);
    this.#close(exchange);
  }

  forget(exchange: TargetExchange): void {
    this.#retained.forget(exchange);
  }

  refused(what: string): void {
    this.#owner.refused(this.index, what);
  }

  // What initiators ask for besides commands.

  abts(rport: Rport | undefined, header: FcHeader): void {
    if (header.rCtl === RCtl.ABTS) this.#recovery.abts(rport, header);
  }

  readExchange(rport: Rport | undefined, ids: ExchangeIds): ExchangeState | undefined {
    return rport && this.#recovery.state(rport, ids);
  }

  /** The live login of a port. */
  nexusOf(rport: Rport): TargetNexus | undefined {
    return PortLogin.of(rport)?.nexus;
  }
}
