/**
 * The sending half of a TCP connection: what is under way, what is sent again, and how fast.
 *
 * Ownership: it owns the bytes that are not acknowledged and one timer: for what is under way, or, while the
 * peer has no room, for asking whether it has some again.
 * Source: RFC 9293, 3.8; RFC 6298; slow start and fast retransmit as RFC 5681 and RFC 6582 have them.
 */
import { TcpFlags } from '../../codecs/ethernet/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type { TcpConfig } from './options.ts';
import { RetransmissionTimeout } from './retransmission-timeout.ts';
import { SendBuffer } from './send-buffer.ts';
import { distance, isBefore, later, plus } from './sequence-number.ts';

/** What a sender asks of its connection. */
export interface SenderOwner {
  readonly config: TcpConfig;
  now(): number;
  after(delayNs: number, run: () => void): Timer;
  transmit(seq: number, payload: Uint8Array, flags: number): void;
  /** What was sent again and again was never answered. */
  gaveUp(): void;
}

const { ACK, FIN, PSH, SYN } = TcpFlags;
const NOTHING = new Uint8Array(0);
/** Segments that may be under way at first. Source: RFC 6928, as in Linux 6.1, TCP_INIT_CWND. */
export const FIRST_SEGMENTS = 10;
/** Acknowledgements that say the same: what is behind them is lost. Source: RFC 5681, 3.2. */
const SAME_ACKS = 3;

/** What a connection sends. */
export class Sender {
  /** The number of the SYN. */
  readonly first: number;
  /** The first that is not acknowledged: SND.UNA. */
  oldest: number;
  /** What is sent next; goes back where everything is sent again: SND.NXT. */
  next: number;
  /** The first that was never sent. */
  most: number;
  /** Our whole end is acknowledged. */
  isFinished = false;
  readonly #owner: SenderOwner;
  readonly #buffer = new SendBuffer();
  readonly #timeout: RetransmissionTimeout;
  #peerMss: number;
  #isOpen = false;
  #isEnding = false;
  /** What the peer has room for, the most it ever had, and the segment that said so. */
  #window = 0;
  #windowMost = 0;
  #windowSeq = 0;
  #windowAck = 0;
  #congestionWindow: number;
  #slowStartMost = Number.MAX_SAFE_INTEGER;
  #sameAcks = 0;
  /** What was lost is sent again, until this is acknowledged. */
  #recoversTo: number | undefined;
  /** Everything before it goes out again in smaller segments, until this is acknowledged. */
  #shrunkTo: number | undefined;
  #retries = 0;
  #timer: Timer | undefined;
  /** One segment at a time is measured, none that was sent twice. */
  #measured: { readonly seq: number; readonly at: number } | undefined;

  constructor(isn: number, owner: SenderOwner) {
    this.#owner = owner;
    this.first = isn;
    this.oldest = isn;
    this.next = isn;
    this.most = isn;
    this.#peerMss = owner.config.mss;
    this.#congestionWindow = FIRST_SEGMENTS * owner.config.mss;
    this.#timeout = new RetransmissionTimeout(owner.config.retransmitFloorNs);
  }

  /** The largest segment that the peer takes. */
  set peerMss(bytes: number) {
    this.#peerMss = Math.min(bytes, this.#owner.config.mss);
    this.#congestionWindow = FIRST_SEGMENTS * this.#peerMss;
  }

