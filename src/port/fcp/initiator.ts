/**
 * The initiator's side of FCP: a SCSI command as an exchange.
 *
 * A command ends in one of four ways, and whoever issues it again must know which: the target
 * answered; the target confirmed that it ended the exchange; the login under it ended; or it was
 * never sent. Source: FCP-4, clauses 9 and 12.
 */
import { type FcHeader, RCtl } from '../../codecs/fc/index.ts';
import { type FcpXferRdy, fcpXferRdy, RspFlags } from '../../codecs/fcp/index.ts';
import { CodecError, partOf } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type {
  CommandOutcome,
  ManagedFunction,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import type { Exchange } from '../n-port/exchange.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Rport } from '../n-port/rport.ts';
import { FcpCommand, type FcpCommandOwner } from './fcp-command.ts';
import { FcpNexus, type FcpNexusOwner } from './fcp-nexus.ts';
import { sendCommand, sendConfirm, sendDataOut } from './initiator-sender.ts';
import { FcpRecovery } from './recovery.ts';
import { dataOf, type Ending, residualOf, rspOf, takeData } from './response.ts';
import { askToManage } from './task-management.ts';

/** Functions that end tasks of ours at the target without a word. */
const ENDS_TASKS: ReadonlySet<ManagedFunction> = new Set<ManagedFunction>([
  'abort-task-set',
  'clear-task-set',
  'logical-unit-reset',
  'target-reset',
]);

/** Carries commands of one N_Port to the target ports that it has logged in with. */
export class FcpInitiator implements FcpNexusOwner, FcpCommandOwner {
  readonly #lport: Lport;
  readonly #recovery: FcpRecovery;
  /** Fires when the first command may be due. */
  #timeout: Timer | undefined;
  #timeoutAt: Instant = Infinity;
  /** Recovery watches over commands. */
  #isWatched = false;

  constructor(lport: Lport) {
    this.#lport = lport;
    this.#recovery = new FcpRecovery(lport, {
      openCommands: () => this.#openCommands(),
      abort: (command) => this.abort(command),
      watchEnded: () => {
        this.#isWatched = false;
      },
    });
  }

  /** The nexus that a login has just begun. */
  nexusOf(rport: Rport): FcpNexus {
    return new FcpNexus(this, this.#lport, rport);
  }

  execute(nexus: FcpNexus, request: ScsiCommand): FcpCommand | undefined {
    const lport = this.#lport;
    if (nexus.ready) {
      const command = new FcpCommand(this, nexus.rport, request, lport.now);
      if (lport.exchanges.open(command)) {
        sendCommand(lport, command);
        this.#watch(command);
        if (!this.#isWatched && nexus.rport.retry) {
          this.#isWatched = true;
          this.#recovery.watch();
        }
        return command;
      }
    }
    request.onDone({ end: 'not-sent' });
    return undefined;
  }

  /** The target tells nobody of tasks that a function of ours ended: their exchanges are aborted (FCP-4, 4.9). */
  manage(
    nexus: FcpNexus,
    request: TaskManagementRequest,
    done: (response: TaskManagementResponse) => void,
  ): void {
    const { rport } = nexus;
    askToManage(this.#lport, rport, request, (response) => {
      if (response === 'complete' && ENDS_TASKS.has(request.function)) {
        const isMeant = (one: FcpCommand): boolean =>
          one.rport === rport &&
          (request.function === 'target-reset' || one.request.lun === request.lun);
        for (const command of this.#openCommands().filter(isMeant)) this.abort(command);
      }
      done(response);
    });
  }

  /** The port may have other users too: another initiator, logins. */
  #openCommands(): FcpCommand[] {
    const isOurs = (one: Exchange): one is FcpCommand =>
      one instanceof FcpCommand && one.owner === this && one.phase === 'open';
    return this.#lport.exchanges.all().filter(isOurs);
  }

  /** One timer looks after all time-outs: hardly a command ever meets its own. */
  #watch({ dueAt }: FcpCommand): void {
    if (this.#timeoutAt <= dueAt) return;
    this.#timeout?.cancel();
    this.#timeoutAt = dueAt;
    const delayNs = Math.max(0, dueAt - this.#lport.now);
    this.#timeout = this.#lport.after(delayNs, () => this.#handleTimeout());
  }

  #handleTimeout(): void {
    this.#timeoutAt = Infinity;
    const { now } = this.#lport;
    let next: FcpCommand | undefined;
    for (const command of this.#openCommands()) {
      if (command.dueAt <= now) this.abort(command);
      else if (next === undefined || command.dueAt < next.dueAt) next = command;
    }
    if (next !== undefined) this.#watch(next);
  }

  /** A frame of a command's exchange. */
  handleFrame(
    command: FcpCommand,
    header: FcHeader,
    frame: Uint8Array,
    at: number,
    end: number,
  ): void {
    if (command.phase !== 'open') return;
    try {
      if (header.rCtl === RCtl['Command Status']) this.#handleRsp(command, rspOf(frame, at, end));
      else if (header.rCtl === RCtl['Solicited Data']) {
        command.noteProgress(this.#lport.now);
        takeData(command, header, partOf(frame, at, end));
      } else if (header.rCtl === RCtl['Data Descriptor']) {
        command.noteProgress(this.#lport.now);
        this.#handleXferRdy(command, fcpXferRdy.decode(frame, at, end));
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#lport.contradiction(`${error.message} from ${command.rport.portId.toString(16)}`);
    }
  }

  #handleXferRdy(command: FcpCommand, { relativeOffset, burstLengthBytes }: FcpXferRdy): void {
    const { dataOut } = command.request;
    if (dataOut === undefined || relativeOffset + burstLengthBytes > dataOut.length) {
      this.#lport.contradiction(
        `XFER_RDY for bytes ${relativeOffset} to ${relativeOffset + burstLengthBytes} of ${dataOut?.length ?? 0}`,
      );
      this.abort(command);
      return;
    }
    sendDataOut(this.#lport, command, relativeOffset, relativeOffset + burstLengthBytes);
  }

  #handleRsp(command: FcpCommand, rsp: Ending): void {
    const residual = residualOf(rsp);
    const expected = (command.request.dataInBytes ?? 0) - residual;
    if (rsp.scsiStatus === 0 && command.dataInReceived < expected) {
      if (this.#recovery.serves(command)) {
        command.noteProgress(this.#lport.now);
        if (command.asking === undefined) this.#recovery.missingData(command);
        return;
      }
      this.#lport.exchanges.end(command);
      this.#finish(command, { end: 'data-lost' });
      return;
    }
    if ((rsp.flags & RspFlags.CONF_REQ) !== 0) sendConfirm(this.#lport, command);
    this.#lport.exchanges.end(command, command.recovered ? 'quiet' : 'clean');
    this.#finish(command, {
      end: 'answered',
      status: rsp.scsiStatus,
      sense: rsp.senseData,
      data: dataOf(command),
      residual,
    });
  }

  /** The login ended under a command. */
  handleClosed(command: FcpCommand): void {
    this.#finish(command, { end: 'nexus-lost', confirmed: command.rport.cleared });
  }

  /** Ends a command by ABTS; its `onDone` says how that went. Harmless when it has ended. */
  abort(command: FcpCommand): void {
    if (command.phase !== 'open') return;
    command.phase = 'aborting';
    this.#lport.exchanges.abort(command, 2 * this.#lport.rATovNs, (result) => {
      if (result === 'accepted' || result === 'rejected') {
        this.#finish(command, { end: 'aborted' });
      } else if (result === 'closed') this.handleClosed(command);
      else {
        // Nobody answers: only the end of the login clears the command at the target.
        command.phase = 'waiting-for-relogin';
        command.rport.enterRecovery((confirmed) =>
          this.#finish(command, { end: 'nexus-lost', confirmed }),
        );
      }
    });
  }

  /** Forgets a command without telling the target. Its OX_ID rests, as after any silent end. */
  forget(command: FcpCommand): void {
    this.#lport.exchanges.end(command, 'quiet');
    this.#finish(command, { end: 'forgotten' });
  }

  #finish(command: FcpCommand, outcome: CommandOutcome): void {
    if (command.phase === 'done') return;
    command.phase = 'done';
    command.request.onDone(outcome);
  }
}
