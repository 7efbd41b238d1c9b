/**
 * Exchanges that one N_Port originates: OX_ID allocation, replies, time-outs, ABTS and RRQ.
 *
 * Ownership: an lport owns one manager; users own the `Exchange` they opened until it ends.
 * An OX_ID is not used again while frames of its exchange may still be under way: after an abort
 * it rests for R_A_TOV and is then given back by RRQ; after a silent end it rests for R_A_TOV.
 * Source: FC-FS-3, exchange and sequence recovery; FC-LS-3, RRQ.
 */
import {
  FCTL_END_SEQUENCE,
  FCTL_SEQUENCE_INITIATIVE,
  type FcHeader,
  FcType,
  RCtl,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { type FcId, partOf } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { TagTable } from '../../machine/tag-table.ts';
import type { Timer } from '../../machine/timers.ts';
import { type FrameHeader, frameHeader } from './frame-header.ts';
import { SequenceCollector } from './sequence-collector.ts';

/** A part of the OX_IDs: the first and the last that are given out. */
export interface OxIdRange {
  readonly first: number;
  readonly last: number;
}

/** All OX_IDs; FFFFh means unassigned. */
const ALL_OX_IDS: OxIdRange = { first: 0x0001, last: 0xfffe };
/** Epochs are told by the upper two bits of an OX_ID. */
const EPOCH_SHIFT = 14;

/** The OX_IDs of one login epoch, so that no frame of an earlier epoch fits an exchange of it. */
export function oxIdsOfEpoch(epoch: number): OxIdRange {
  const first = (epoch & 3) << EPOCH_SHIFT;
  const size = 1 << EPOCH_SHIFT;
  return {
    first: Math.max(first, ALL_OX_IDS.first),
    last: Math.min(first + size - 1, ALL_OX_IDS.last),
  };
}

/** True when two OX_IDs are of the same epoch. */
export function sameEpoch(a: number, b: number): boolean {
  return a >>> EPOCH_SHIFT === b >>> EPOCH_SHIFT;
}

/** What a request came to. */
export type Reply =
  | { readonly result: 'reply'; readonly header: FcHeader; readonly payload: Uint8Array }
  | { readonly result: 'timeout' }
  | { readonly result: 'closed' };

/** How an abort ended: by BA_ACC, by BA_RJT (the peer knows no such exchange), or without answer. */
export type AbortResult = 'accepted' | 'rejected' | 'timeout' | 'closed';

/** What the manager needs of its port. */
export interface ExchangePort {
  readonly nPortId: FcId;
  readonly now: Instant;
  readonly rATovNs: number;
  after(delayNs: number, run: () => void): Timer;
  /** Sends one frame; `last` is true for the last frame of its sequence. */
  transmit(header: FrameHeader, payload: Uint8Array, last: boolean): void;
  /** Sends an RRQ for an aborted exchange; calls back when it was accepted or gave up. */
  recoveryQualifierOver(dId: FcId, oxId: number, rxId: number, done: () => void): void;
}

/** An exchange that a port originates. Whoever opens one says what its frames and its end do. */
export abstract class Exchange {
  /** Given when it is opened. */
  oxId: number = XID_UNASSIGNED;
  readonly dId: FcId;
  /** RX_ID as last heard from the responder; FFFFh before. */
  rxId: number = XID_UNASSIGNED;
  state: 'open' | 'aborting' | 'done' = 'open';
  /** The rest is its manager's. */
  nextSeqId = 0;
  onAbort: ((result: AbortResult) => void) | undefined = undefined;
  timer: Timer | undefined = undefined;

  constructor(dId: FcId) {
    this.dId = dId;
  }

  get tag(): number {
    return this.oxId;
  }

  /** A frame from the responder; its payload lies in `frame` from `at` to `end`. */
  abstract handleFrame(header: FcHeader, frame: Uint8Array, at: number, end: number): void;
  /** The login under the exchange ended, and the exchange with it. */
  abstract handleClosed(): void;
}

/** An exchange of one request and the sequence that answers it. */
class RequestExchange extends Exchange {
  readonly #collector = new SequenceCollector();
  readonly #end: (reply: Reply) => void;

  constructor(dId: FcId, end: (reply: Reply) => void) {
    super(dId);
    this.#end = end;
  }

  handleFrame(header: FcHeader, frame: Uint8Array, at: number, end: number): void {
    const payload = this.#collector.add(header, partOf(frame, at, end));
    if (payload !== undefined) this.#end({ result: 'reply', header, payload });
  }

  handleClosed(): void {
    this.#end({ result: 'closed' });
  }
}

/** The exchanges that are open, by the OX_IDs that it gives them. */
export class ExchangeManager extends TagTable<Exchange> {
  readonly #port: ExchangePort;
  /** OX_IDs that rest; made with the first, for it is asked with every exchange. */
  #resting: Set<number> | undefined;
  readonly #first: number;
  readonly #last: number;
  #next: number;

  constructor(port: ExchangePort, range: OxIdRange = ALL_OX_IDS) {
    super();
    this.#port = port;
    this.#first = range.first;
    this.#last = range.last;
    this.#next = range.first;
  }

  /** The OX_ID that goes out next, unless it is in use. */
  get next(): number {
    return this.#next;
  }

  /** Goes on numbering from here, where a login was carried over from another adapter. */
  goOnFrom(oxId: number): void {
    this.#next = oxId;
  }

  /** Gives an exchange its OX_ID; false, and nothing done, when none is free. */
  open(exchange: Exchange): boolean {
    const oxId = this.#allocate();
    if (oxId === undefined) return false;
    exchange.oxId = oxId;
    this.add(exchange);
    return true;
  }

  /** The SEQ_ID for the exchange's next sequence. */
  nextSeqId(exchange: Exchange): number {
    const seqId = exchange.nextSeqId;
    exchange.nextSeqId = (seqId + 1) & 0xff;
    return seqId;
  }

  /**
   * Sends a request of one frame and waits for the sequence that answers it (of any number of
   * frames). `onReply` is called once.
   */
  request(
    frame: {
      readonly dId: FcId;
      readonly rCtl: number;
      readonly type: number;
      readonly fCtl: number;
    },
    payload: Uint8Array,
    timeoutNs: number,
    onReply: (reply: Reply) => void,
  ): Exchange | undefined {
    const exchange = new RequestExchange(frame.dId, (reply) => {
      this.end(exchange);
      onReply(reply);
    });
    if (!this.open(exchange)) return undefined;
    const { rCtl, dId, type, fCtl } = frame;
    const { oxId, rxId } = exchange;
    const seqId = this.nextSeqId(exchange);
    const header = frameHeader(type, rCtl, dId, this.#port.nPortId, fCtl, seqId, oxId, rxId);
    this.#port.transmit(header, payload, true);
    exchange.timer = this.#port.after(timeoutNs, () => {
      this.end(exchange, 'quiet');
      onReply({ result: 'timeout' });
    });
    return exchange;
  }

  /** Asks the responder to end the exchange. `onEnd` is called once; then the exchange is done. */
  abort(exchange: Exchange, timeoutNs: number, onEnd: (result: AbortResult) => void): void {
    if (exchange.state !== 'open') return;
    exchange.state = 'aborting';
    exchange.onAbort = onEnd;
    exchange.timer?.cancel();
    exchange.timer = this.#port.after(timeoutNs, () => {
      this.end(exchange, 'quiet');
      onEnd('timeout');
    });
    const { dId, oxId, rxId } = exchange;
    const fCtl = FCTL_END_SEQUENCE | FCTL_SEQUENCE_INITIATIVE;
    const seqId = this.nextSeqId(exchange);
    const { nPortId } = this.#port;
    const header = frameHeader(FcType.BLS, RCtl.ABTS, dId, nPortId, fCtl, seqId, oxId, rxId);
    this.#port.transmit(header, NO_PAYLOAD, true);
  }

  /**
   * The exchange is over. `how` says what may still be under way: nothing (its last frame was
   * seen), unknown (`quiet`: its OX_ID rests for R_A_TOV), or aborted (rests, then RRQ).
   */
  end(exchange: Exchange, how: 'clean' | 'quiet' | 'aborted' = 'clean'): void {
    if (exchange.state === 'done') return;
    exchange.state = 'done';
    exchange.timer?.cancel();
    this.remove(exchange);
    if (how === 'clean') return;
    const { oxId, rxId, dId } = exchange;
    this.#resting ??= new Set();
    const resting = this.#resting;
    resting.add(oxId);
    this.#port.after(this.#port.rATovNs, () => {
      if (!resting.has(oxId)) return;
      if (how === 'quiet') resting.delete(oxId);
      else this.#port.recoveryQualifierOver(dId, oxId, rxId, () => resting.delete(oxId));
    });
  }

  /** A frame from the responder of an exchange of ours. False: no such exchange. */
  handleFrame(header: FcHeader, frame: Uint8Array, at: number, end: number): boolean {
    const exchange = this.get(header.oxId);
    if (exchange === undefined || exchange.dId !== header.sId) return false;
    if (exchange.rxId === XID_UNASSIGNED) exchange.rxId = header.rxId;
    // A late frame of an earlier exchange that had the same OX_ID.
    else if (header.type === FcType.FCP && exchange.rxId !== header.rxId) return false;
    if (header.type === FcType.BLS) {
      this.#handleBls(exchange, header);
      return true;
    }
    if (exchange.state === 'open') exchange.handleFrame(header, frame, at, end);
    return true;
  }

  #handleBls(exchange: Exchange, header: FcHeader): void {
    if (header.rCtl !== RCtl.BA_ACC && header.rCtl !== RCtl.BA_RJT) return;
    if (exchange.state !== 'aborting') return;
    const { onAbort } = exchange;
    const accepted = header.rCtl === RCtl.BA_ACC;
    this.end(exchange, accepted ? 'aborted' : 'quiet');
    onAbort?.(accepted ? 'accepted' : 'rejected');
  }

  /**
   * The login with a port ended (or, without `dId`, ours with the fabric): its exchanges end, the
   * oldest first.
   */
  close(dId?: FcId): void {
    const next = this.#next;
    const age = ({ oxId }: Exchange): number => (oxId - next) & 0xffff;
    for (const exchange of this.all().sort((a, b) => age(a) - age(b))) {
      if (dId !== undefined && exchange.dId !== dId) continue;
      const { onAbort, state } = exchange;
      this.end(exchange, 'quiet');
      if (state === 'aborting') onAbort?.('closed');
      else exchange.handleClosed();
    }
  }

  #allocate(): number | undefined {
    const first = this.#first;
    const last = this.#last;
    for (let tries = 0; tries <= last - first; tries++) {
      const oxId = this.#next;
      this.#next = oxId === last ? first : oxId + 1;
      if (this.#resting?.has(oxId) !== true && this.get(oxId) === undefined) return oxId;
    }
    return undefined;
  }
}

const NO_PAYLOAD = new Uint8Array(0);