  /** No larger segment comes through: what is under way goes out again in smaller ones. Source: RFC 1191, 6.4. */
  shrinkTo(mss: number): void {
    if (mss >= this.#peerMss) return;
    this.#peerMss = mss;
    // That is no congestion: neither is what the peer says of the packets behind the one that was lost.
    this.#shrunkTo = this.most;
    this.next = this.oldest;
    this.#measured = undefined;
    this.#send();
  }

  /** Bytes that are not acknowledged, sent or not. */
  get unacknowledged(): number {
    return this.#buffer.length;
  }

  /** Bytes that were never sent. */
  get unsent(): number {
    return Math.max(0, this.#buffer.length - distance(this.#bufferSeq, this.most));
  }

  /** The number that says where we are, and that the peer takes: not beyond its window. */
  get place(): number {
    if (!this.#isOpen) return this.most;
    const edge = plus(this.oldest, this.#window);
    return isBefore(edge, this.most) ? edge : this.most;
  }

  /** True for an acknowledgement of something that is under way. */
  isOutstanding(ack: number): boolean {
    return isBefore(this.oldest, ack) && !isBefore(this.most, ack);
  }

  /** The SYN goes out. */
  start(): void {
    this.#measured = { seq: this.first, at: this.#owner.now() };
    this.most = plus(this.first, 1);
    this.next = this.most;
    this.#sendSyn();
  }

  /** The SYN goes out once more: the peer has not had it, or its answer. */
  again(): void {
    this.#measured = undefined;
    this.#sendSyn();
  }

  #sendSyn(): void {
    this.#owner.transmit(this.first, NOTHING, SYN);
    this.#arm();
  }

  /** Bytes to send; they are not changed any more. */
  write(bytes: Uint8Array): void {
    this.#buffer.push(bytes);
    this.#send();
  }

  /** Nothing comes behind what was written. */
  finish(): void {
    this.#isEnding = true;
    this.#send();
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#buffer.clear();
  }

  /** The first byte of the buffer: the SYN has no byte in it. */
  get #bufferSeq(): number {
    return this.#isOpen ? this.oldest : plus(this.first, 1);
  }

  get #finSeq(): number {
    return plus(this.#bufferSeq, this.#buffer.length);
  }

  get #flight(): number {
    return distance(this.oldest, this.most);
  }

  /**
   * Everything before `ack` has come; the peer has room for `window` bytes from there. `isPlain`: the segment
   * says nothing else. `seq` is the segment's own.
   */
  acknowledged(ack: number, window: number, seq: number, isPlain: boolean): void {
    const hadWindow = this.#window;
    this.#takeWindow(ack, window, seq);
    if (isBefore(this.oldest, ack)) this.#advance(ack);
    else {
      // It has no room, but it is there.
      if (this.#window === 0) this.#retries = 0;
      const isExpected = this.#shrunkTo !== undefined;
      const isSame =
        isPlain && window === hadWindow && this.#flight > 0 && window > 0 && !isExpected;
      if (isSame && ack === this.oldest && ++this.#sameAcks === SAME_ACKS) this.#retransmitOne();
    }
    this.#send();
  }

  /** An older segment does not take back what a newer one said. Source: RFC 9293, SND.WL1 and SND.WL2. */
  #takeWindow(ack: number, window: number, seq: number): void {
    const isFirst = !this.#isOpen;
    const isNewer =
      isBefore(this.#windowSeq, seq) ||
      (this.#windowSeq === seq && !isBefore(ack, this.#windowAck));
    if (!isFirst && !isNewer) return;
    const opened = this.#window === 0 && window > 0;
    this.#window = window;
    this.#windowMost = Math.max(this.#windowMost, window);
    this.#windowSeq = seq;
    this.#windowAck = ack;
    if (!opened || !this.#isOpen) return;
    // What the peer was asked with is sent again at once.
    this.next = this.oldest;
    this.#measured = undefined;
    this.#disarm();
  }

  #advance(ack: number): void {
    this.#retries = 0;
    this.#sameAcks = 0;
    if (this.#measured !== undefined && isBefore(this.#measured.seq, ack)) {
      this.#timeout.measured(this.#owner.now() - this.#measured.at);
      this.#measured = undefined;
    }
    const finSeq = this.#finSeq;
    const isFinSent = this.#isEnding && isBefore(finSeq, this.most);
    this.#buffer.drop(Math.min(distance(this.#bufferSeq, ack), this.#buffer.length));
    const acknowledged = distance(this.oldest, ack);
    this.#isOpen = true;
    this.oldest = ack;
    if (this.#shrunkTo !== undefined && !isBefore(ack, this.#shrunkTo)) this.#shrunkTo = undefined;
    this.next = later(this.next, ack);
    this.isFinished = isFinSent && isBefore(finSeq, ack);
    if (this.#recoversTo === undefined) this.#grow(acknowledged);
    else if (isBefore(ack, this.#recoversTo)) this.#sendFirst();
    else {
      this.#congestionWindow = this.#slowStartMost;
      this.#recoversTo = undefined;
    }
    if (this.#flight > 0) this.#arm();
    else this.#disarm();
  }

  #grow(acknowledged: number): void {
    const mss = this.#peerMss;
    const step =
      this.#congestionWindow < this.#slowStartMost
        ? Math.min(acknowledged, mss)
        : Math.max(1, Math.floor((mss * mss) / this.#congestionWindow));
    // No larger than it could ever be used.
    if (this.#congestionWindow < this.#windowMost + mss) this.#congestionWindow += step;
  }

  #retransmitOne(): void {
    if (this.#recoversTo !== undefined) return;
    this.#slowDown();
    this.#congestionWindow = this.#slowStartMost;
    this.#recoversTo = this.most;
    this.#sendFirst();
  }

  #slowDown(): void {
    this.#slowStartMost = Math.max(Math.floor(this.#flight / 2), 2 * this.#peerMss);
  }

  /** The first that is missing, once more. */
  #sendFirst(): void {
    this.#measured = undefined;
    const length = Math.min(this.#peerMss, this.#buffer.length, Math.max(1, this.#window));
    if (length > 0)
      this.#owner.transmit(this.oldest, this.#buffer.slice(0, length), this.#push(length));
    else if (this.#isEnding) this.#owner.transmit(this.oldest, NOTHING, FIN | ACK);
    this.#arm();
  }

  #push(end: number): number {
    return end === this.#buffer.length ? PSH | ACK : ACK;
  }

  /** Sends what may be sent. */
  #send(): void {
    if (!this.#isOpen || this.isFinished) return;
    const mss = this.#peerMss;
    for (;;) {
      const from = distance(this.#bufferSeq, this.next);
      const left = this.#buffer.length - from;
      if (left <= 0) break;
      const edge = plus(this.oldest, Math.min(this.#congestionWindow, this.#window));
      const length = Math.min(mss, left, distance(this.next, edge));
      if (length <= 0) break;
      // A small piece waits for more room, where there was ever more. Source: RFC 9293, 3.8.6.2.1.
      if (length < mss && length < left && length * 2 < this.#windowMost) break;
      this.#sendFrom(from, length);
    }
    if (this.#isEnding && this.next === this.#finSeq) this.#put(NOTHING, FIN | ACK, 1);
    if (this.#timer === undefined && (this.#flight > 0 || this.#buffer.length > 0)) this.#arm();
  }

  #sendFrom(from: number, length: number): void {
    const end = from + length;
    this.#put(this.#buffer.slice(from, end), this.#push(end), length);
  }

  #put(payload: Uint8Array, flags: number, numbers: number): void {
    const seq = this.next;
    this.next = plus(seq, numbers);
    if (isBefore(this.most, this.next)) {
      if (seq === this.most) this.#measured ??= { seq, at: this.#owner.now() };
      this.most = this.next;
    }
    this.#owner.transmit(seq, payload, flags);
    if (this.#timer === undefined) this.#arm();
  }

  #arm(): void {
    this.#disarm();
    this.#timer = this.#owner.after(this.#timeout.ns, () => this.#ranOut());
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #ranOut(): void {
    this.#timer = undefined;
    this.#timeout.backOff();
    const { config } = this.#owner;
    if (this.#retries++ >= (this.#isOpen ? config.retriesMax : config.synRetriesMax)) {
      this.#owner.gaveUp();
      return;
    }
    if (!this.#isOpen) {
      this.again();
      return;
    }
    if (this.#window === 0 || this.#flight === 0) {
      this.#probe();
      return;
    }
    this.#slowDown();
    this.#congestionWindow = this.#peerMss;
    this.#recoversTo = undefined;
    this.#sameAcks = 0;
    this.#measured = undefined;
    this.next = this.oldest;
    this.#send();
  }

  /** One byte beyond the window: its answer says whether there is room. Source: RFC 9293, 3.8.6.1. */
  #probe(): void {
    this.next = this.oldest;
    this.#measured = undefined;
    const room = Math.min(this.#window, this.#peerMss, this.#buffer.length);
    if (this.#buffer.length > 0) this.#sendFrom(0, Math.max(1, room));
    else if (this.#isEnding) this.#put(NOTHING, FIN | ACK, 1);
    this.#measured = undefined;
    if (this.#timer === undefined) this.#arm();
  }
}
