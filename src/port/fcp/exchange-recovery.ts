/**
 * What initiators ask of a target when frames were lost: REC (how does an exchange stand), SRR
 * (send a part of it again), ABTS (end it), and FCP_CONF, which says that nothing was.
 *
 * Source: FCP-4, clauses 4 and 12; FC-LS-3, REC; FC-FS-3, ABTS.
 */
import { BaRjtExplanation, BaRjtReason, baAcc, baRjt } from '../../codecs/bls/index.ts';
import {
  ExchangeStatus,
  LsRjtExplanation,
  LsRjtReason,
  lsRjt,
  type Srr,
  srr,
  srrAccept,
} from '../../codecs/els/index.ts';
import { type FcHeader, FcType, RCtl, XID_UNASSIGNED } from '../../codecs/fc/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { ExchangeIds, ExchangeState } from '../n-port/els-responder.ts';
import type { Rport } from '../n-port/rport.ts';
import type { TargetExchange } from './target-exchange.ts';
import type { TargetSender } from './target-sender.ts';

/** Parameter bit 0 of ABTS: it ends a sequence, not its exchange. */
const ABORT_SEQUENCE_ONLY = 1;

/** What recovery needs of its target port. */
export interface RecoveryPort {
  readonly sender: TargetSender;
  /** The exchange that an initiator has open. */
  findOpen(rport: Rport, oxId: number): TargetExchange | undefined;
  /** An exchange that was answered not too long ago. */
  findAnswered(rport: Rport, oxId: number): TargetExchange | undefined;
  /** Ends an open exchange and its task without a response. */
  abort(exchange: TargetExchange): void;
  /** Nobody will ask for this answered exchange any more. */
  forget(exchange: TargetExchange): void;
  /** Write data is to come (again): watch over it. */
  expectData(exchange: TargetExchange): void;
  readonly now: Instant;
}

/** The target’s side of recovery. Source: FCP-4, error detection and recovery. */
export class ExchangeRecovery {
  readonly #port: RecoveryPort;

  constructor(port: RecoveryPort) {
    this.#port = port;
  }

