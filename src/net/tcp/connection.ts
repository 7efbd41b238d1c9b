/**
 * One TCP connection: states, what is sent and sent again, and what comes.
 *
 * Ownership: it owns its buffers, its sender and its timers; the TCP that made it owns the table of
 * connections. State changes only in functions called `enter…`. A RST counts only exactly at the next byte
 * that is missing, everything else that does not fit is answered by an ACK that says where we are.
 * Source: RFC 9293, 3.10.7; RFC 5961 for RST, SYN and the ACKs that answer them.
 */
import { TcpFlags } from '../../codecs/ethernet/index.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Ipv4Address } from '../ipv4-address.ts';
import type { TcpConfig } from './options.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import type { Segment } from './segment.ts';
import { Sender } from './sender.ts';
import { distance, isBefore, later, plus } from './sequence-number.ts';

/** States of a connection. Source: RFC 9293, 3.3.2. */
export type TcpState =
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'
  | 'CLOSED';

/** Between whom a connection is. */
export interface TcpEnds {
  readonly local: Ipv4Address;
  readonly localPort: number;
  readonly remote: Ipv4Address;
  readonly remotePort: number;
}

/** What a segment says beside the ends of its connection. */
export type SegmentOut = Omit<Segment, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

/** What a connection asks of the TCP that made it. */
export interface ConnectionOwner {
  readonly now: number;
  readonly config: TcpConfig;
  after(delayNs: number, run: () => void): Timer;
  send(connection: TcpConnection, segment: SegmentOut): void;
  /** It is there: both ends have said so. */
  opened(connection: TcpConnection): void;
  /** There are bytes to be read. */
  readable(connection: TcpConnection): void;
  /** What waited for the peer has gone out. */
  unsent(connection: TcpConnection): void;
  /** The peer has said all. */
  ended(connection: TcpConnection): void;
  /** It is over, whoever ended it; it is remembered where the state says TIME-WAIT. */
  over(connection: TcpConnection, how: 'closed' | 'reset' | 'unreachable'): void;
}

const { ACK, FIN, RST, SYN } = TcpFlags;
const NOTHING = new Uint8Array(0);
/** ACKs to segments without data that do not fit come at most so often. Source: Linux 6.1, tcp_invalid_ratelimit. */
const CHALLENGE_NS = 500 * MILLISECOND;
/** Source: RFC 7323, 2.3. */
const WINDOW_SCALE_MAX = 14;
/** What a peer takes that does not say it. Source: RFC 9293, 3.7.1. */
const MSS_DEFAULT = 536;
const MSS_MIN = 64;
const WINDOW_MAX = 0xffff;
/** Segments with data that one ACK answers. Source: RFC 9293, 3.8.6.3. */
const SEGMENTS_AN_ACK = 2;

/** One connection. */
export class TcpConnection {
  readonly ends: TcpEnds;
  state: TcpState;
  readonly sender: Sender;
  readonly #owner: ConnectionOwner;
  #received: ReceiveBuffer | undefined;
  /** Shift of the windows that we tell, once both ends have said that they know of it. */
  #scale: number;
  #peerScale = 0;
  /** The peer has not said that it knows of no scale. */
  #tellsScale = true;
  /** The far edge of the window that the peer was told of: it never comes back. */
  #edge = 0;
  #isPaused = false;
  /** Segments that no ACK of ours has answered. */
  #unanswered = 0;
  #delayedAck: Timer | undefined;
  #waiting: Timer | undefined;
  #challengedAt = Number.NEGATIVE_INFINITY;

  constructor(owner: ConnectionOwner, ends: TcpEnds, isn: number, syn?: Segment) {
    this.#owner = owner;
    this.ends = ends;
    this.#scale = scaleFor(owner.config.receiveWindowBytes);
    this.state = syn === undefined ? 'SYN-SENT' : 'SYN-RECEIVED';
    if (syn !== undefined) this.#takeSyn(syn);
    this.sender = new Sender(isn, {
      now: () => owner.now,
      config: owner.config,
      after: (delayNs, run) => owner.after(delayNs, run),
      transmit: (seq, payload, flags) => this.#transmit(seq, payload, flags),
      gaveUp: () => this.#enterBroken(),
    });
    if (syn !== undefined) this.sender.peerMss = mssOf(syn);
  }

  /** The SYN goes out. */
  start(): void {
    this.sender.start();
  }

  // What its owner does.

