/**
 * What an initiator does when a command makes no progress and RETRY was agreed: it asks by REC how
 * the target sees the exchange, and by SRR for what is missing.
 *
 * A command that the target does not know was never received, or its end was long ago: it is
 * ended by ABTS, as is one that three tries have not brought on.
 * Source: FCP-4, clause 12 (error detection and recovery), REC_TOV; the decisions are libfc's.
 */
import {
  ExchangeStatus,
  LsRjtExplanation,
  LsRjtReason,
  rec,
  recAccept,
  srr,
} from '../../codecs/els/index.ts';
import { FCTL_REQUEST, FcType, RCtl } from '../../codecs/fc/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { type ElsReply, elsReply } from '../n-port/els-reply.ts';
import type { Lport } from '../n-port/lport.ts';
import type { FcpCommand } from './fcp-command.ts';

/** REC_TOV is this much more than E_D_TOV. */
const REC_SLACK_NS: Instant = SECOND;
/** RECs and SRRs for one command without any progress. */
const TRIES_MAX = 3;

/** What recovery needs of its initiator. */
export interface RecoveryInitiator {
  openCommands(): FcpCommand[];
  /** Ends a command by ABTS. */
  abort(command: FcpCommand): void;
  /** Nothing is under way: `watch` has to be called again. */
  watchEnded(): void;
}

/** The initiator’s side of recovery. Source: FCP-4, error detection and recovery. */
export class FcpRecovery {
  readonly #lport: Lport;
  readonly #initiator: RecoveryInitiator;

  constructor(lport: Lport, initiator: RecoveryInitiator) {
    this.#lport = lport;
    this.#initiator = initiator;
  }

  get #recTovNs(): number {
    return this.#lport.eDTovNs + REC_SLACK_NS;
  }

  /** True where a command's target sends again what is asked for. */
  serves({ rport }: FcpCommand): boolean {
    return rport.retry;
  }

  /**
   * Watches over the commands under way, until none is left and `watchEnded` is called; one timer looks
   * after all of them.
   */
  watch(): void {
    this.#lport.after(this.#recTovNs, () => this.#look());
  }

  #look(): void {
    const { now } = this.#lport;
    let next = Number.POSITIVE_INFINITY;
    for (const command of this.#initiator.openCommands()) {
      if (!this.#isWaiting(command)) continue;
      const due = command.progressAt + this.#recTovNs;
      if (due <= now) this.#sendRec(command);
      else next = Math.min(next, due);
    }
    if (this.#initiator.openCommands().length === 0) {
      this.#initiator.watchEnded();
      return;
    }
    const waitNs = Math.min(next - now, this.#recTovNs);
    this.#lport.after(waitNs, () => this.#look());
  }

  #isWaiting(command: FcpCommand): boolean {
    return command.phase === 'open' && command.asking === undefined && this.serves(command);
  }

  /** True when the command is still the one that asked, and nothing has come for it since. */
  #still(command: FcpCommand, what: 'rec' | 'srr'): boolean {
    if (command.asking !== what) return false;
    command.asking = undefined;
    return command.phase === 'open';
  }

  #sendRec(command: FcpCommand): void {
    command.asking = 'rec';
    const { progressAt, rport, oxId, rxId } = command;
    const payload = rec.encode({
      originatorId: this.#lport.nPortId,
      oxId,
      rxId,
    });
    this.#lport.sendEls(rport.portId, payload, (reply) => {
      if (!this.#still(command, 'rec') || command.progressAt !== progressAt) return;
      this.#handleRec(command, reply);
    });
  }

  #handleRec(command: FcpCommand, reply: ElsReply): void {
    switch (reply.result) {
      case 'accept':
        this.#decide(command, reply.payload);
        return;
      case 'reject':
        if (isUnknownExchange(reply)) this.#initiator.abort(command);
        else this.#waitOn(command);
        return;
      case 'timeout':
        this.#tryAgain(command);
        return;
      case 'closed':
        return;
    }
  }

  /** The next REC comes REC_TOV from now. */
  #waitOn(command: FcpCommand): void {
    command.progressAt = this.#lport.now;
  }

  #tryAgain(command: FcpCommand): void {
    command.recoveryTries++;
    if (command.recoveryTries >= TRIES_MAX) this.#initiator.abort(command);
  }

  #decide(command: FcpCommand, payload: Uint8Array): void {
    const { eStat, fc4Value } = decoded(payload) ?? { eStat: 0, fc4Value: 0 };
    const complete = (eStat & ExchangeStatus.COMPLETED) !== 0;
    if (!complete && (eStat & ExchangeStatus.SEQUENCE_INITIATIVE) !== 0) {
      this.#waitOn(command);
      return;
    }
    const { dataOut } = command.request;
    if (dataOut !== undefined && !complete && fc4Value < dataOut.length) {
      this.#sendSrr(command, RCtl['Data Descriptor'], fc4Value);
    } else if (dataOut === undefined && command.dataInReceived < fc4Value) {
      this.missingData(command);
    } else this.#sendSrr(command, RCtl['Command Status'], fc4Value);
  }

  /** Read data has a gap: what is behind it is to come again, and the response. */
  missingData(command: FcpCommand): void {
    this.#sendSrr(command, RCtl['Solicited Data'], command.dataInReceived);
  }

  #sendSrr(command: FcpCommand, rCtl: number, relativeOffset: number): void {
    const { rxId, oxId, rport } = command;
    command.asking = 'srr';
    command.recovered = true;
    const sent = this.#lport.exchanges.request(
      {
        dId: rport.portId,
        rCtl: RCtl['FC-4 Link Service Request'],
        type: FcType.FCP,
        fCtl: FCTL_REQUEST,
      },
      srr.encode({ oxId, rxId, relativeOffset, rCtl }),
      this.#recTovNs,
      (reply) => {
        if (!this.#still(command, 'srr')) return;
        this.#waitOn(command);
        const answer = reply.result === 'reply' ? elsReply(reply.header, reply.payload) : reply;
        if (answer.result === 'timeout') this.#tryAgain(command);
        else if (answer.result === 'reject') this.#initiator.abort(command);
      },
    );
    if (sent === undefined) this.#initiator.abort(command);
  }
}

function isUnknownExchange(reply: { reason: number; explanation: number }): boolean {
  const { LOGICAL_ERROR, UNABLE_TO_PERFORM } = LsRjtReason;
  return (
    (reply.reason === LOGICAL_ERROR || reply.reason === UNABLE_TO_PERFORM) &&
    reply.explanation === LsRjtExplanation.INVALID_OX_ID_RX_ID
  );
}

function decoded(payload: Uint8Array): { eStat: number; fc4Value: number } | undefined {
  try {
    return recAccept.decode(payload);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
