/**
 * One direction of a link: a queue, the transmitter and the wire behind it.
 *
 * A frame waits in the queue until the transmitter is free and not held, takes its serialization
 * time, then the propagation delay, and is due at the far end. Nothing happens at the moment a
 * transmission starts: `#advance` works out afterwards which frames have started, so a frame costs
 * one event, its delivery.
 *
 * Waiting frames lie in a ring of their own, apart from those on the wire, and leave in the order they
 * came. Where a link has queues by priority frames wait there (`priority-queues.ts`), and come here one
 * at a time.
 */

import type { Instant } from '../machine/machine.ts';
import type { CreditOptions } from './credit.ts';
import type { FrameFate } from './fault-lane.ts';
import type { QosOptions } from './qos-options.ts';

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
  /** Only of native Fibre Channel links: their frames need credit. */
  readonly credit?: CreditOptions;
  /** Only of links with queues by priority. */
  readonly qos?: QosOptions;
}

/** `LinkOptions` with nothing left open. */
export type LinkParameters = Required<Omit<LinkOptions, 'credit' | 'qos'>> &
  Pick<LinkOptions, 'credit' | 'qos'>;

/** Fills in the defaults. Errors: `RangeError` naming the value that makes no sense. */
export function linkParameters(options: LinkOptions): LinkParameters {
  const parameters = {
    rateBitsPerSecond: options.rateBitsPerSecond ?? 10e9,
    propagationNs: options.propagationNs ?? 500,
    queueLimitBytes: options.queueLimitBytes ?? 16 * 2 ** 20,
    ...(options.credit === undefined ? {} : { credit: options.credit }),
    ...(options.qos === undefined ? {} : { qos: options.qos }),
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
  /** Frames that waited for credit, or in a queue, for longer than a switch keeps them. */
  heldDropped: number;
  /** Frames that found no room in the buffer that they came to. */
  bufferDropped: number;
  /** Frames waiting, on the wire, or held back by a fault. */
  inFlight: number;
  /** The most bytes that ever waited for the transmitter. */
  queueBytesMax: number;
}

const RING_MIN = 4;
/** Numbers kept of each frame, which is itself not touched while it waits: it would be cold memory. */
const NUMBERS = 4;
const ORDINAL = 0;
/** Once it has started. */
const DUE_NS = 1;
const BYTES = 2;
/** Whether the frame was given away by its sender: 1, or 0. */
const GIVEN = 3;

/** The transmitter and the wire of one direction. */
export class Channel {
  // Of the frame that was taken out last.
  ordinal = 0;
  given = false;
  fate: FrameFate | undefined = undefined;
  /** When the transmitter may start again after a pause; `Infinity` until resumed. */
  pausedUntilNs: Instant = 0;
  /** The same for a fault that clogs the direction. */
  cloggedUntilNs: Instant = 0;

  readonly #rateBitsPerSecond: number;
  readonly #propagationNs: Instant;
  readonly #queueLimitBytes: number;
  /** The transmitter is busy with the last frame that started until then. */
  #freeAtNs: Instant = 0;

  // A ring of frames: [#head, #started) are on the wire, [#started, #tail) wait.
  #frames: (Uint8Array | undefined)[] = new Array(RING_MIN).fill(undefined);
  /** Made with the first fault: most directions never have one. */
  #fates: (FrameFate | undefined)[] | undefined;
  #numbers = new Float64Array(RING_MIN * NUMBERS);
  #mask = RING_MIN - 1;
  #head = 0;
  #started = 0;
  #tail = 0;
  #waitingBytes = 0;
  #waitingBytesMax = 0;

  constructor(parameters: LinkParameters) {
    this.#rateBitsPerSecond = parameters.rateBitsPerSecond;
    this.#propagationNs = parameters.propagationNs;
    this.#queueLimitBytes = parameters.queueLimitBytes;
  }

  /** Frames in the queue and on the wire. */
  get length(): number {
    return this.#tail - this.#head;
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

  /** Takes a frame to send; `false` when it has to wait and the queue has no room for it. */
  offer(
    frame: Uint8Array,
    given: boolean,
    ordinal: number,
    fate: FrameFate | undefined,
    now: Instant,
  ): boolean {
    this.#advance(now);
    const waiting = this.#started !== this.#tail || this.#startNs() > now;
    if (waiting && this.#waitingBytes + frame.length > this.#queueLimitBytes) {
      return false;
    }
    if (this.length > this.#mask) this.#grow();
    const at = this.#tail++ & this.#mask;
    this.#frames[at] = frame;
    if (fate !== undefined) {
      this.#fates ??= new Array(this.#mask + 1).fill(undefined);
      this.#fates[at] = fate;
    }
    this.#numbers[at * NUMBERS + ORDINAL] = ordinal;
    this.#numbers[at * NUMBERS + BYTES] = frame.length;
    this.#numbers[at * NUMBERS + GIVEN] = given ? 1 : 0;
    if (!waiting) {
      this.#start(at, now);
      return true;
    }
    this.#waitingBytes += frame.length;
    if (this.#waitingBytes > this.#waitingBytesMax) this.#waitingBytesMax = this.#waitingBytes;
    return true;
  }

  /**
   * When the oldest frame is due at the far end, as things stand; `Infinity` when there is none
   * or the direction is paused until resumed.
   */
  nextDueNs(now: Instant): Instant {
    if (this.#head === this.#tail) return Infinity;
    const at = this.#head & this.#mask;
    if (this.#started === this.#head) this.#advance(now);
    if (this.#started !== this.#head) return this.#numbers[at * NUMBERS + DUE_NS]!;
    return this.#startNs() + this.serializationNs(this.#bytesAt(at)) + this.#propagationNs;
  }

  /** When the transmitter is free after all that it has been given, as things stand; `Infinity` while paused until resumed. */
  readyNs(now: Instant): Instant {
    this.#advance(now);
    let readyNs = this.#startNs();
    for (let one = this.#started; one !== this.#tail; one++) {
      readyNs += this.serializationNs(this.#bytesAt(one & this.#mask));
    }
    return readyNs;
  }

  /** Takes out the oldest frame, whatever its time. */
  shift(): Uint8Array | undefined {
    if (this.#head === this.#tail) return undefined;
    const at = this.#head & this.#mask;
    const frame = this.#frames[at]!;
    this.#frames[at] = undefined;
    this.ordinal = this.#numbers[at * NUMBERS + ORDINAL]!;
    this.given = this.#numbers[at * NUMBERS + GIVEN] === 1;
    if (this.#fates === undefined) this.fate = undefined;
    else {
      this.fate = this.#fates[at];
      this.#fates[at] = undefined;
    }
    if (this.#started === this.#head++) {
      this.#started++;
      this.#waitingBytes -= this.#bytesAt(at);
    }
    return frame;
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

  /** Starts every frame whose turn came at or before `now`, each at its exact time. */
  #advance(now: Instant): void {
    while (this.#started !== this.#tail) {
      const startNs = this.#startNs();
      if (startNs > now) return;
      const at = this.#started & this.#mask;
      this.#waitingBytes -= this.#bytesAt(at);
      this.#start(at, startNs);
    }
  }

  #start(at: number, startNs: Instant): void {
    this.#started++;
    this.#freeAtNs = startNs + this.serializationNs(this.#bytesAt(at));
    this.#numbers[at * NUMBERS + DUE_NS] = this.#freeAtNs + this.#propagationNs;
  }

  #bytesAt(at: number): number {
    return this.#numbers[at * NUMBERS + BYTES]!;
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    const frames: (Uint8Array | undefined)[] = new Array(size).fill(undefined);
    const fates: (FrameFate | undefined)[] | undefined =
      this.#fates && new Array(size).fill(undefined);
    const numbers = new Float64Array(size * NUMBERS);
    const count = this.length;
    for (let i = 0; i < count; i++) {
      const at = (this.#head + i) & this.#mask;
      frames[i] = this.#frames[at];
      if (fates !== undefined) fates[i] = this.#fates?.[at];
      for (let n = 0; n < NUMBERS; n++) numbers[i * NUMBERS + n] = this.#numbers[at * NUMBERS + n]!;
    }
    this.#frames = frames;
    this.#fates = fates;
    this.#numbers = numbers;
    this.#mask = size - 1;
    this.#started -= this.#head;
    this.#head = 0;
    this.#tail = count;
  }
}

/** Between frames of a native link: at least six ordered sets. Source: FC-FS-3, frame transmission. */
const FC_GAP_BYTES = 24;

/** One direction of a native Fibre Channel link: no frame is padded. */
export class FcChannel extends Channel {
  readonly #nsPerByte: number;

  constructor(parameters: LinkParameters) {
    super(parameters);
    this.#nsPerByte = 8e9 / parameters.rateBitsPerSecond;
  }

  override serializationNs(lengthBytes: number): Instant {
    return Math.ceil((lengthBytes + FC_GAP_BYTES) * this.#nsPerByte);
  }
}