  /** The bytes that came, in their order; the window grows by them. */
  read(): Uint8Array[] {
    const received = this.#received;
    if (received === undefined || this.#isPaused) return [];
    return received.drain();
  }

  /** Says something; it goes out as far as the peer has room. False where nothing more can be said. */
  write(bytes: Uint8Array): boolean {
    if (!this.#canWrite) return false;
    const { sender } = this;
    if (sender.unacknowledged + bytes.length > this.#owner.config.sendBytesMax) {
      this.reset();
      return false;
    }
    sender.write(bytes);
    return true;
  }

  get #isClosed(): boolean {
    return this.state === 'CLOSED';
  }

  get #canWrite(): boolean {
    return this.state === 'ESTABLISHED' || this.state === 'CLOSE-WAIT';
  }

  /** Nothing is read from now on, or again: the peer sees that in the window. */
  pause(paused: boolean): void {
    if (this.#isPaused === paused) return;
    this.#isPaused = paused;
    if (paused) return;
    this.#owner.readable(this);
    // The peer may wait for the window to open, and only it knows.
    const room = distance(this.#edge, this.#newEdge());
    if (room >= 2 * this.#owner.config.mss) this.#acknowledge();
  }

  /** We have said all. */
  end(): void {
    if (!this.#canWrite) return;
    if (this.state === 'ESTABLISHED') this.#enterFinWait1();
    else this.#enterLastAck();
    this.sender.finish();
  }

  /** It is over at once; the peer is told. */
  reset(): void {
    if (this.state === 'CLOSED' || this.state === 'TIME-WAIT') return;
    if (this.state !== 'SYN-SENT') this.#transmit(this.sender.place, NOTHING, RST | ACK);
    this.enterClosed('reset');
  }

  /** An ACK that waits for company goes out where the peer has sent enough. */
  acknowledgeSoon(): void {
    if (this.#unanswered === 0 || this.state === 'CLOSED') return;
    if (this.#unanswered >= SEGMENTS_AN_ACK) this.#acknowledge();
    else
      this.#delayedAck ??= this.#owner.after(this.#owner.config.delayedAckNs, () =>
        this.#acknowledge(),
      );
  }

  /** How much it keeps: bytes that wait either way. */
  get keptBytes(): number {
    return this.sender.unacknowledged + (this.#received?.readyBytes ?? 0);
  }

  /** Segments that came before their turn. */
  get runs(): number {
    return this.#received?.runs ?? 0;
  }

  /** The next byte that is missing; 0 where nothing came. */
  get receiveNext(): number {
    return this.#received?.next ?? 0;
  }

  // What comes. Source: RFC 9293, 3.10.7.

  /** A segment of this connection came. */
  handle(segment: Segment): void {
    if (this.state === 'SYN-SENT') this.#handleInSynSent(segment);
    else if (this.#received !== undefined) this.#handleSynchronized(segment, this.#received);
  }

  #handleInSynSent(segment: Segment): void {
    const { flags, ack } = segment;
    const acknowledges = (flags & ACK) !== 0;
    if (acknowledges && ack !== plus(this.sender.first, 1)) {
      if ((flags & RST) === 0) this.#owner.send(this, bare(ack, 0, RST));
      return;
    }
    if ((flags & RST) !== 0) {
      if (acknowledges) this.enterClosed('unreachable');
      return;
    }
    if ((flags & SYN) === 0) return;
    this.#takeSyn(segment);
    this.sender.peerMss = mssOf(segment);
    if (acknowledges) {
      this.sender.acknowledged(ack, segment.window, segment.seq, false);
      // What is said at once goes with it.
      this.#unanswered = SEGMENTS_AN_ACK;
      this.#enterEstablished();
      this.acknowledgeSoon();
    } else {
      // Both ends opened it at once.
      this.state = 'SYN-RECEIVED';
      this.sender.again();
    }
  }

  #takeSyn({ seq, windowScale }: Segment): void {
    this.#received = new ReceiveBuffer(plus(seq, 1));
    if (windowScale === undefined) {
      this.#scale = 0;
      this.#tellsScale = false;
    } else this.#peerScale = Math.min(windowScale, WINDOW_SCALE_MAX);
    this.#edge = this.#newEdge();
  }

  #handleSynchronized(segment: Segment, received: ReceiveBuffer): void {
    const { seq, flags, payload } = segment;
    const length = payload.length + ((flags & FIN) === 0 ? 0 : 1);
    const isSynAgain =
      this.state === 'SYN-RECEIVED' && (flags & SYN) !== 0 && plus(seq, 1) === received.next;
    if (isSynAgain && (flags & ACK) === 0) {
      this.sender.again();
      return;
    }
    if (!isSynAgain && !this.#fits(seq, length, received)) {
      if ((flags & RST) === 0) this.#challenge(length > 0);
      return;
    }
    if ((flags & RST) !== 0) {
      if (seq === received.next) this.#enterResetByPeer();
      else this.#challenge(false);
      return;
    }
    if ((flags & SYN) !== 0 && !isSynAgain) {
      this.#challenge(false);
      return;
    }
    if ((flags & ACK) === 0 || !this.#takeAck(segment)) return;
    this.#takeData(segment, received);
  }

  /** Something of it lies in the window. Source: RFC 9293, table 6. */
  #fits(seq: number, length: number, { next }: ReceiveBuffer): boolean {
    const window = Math.max(0, distance(next, this.#edge));
    const from = distance(next, seq);
    if (length === 0) return window === 0 ? from === 0 : from >= 0 && from < window;
    const last = from + length - 1;
    return window > 0 && ((from >= 0 && from < window) || (last >= 0 && last < window));
  }

  /** False where the segment is of no more use. */
  #takeAck(segment: Segment): boolean {
    const { ack, payload, flags } = segment;
    const { sender } = this;
    if (this.state === 'SYN-RECEIVED') {
      if (!sender.isOutstanding(ack)) {
        this.#owner.send(this, bare(ack, 0, RST));
        return false;
      }
      sender.acknowledged(ack, this.#windowOf(segment), segment.seq, false);
      this.#enterEstablished();
      return true;
    }
    if (isBefore(sender.most, ack) || isBefore(ack, sender.oldest)) {
      this.#challenge(payload.length > 0);
      return false;
    }
    const isPlain = payload.length === 0 && (flags & FIN) === 0;
    const waited = sender.unsent;
    sender.acknowledged(ack, this.#windowOf(segment), segment.seq, isPlain);
    if (waited > 0 && sender.unsent < waited) this.#owner.unsent(this);
    if (sender.isFinished) this.#enterFinAcknowledged();
    return this.state !== 'CLOSED';
  }

  #windowOf({ window, flags }: Segment): number {
    return (flags & SYN) === 0 ? window * 2 ** this.#peerScale : window;
  }

  #takeData({ seq, payload, flags }: Segment, received: ReceiveBuffer): void {
    const mayCome =
      this.state === 'ESTABLISHED' || this.state === 'FIN-WAIT-1' || this.state === 'FIN-WAIT-2';
    if (!mayCome) {
      // The peer's FIN came before: what comes behind it, or again, is told where we are.
      if (payload.length > 0 || (flags & FIN) !== 0) this.#acknowledge();
      if (this.state === 'TIME-WAIT' && (flags & FIN) !== 0) this.#enterTimeWait();
      return;
    }
    const room = distance(seq, this.#edge);
    const bytes = payload.length > room ? payload.subarray(0, room) : payload;
    if (bytes.length > 0) {
      const hadHole = received.runs > 0;
      const inOrder = received.take(seq, bytes);
      // A hole, or its end: the peer is to know at once.
      if (inOrder && !hadHole) this.#unanswered++;
      else this.#unanswered = SEGMENTS_AN_ACK;
      if (inOrder) {
        if (this.state === 'FIN-WAIT-2') this.#enterFinWait2();
        if (!this.#isPaused) this.#owner.readable(this);
      }
    }
    const isFin = (flags & FIN) !== 0 && plus(seq, payload.length) === received.next;
    if (isFin && distance(received.next, this.#edge) >= 0 && !this.#isPausedWith(received)) {
      received.next = plus(received.next, 1);
      this.#unanswered = SEGMENTS_AN_ACK;
      this.#enterPeerEnded();
    }
    this.acknowledgeSoon();
  }

  /** The peer's end comes behind its bytes: it is not taken while those are not read. The peer sends it again. */
  #isPausedWith(received: ReceiveBuffer): boolean {
    return this.#isPaused && received.readyBytes > 0;
  }

  // What goes.

  #transmit(seq: number, payload: Uint8Array, flags: number): void {
    const received = this.#received;
    const isSyn = (flags & SYN) !== 0;
    if (received !== undefined) this.#edge = later(this.#edge, this.#newEdge());
    const ack = received?.next ?? 0;
    this.#answered();
    this.#owner.send(this, {
      seq,
      ack,
      flags: flags | (received === undefined ? 0 : ACK),
      window: this.#windowField(isSyn),
      ...(isSyn ? { mss: this.#owner.config.mss } : {}),
      ...(isSyn && this.#tellsScale ? { windowScale: this.#scale } : {}),
      payload,
    });
  }

  #windowField(isSyn: boolean): number {
    const { receiveWindowBytes } = this.#owner.config;
    if (this.#received === undefined) return Math.min(WINDOW_MAX, receiveWindowBytes);
    const window = Math.max(0, distance(this.#received.next, this.#edge));
    return Math.min(WINDOW_MAX, isSyn ? window : window >>> this.#scale);
  }

  #newEdge(): number {
    const received = this.#received!;
    const { receiveWindowBytes } = this.#owner.config;
    const most = this.#scale === 0 ? Math.min(receiveWindowBytes, WINDOW_MAX) : receiveWindowBytes;
    return plus(received.next, Math.max(0, most - received.readyBytes));
  }

  #acknowledge(): void {
    this.#transmit(this.sender.place, NOTHING, ACK);
  }

  #answered(): void {
    this.#unanswered = 0;
    this.#delayedAck?.cancel();
    this.#delayedAck = undefined;
  }

  #challenge(hasData: boolean): void {
    const { now } = this.#owner;
    if (!hasData && now - this.#challengedAt < CHALLENGE_NS) return;
    if (!hasData) this.#challengedAt = now;
    this.#acknowledge();
  }

  // States.

  #enterEstablished(): void {
    this.state = 'ESTABLISHED';
    this.#owner.opened(this);
  }

  #enterFinWait1(): void {
    this.state = 'FIN-WAIT-1';
  }

  /** Our end is acknowledged; a peer that does not end too is not waited for without end. */
  #enterFinWait2(): void {
    this.state = 'FIN-WAIT-2';
    this.#waiting?.cancel();
    this.#waiting = this.#owner.after(this.#owner.config.timeWaitNs, () => this.reset());
  }

  #enterLastAck(): void {
    this.state = 'LAST-ACK';
  }

  #enterFinAcknowledged(): void {
    if (this.state === 'FIN-WAIT-1') this.#enterFinWait2();
    else if (this.state === 'CLOSING') this.#enterTimeWait();
    else if (this.state === 'LAST-ACK') this.enterClosed('closed');
  }

  #enterPeerEnded(): void {
    const isLast = this.state === 'FIN-WAIT-2';
    if (!isLast) this.state = this.state === 'ESTABLISHED' ? 'CLOSE-WAIT' : 'CLOSING';
    this.#owner.ended(this);
    if (isLast && !this.#isClosed) this.#enterTimeWait();
  }

  #enterTimeWait(): void {
    const isNew = this.state !== 'TIME-WAIT';
    this.state = 'TIME-WAIT';
    this.#waiting?.cancel();
    this.#waiting = this.#owner.after(this.#owner.config.timeWaitNs, () =>
      this.enterClosed('closed'),
    );
    if (!isNew) return;
    this.sender.stop();
    this.#owner.over(this, 'closed');
  }

  #enterResetByPeer(): void {
    this.enterClosed(this.state === 'SYN-RECEIVED' ? 'closed' : 'reset');
  }

  /** Nobody answered for long. */
  #enterBroken(): void {
    this.enterClosed(this.state === 'SYN-SENT' ? 'unreachable' : 'reset');
  }

  /** It is gone. */
  enterClosed(how: 'closed' | 'reset' | 'unreachable'): void {
    if (this.state === 'CLOSED') return;
    this.state = 'CLOSED';
    this.sender.stop();
    this.#answered();
    this.#waiting?.cancel();
    this.#received?.clear();
    this.#owner.over(this, how);
  }
}

/** A segment that says nothing but where it stands. */
export const bare = (seq: number, ack: number, flags: number): SegmentOut => ({
  seq,
  ack,
  flags,
  window: 0,
  payload: NOTHING,
});

const mssOf = ({ mss = MSS_DEFAULT }: Segment): number => Math.max(mss, MSS_MIN);

function scaleFor(windowBytes: number): number {
  let scale = 0;
  while (scale < WINDOW_SCALE_MAX && windowBytes >>> scale > WINDOW_MAX) scale++;
  return scale;
}
