/**
 * One direction of a link: a queue, the transmitter and the wire behind it.
 *
 * A frame waits in the queue until the transmitter is free and not held, takes its serialization
 * time, then the propagation delay, and is due at the far end. Nothing happens at the moment a
 * transmission starts: `#advance` works out afterwards which frames have started, so a frame costs
 * one event, its delivery.
 *
 * Waiting frames lie in a ring of their own, apart from those on the wire. There is one, and frames
 * leave in the order they came. Several, one for each 802.1p priority, would differ in two places:
 * `offer` says in which a frame waits, `#advance` which of them gives the next one to the transmitter.
 */

import type { Instant } from '../machine/machine.ts';
import type { FrameFate } from './fault-lane.ts';
import { FrameRing } from './frame-ring.ts';

/** Preamble and start delimiter 8, FCS 4, interpacket gap 12 bytes. */
export const ETHERNET_OVERHEAD_BYTES = 24;
/** Shorter frames are padded to this length on the wire (IEEE 802.3: 64 bytes with the FCS). */
export const ETHERNET_FRAME_BYTES_MIN = 60;

/** What a link is made of; both directions alike. */
export interface LinkOptions {
  /** Default 10e9. */
  readonly rateBitsPerSecond?: number;
  /** Default 500 (about 100 m of fibre). */
  readonly propagationNs?: Instant;
  /**
   * How many bytes of frames may wait for the transmitter in each direction, the frame being sent
   * not counted; default 16 MiB. A frame that does not fit is dropped and counted.
   */
  readonly queueLimitBytes?: number;
}

/** `LinkOptions` with nothing left open. */
export type LinkParameters = Required<LinkOptions>;

/** Fills in the defaults. Errors: `RangeError` naming the value that makes no sense. */
export function linkParameters(options: LinkOptions): LinkParameters {
  const parameters = {
    rateBitsPerSecond: options.rateBitsPerSecond ?? 10e9,
    propagationNs: options.propagationNs ?? 500,
    queueLimitBytes: options.queueLimitBytes ?? 16 * 2 ** 20,
  };
  if (!(parameters.rateBitsPerSecond > 0)) {
    throw new RangeError(`link: rate ${parameters.rateBitsPerSecond} bit/s is not above 0`);
  }
  for (const name of ['propagationNs', 'queueLimitBytes'] as const) {
    if (!Number.isSafeInteger(parameters[name]) || parameters[name] < 0) {
      throw new RangeError(`link: ${name} ${parameters[name]} is not an integer >= 0`);
    }
  }
  return parameters;
}

/** What happened to the frames of one direction; `sent + duplicated` is the sum of the rest. */
export interface ChannelStats {
  /** Frames the sending machine gave to the link, those dropped at once included. */
  sent: number;
  sentBytes: number;
  /** Copies that a fault made. */
  duplicated: number;
  /** Frames handed to the receiving machine. */
  delivered: number;
  deliveredBytes: number;
  /** Frames that found no room in the queue. */
  tailDropped: number;
  /** Frames a `drop` fault took. */
  faultDropped: number;
  /** Frames sent into, or caught in, a link that was down. */
  linkDropped: number;
  /** Frames that came to a node that was paused or crashed. */
  nodeDropped: number;
  /** Frames waiting, on the wire, or held back by a fault. */
  inFlight: number;
  /** The most bytes that ever waited for the transmitter. */
  queueBytesMax: number;
}

/** The queue, the transmitter and the wire of one direction. */
export class Channel {
  /** When the transmitter may start again after a pause; `Infinity` until resumed. */
  pausedUntilNs: Instant = 0;
  /** The same for a fault that clogs the direction. */
  cloggedUntilNs: Instant = 0;

  readonly #rateBitsPerSecond: number;
  readonly #propagationNs: Instant;
  readonly #queueLimitBytes: number;
  /** The transmitter is busy with the last frame that started until then. */
  #freeAtNs: Instant = 0;

  readonly #wire = new FrameRing();
  /** Made with the first frame that has to wait. */
  #queue: FrameRing | undefined;
  #waitingBytes = 0;
  #waitingBytesMax = 0;

  constructor(parameters: LinkParameters) {
    this.#rateBitsPerSecond = parameters.rateBitsPerSecond;
    this.#propagationNs = parameters.propagationNs;
    this.#queueLimitBytes = parameters.queueLimitBytes;
  }

  /** Frames in the queue and on the wire. */
  get length(): number {
    return this.#wire.length + (this.#queue === undefined ? 0 : this.#queue.length);
  }

  /** The most bytes that ever waited. */
  get waitingBytesMax(): number {
    return this.#waitingBytesMax;
  }