  /**
   * The exchange that is meant. An initiator that has the answer may use its OX_ID again at once,
   * and when that command is lost it asks with the old OX_ID and no RX_ID: so one that is answered
   * is meant only where its RX_ID is named. To take it for the lost one would tell a write that was
   * never received that it is done.
   */
  #find(rport: Rport, { oxId, rxId }: ExchangeIds): TargetExchange | undefined {
    const open = this.#port.findOpen(rport, oxId);
    if (open !== undefined) return rxId === XID_UNASSIGNED || rxId === open.rxId ? open : undefined;
    const answered = this.#port.findAnswered(rport, oxId);
    return answered?.rxId === rxId ? answered : undefined;
  }

  /** REC: how an exchange stands; `undefined` when it is not known (any more). */
  state(rport: Rport, ids: ExchangeIds): ExchangeState | undefined {
    const exchange = this.#find(rport, ids);
    if (exchange === undefined) return undefined;
    const { answer, received, rxId } = exchange;
    return {
      rxId,
      bytes: exchange.write ? received : (answer?.dataIn?.length ?? 0),
      status: (ExchangeStatus.RESPONDER | initiative(exchange)) >>> 0,
    };
  }

  /** SRR: an FC-4 link service in an exchange of its own. Errors: `CodecError`. */
  retransmit(rport: Rport, header: FcHeader, payload: Uint8Array): void {
    const request = srr.decode(payload);
    const exchange = this.#find(rport, request);
    const { LOGICAL_ERROR, LOGICAL_BUSY, UNABLE_TO_PERFORM } = LsRjtReason;
    if (exchange === undefined || !exchange.retry) {
      this.#rejectSrr(header, LOGICAL_ERROR, LsRjtExplanation.INVALID_OX_ID_RX_ID);
    } else if (exchange.answer === undefined && request.rCtl !== RCtl['Data Descriptor']) {
      // Its data and its response are still to come.
      this.#rejectSrr(header, LOGICAL_BUSY, LsRjtExplanation.NO_ADDITIONAL_EXPLANATION);
    } else if (!canRetransmit(exchange, request)) {
      this.#rejectSrr(header, UNABLE_TO_PERFORM, LsRjtExplanation.UNABLE_TO_SUPPLY_DATA);
    } else {
      this.#answerSrr(header, srrAccept.encode({}));
      this.#sendAgain(exchange, request);
    }
  }

  #sendAgain(exchange: TargetExchange, { rCtl, relativeOffset }: Srr): void {
    const { sender } = this.#port;
    if (rCtl === RCtl['Data Descriptor']) {
      exchange.received = relativeOffset;
      sender.xferRdy(exchange);
      this.#port.expectData(exchange);
      return;
    }
    const answer = exchange.answer!;
    if (rCtl === RCtl['Solicited Data'] && answer.dataIn !== undefined) {
      sender.data(exchange, answer.dataIn, relativeOffset);
    }
    sender.rsp(exchange, answer);
  }

  #answerSrr(header: FcHeader, payload: Uint8Array): void {
    const rCtl = RCtl['FC-4 Link Service Reply'];
    this.#port.sender.answerLinkService(header, rCtl, FcType.FCP, payload);
  }

  #rejectSrr(header: FcHeader, reason: number, explanation: number): void {
    this.#answerSrr(header, lsRjt.encode({ reason, explanation }));
  }

  /** FCP_CONF: the initiator has the response. */
  confirmed(rport: Rport, oxId: number): void {
    const exchange = this.#port.findAnswered(rport, oxId);
    if (exchange?.answer?.unconfirmed === true) this.#port.forget(exchange);
  }

  /** ABTS. An exchange that is over already is none that could go on: that is accepted too. */
  abts(rport: Rport | undefined, header: FcHeader): void {
    const open = rport && this.#port.findOpen(rport, header.oxId);
    const exchange = open ?? (rport && this.#port.findAnswered(rport, header.oxId));
    if (exchange === undefined) {
      this.#port.sender.answerLinkService(
        header,
        RCtl.BA_RJT,
        FcType.BLS,
        baRjt.encode({
          reason: BaRjtReason['Logical error'],
          explanation: BaRjtExplanation['Invalid OX_ID-RX_ID combination'],
        }),
      );
      return;
    }
    if ((header.parameter & ABORT_SEQUENCE_ONLY) === 0) {
      if (open === undefined) this.#port.forget(exchange);
      else this.#port.abort(open);
    }
    const { oxId, rxId } = exchange;
    const payload = baAcc.encode({ oxId, rxId });
    this.#port.sender.answerLinkService(header, RCtl.BA_ACC, FcType.BLS, payload);
  }
}

/** Who may send next: nobody when all is said, the initiator while it owes data or FCP_CONF. */
function initiative({ answer, dataOut, received }: TargetExchange): number {
  if (answer !== undefined) return answer.unconfirmed ? 0 : ExchangeStatus.COMPLETED;
  const waits = dataOut !== undefined && received < dataOut.length;
  return waits ? 0 : ExchangeStatus.SEQUENCE_INITIATIVE;
}

/** True when what is asked for is still here. */
function canRetransmit(exchange: TargetExchange, { rCtl, relativeOffset }: Srr): boolean {
  const { answer, dataOut, received } = exchange;
  if (rCtl === RCtl['Data Descriptor']) {
    if (answer !== undefined || dataOut === undefined) return false;
    return received < dataOut.length && relativeOffset <= received;
  }
  if (answer === undefined) return false;
  if (rCtl === RCtl['Command Status']) return true;
  return rCtl === RCtl['Solicited Data'] && relativeOffset < (answer.dataIn?.length ?? 0);
}
