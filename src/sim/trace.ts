/** What a simulation tells about itself: records for observers, and the running digest. */

import type { CreditEvent } from '../history/credit.ts';
import type { QosEvent } from '../history/qos.ts';
import type { Direction } from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';
import { Digest } from './digest.ts';
import type { Lane, Link, LossReason } from './link.ts';

/** Something that happened to a frame on a link. */
export interface FrameRecord {
  /**
   * `sent` by a machine; `faulted`: hit by the rule `fault`; `copied`: a duplicate was made;
   * `delivered` to a machine; `dropped` for `reason`.
   */
  readonly what: 'sent' | 'faulted' | 'copied' | 'delivered' | 'dropped';
  readonly timeNs: Instant;
  readonly link: string;
  readonly direction: Direction;
  /** The frame's number among those sent in this direction, from 1. */
  readonly ordinal: number;
  readonly frame: Uint8Array;
  /** Only of `dropped`. */
  readonly reason?: LossReason;
  /** Only of `faulted`: the name and the action of the rule. */
  readonly fault?: { readonly name: string; readonly kind: string };
}

/** An event that a machine told its owner. */
export interface MachineEventRecord<Event> {
  readonly timeNs: Instant;
  readonly node: string;
  readonly event: Event;
}

/** A node stopped or started running. */
export interface NodeRecord {
  readonly what: 'paused' | 'resumed' | 'crashed' | 'restarted';
  readonly timeNs: Instant;
  readonly node: string;
}

/** A link changed, both directions or the one named. */
export interface LinkRecord {
  readonly what: 'down' | 'up' | 'paused' | 'resumed' | 'clogged' | 'unclogged';
  readonly timeNs: Instant;
  readonly link: string;
  readonly direction?: Direction;
}

/** Sees what happens, as it happens. An observer may steer the simulator, but not run it. */
export interface Observer<Event> {
  frame?(record: FrameRecord): void;
  event?(record: MachineEventRecord<Event>): void;
  node?(record: NodeRecord): void;
  link?(record: LinkRecord): void;
  credit?(record: CreditEvent, timeNs: Instant): void;
  qos?(record: QosEvent, timeNs: Instant): void;
}

// The kinds of pieces in the digest.
const SENT = 1;
const FAULTED = 2;
const COPIED = 3;
const DELIVERED = 4;
const DROPPED = { tail: 5, fault: 6, link: 7, node: 8, held: 13, buffer: 14 } as const;
const EVENT = 9;
const NODE = 10;
const LINK = 11;
const CREDIT = 12;
const QOS = 15;

/** Feeds the digest and the observers. */
export class Trace<Event> {
  readonly digest = new Digest();
  readonly #vouchedFrom: (frame: Uint8Array) => number;
  #observers: Observer<Event>[] = [];
  #watched = false;
  /** Somebody was shown a frame and may keep it. */
  isKept = false;

  /** `vouchedFrom`: as in `SimulatorOptions`. */
  constructor(vouchedFrom: (frame: Uint8Array) => number = ({ length }) => length) {
    this.#vouchedFrom = vouchedFrom;
  }

  /** Adds an observer; the function returned removes it. */
  observe(observer: Observer<Event>): () => void {
    this.#observers = [...this.#observers, observer];
    this.#watchFrames();
    return () => {
      this.#observers = this.#observers.filter((other) => other !== observer);
      this.#watchFrames();
    };
  }

  /** A machine gave a frame to a link; the one place where its bytes go into the digest. */
  sent(lane: Lane, ordinal: number, frame: Uint8Array, timeNs: Instant): void {
    this.#digestFrame(SENT, lane, ordinal, timeNs);
    this.digest.frame(frame, this.#vouchedFrom(frame));
    if (this.#watched) this.#frame({ ...place(lane, ordinal, frame, timeNs), what: 'sent' });
  }

  /** A rule hit a frame; `frame` is what it made of it. Nothing vouches for that: it counts whole. */
  faulted(
    lane: Lane,
    ordinal: number,
    frame: Uint8Array,
    timeNs: Instant,
    fault: { readonly name: string; readonly kind: string },
  ): void {
    this.#digestFrame(FAULTED, lane, ordinal, timeNs);
    this.digest.text(fault.name);
    this.digest.bytes(frame);
    if (!this.#watched) return;
    this.#frame({ ...place(lane, ordinal, frame, timeNs), what: 'faulted', fault });
  }

  /** A duplicate was made. */
  copied(lane: Lane, ordinal: number, frame: Uint8Array, timeNs: Instant): void {
    this.#digestFrame(COPIED, lane, ordinal, timeNs);
    if (this.#watched) this.#frame({ ...place(lane, ordinal, frame, timeNs), what: 'copied' });
  }

  /** A frame came to a machine. */
  delivered(lane: Lane, ordinal: number, frame: Uint8Array, timeNs: Instant): void {
    this.#digestFrame(DELIVERED, lane, ordinal, timeNs);
    if (this.#watched) this.#frame({ ...place(lane, ordinal, frame, timeNs), what: 'delivered' });
  }

  /** A frame was lost. */
  dropped(
    lane: Lane,
    ordinal: number,
    frame: Uint8Array,
    timeNs: Instant,
    reason: LossReason,
  ): void {
    this.#digestFrame(DROPPED[reason], lane, ordinal, timeNs);
    if (!this.#watched) return;
    this.#frame({ ...place(lane, ordinal, frame, timeNs), what: 'dropped', reason });
  }

  /** A machine told something. */
  event(nodeId: number, node: string, event: Event, timeNs: Instant): void {
    this.digest.word(EVENT);
    this.digest.word(nodeId);
    this.digest.integer(timeNs);
    this.digest.value(event);
    for (const observer of this.#observers) observer.event?.({ timeNs, node, event });
  }

  /** A node stopped or started. */
  node(record: NodeRecord): void {
    this.digest.word(NODE);
    this.digest.value(record);
    for (const observer of this.#observers) observer.node?.(record);
  }

  /** A link changed. */
  link(what: LinkRecord['what'], link: Link, timeNs: Instant, direction?: Direction): void {
    const place = { what, timeNs, link: link.name };
    const record: LinkRecord = direction === undefined ? place : { ...place, direction };
    this.digest.word(LINK);
    this.digest.value(record);
    for (const observer of this.#observers) observer.link?.(record);
  }

  /** The credit of a native link changed. */
  credit(record: CreditEvent, timeNs: Instant): void {
    this.digest.word(CREDIT);
    this.digest.integer(timeNs);
    this.digest.value(record);
    for (const observer of this.#observers) observer.credit?.(record, timeNs);
  }

  /** Something happened to the queues of a link. */
  qos(record: QosEvent, timeNs: Instant): void {
    this.digest.word(QOS);
    this.digest.integer(timeNs);
    this.digest.value(record);
    for (const observer of this.#observers) observer.qos?.(record, timeNs);
  }

  #digestFrame(kind: number, lane: Lane, ordinal: number, timeNs: Instant): void {
    this.digest.pair((lane.id << 4) | kind, ordinal);
    this.digest.integer(timeNs);
  }

  #frame(record: FrameRecord): void {
    for (const observer of this.#observers) observer.frame?.(record);
  }

  /** Records of frames are made only while somebody wants them: there are millions. */
  #watchFrames(): void {
    this.#watched = this.#observers.some((observer) => observer.frame !== undefined);
    this.isKept ||= this.#watched;
  }
}

function place(lane: Lane, ordinal: number, frame: Uint8Array, timeNs: Instant) {
  return { timeNs, link: lane.link.name, direction: lane.direction, ordinal, frame };
}