  /** How long the transmitter is busy with a frame, rounded up to a nanosecond. */
  serializationNs(lengthBytes: number): Instant {
    const bytes = Math.max(lengthBytes, ETHERNET_FRAME_BYTES_MIN) + ETHERNET_OVERHEAD_BYTES;
    return Math.ceil((bytes * 8e9) / this.#rateBitsPerSecond);
  }

  /**
   * Takes a frame to send; `false` when it has to wait and the queue has no room for it. `given` is
   * what its sender said of it.
   */
  offer(
    frame: Uint8Array,
    given: boolean,
    ordinal: number,
    fate: FrameFate | undefined,
    now: Instant,
  ): boolean {
    const { length } = frame;
    this.#advance(now);
    if (!this.#isWaiting() && this.#startNs() <= now) {
      this.#start(frame, given, length, ordinal, fate, now);
      return true;
    }
    if (this.#waitingBytes + length > this.#queueLimitBytes) return false;
    this.#queue ??= new FrameRing();
    this.#queue.push(frame, given, length, ordinal, fate, Infinity);
    this.#waitingBytes += length;
    if (this.#waitingBytes > this.#waitingBytesMax) this.#waitingBytesMax = this.#waitingBytes;
    return true;
  }

  /**
   * When the oldest frame is due at the far end, as things stand; `Infinity` when there is none
   * or the direction is paused until resumed.
   */
  nextDueNs(now: Instant): Instant {
    if (this.#wire.length === 0) this.#advance(now);
    if (this.#wire.length !== 0) return this.#wire.headDueNs;
    if (!this.#isWaiting()) return Infinity;
    return this.#startNs() + this.serializationNs(this.#queue!.headBytes) + this.#propagationNs;
  }

  /** The ordinal of the oldest frame; only while there is one. */
  get headOrdinal(): number {
    return this.#headRing().headOrdinal;
  }

  /** Whether the oldest frame was given away by its sender; only while there is one. */
  get headGiven(): boolean {
    return this.#headRing().headGiven;
  }

  /** What awaits the oldest frame when it arrives. */
  get headFate(): FrameFate | undefined {
    return this.#headRing().headFate;
  }

  /** Takes out the oldest frame, whatever its time. */
  shift(): Uint8Array | undefined {
    const ring = this.#headRing();
    if (ring !== this.#wire) this.#waitingBytes -= ring.headBytes;
    return ring.shift();
  }

  /** Holds the transmitter from `now`; the frame being sent is finished, those behind it wait. */
  pause(now: Instant, untilNs: Instant): void {
    this.#advance(now);
    this.pausedUntilNs = untilNs;
  }

  /** The same for a fault; a later end wins. */
  clog(now: Instant, untilNs: Instant): void {
    this.#advance(now);
    this.cloggedUntilNs = Math.max(this.cloggedUntilNs, untilNs);
  }

  /** Ends a pause, a clog or both at `now`. */
  release(now: Instant, paused: boolean, clogged: boolean): void {
    this.#advance(now);
    if (paused) this.pausedUntilNs = Math.min(this.pausedUntilNs, now);
    if (clogged) this.cloggedUntilNs = Math.min(this.cloggedUntilNs, now);
  }

  /** The link was cut: transmission and pause are forgotten. The frames are the caller's to take. */
  reset(now: Instant): void {
    this.#freeAtNs = now;
    this.pausedUntilNs = 0;
  }

  /** When the first waiting frame can start. */
  #startNs(): Instant {
    return Math.max(this.#freeAtNs, this.pausedUntilNs, this.cloggedUntilNs);
  }

  #isWaiting(): boolean {
    return this.#queue !== undefined && this.#queue.length !== 0;
  }

  /** Where the oldest frame lies. */
  #headRing(): FrameRing {
    return this.#wire.length === 0 && this.#isWaiting() ? this.#queue! : this.#wire;
  }

  /** Starts every frame whose turn came at or before `now`, each at its exact time. */
  #advance(now: Instant): void {
    while (this.#isWaiting()) {
      const startNs = this.#startNs();
      if (startNs > now) return;
      const queue = this.#queue!;
      const { headBytes, headGiven, headOrdinal, headFate } = queue;
      this.#waitingBytes -= headBytes;
      this.#start(queue.shift()!, headGiven, headBytes, headOrdinal, headFate, startNs);
    }
  }

  #start(
    frame: Uint8Array,
    given: boolean,
    lengthBytes: number,
    ordinal: number,
    fate: FrameFate | undefined,
    startNs: Instant,
  ): void {
    this.#freeAtNs = startNs + this.serializationNs(lengthBytes);
    this.#wire.push(frame, given, lengthBytes, ordinal, fate, this.#freeAtNs + this.#propagationNs);
  }
}
