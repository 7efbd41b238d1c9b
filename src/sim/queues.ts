/**
 * Queues by priority at work: whose turn it is at a transmitter, buffers that fill, and the PFC frames that pause who
 * fills them. Nothing of it is on the way of a frame of another link.
 */

import { EtherType } from '../codecs/ethernet/index.ts';
import type { QosEvent, QueueConfiguration, QueueDropped } from '../history/qos.ts';
import { ETHERNET_FRAME_BYTES_MIN, ETHERNET_OVERHEAD_BYTES } from '../link/channel.ts';
import type { FrameFate, LaneFrame } from '../link/fault-lane.ts';
import { checkQueues, etherTypeOf, isPaused, PRIORITIES, priorityOf } from '../link/qos-options.ts';
import {
  LOCAL_EXPERIMENTAL,
  type OtherTraffic,
  otherFrame,
  pfcFrame,
  QUANTA_MAX,
} from '../link/queue-frames.ts';
import { SharedBuffer } from '../link/shared-buffer.ts';
import type { Instant } from '../machine/machine.ts';
import type { EventQueue } from './event-queue.ts';
import type { Lane, Link, LossReason } from './link.ts';
import { backOf, Pauses, pauseNs, qosOf, wayOf } from './pauses.ts';
import type { Trace } from './trace.ts';
import { type Clock, QueueWork, TransitEvent } from './transit-parts.ts';

/** Kinds of frames that are told of for each direction. */
const USED_MAX = 4096;
/** Where the EtherType of a frame without a tag stands. */
const UNTAGGED_AT = 12;

const NO_FATE: FrameFate = { drop: false, delayNs: 0, copyAfterNs: undefined };

/** What the queues ask of the transit. */
export interface QueueTraffic {
  /** Puts a frame whose turn it is on the link. */
  enqueue(lane: Lane, sent: LaneFrame): void;
  /** A frame of the link's own, which meets what any frame meets. */
  send(lane: Lane, frame: Uint8Array, given: boolean): void;
  /** A frame is lost. */
  lost(lane: Lane, sent: LaneFrame, reason: LossReason): void;
  /** A frame has come to the other end that is not for the machine there. */
  absorb(lane: Lane, sent: LaneFrame): void;
}

/** The queues and buffers of all links that have some. */
export class Queues<Event> {
  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #trace: Trace<Event>;
  readonly #traffic: QueueTraffic;
  readonly #pauses: Pauses;
  readonly #lanes: Lane[] = [];
  /** By the numbers of nodes. */
  readonly #buffers = new Map<number, SharedBuffer>();
  /** The place in a buffer of the frame that a switch is being handed, until something takes it over. */
  #filled: { readonly port: number; readonly free: () => void } | undefined;
  /** Of lanes whose transmitter is at work: the place in a buffer that becomes free behind it. */
  readonly #leaving = new Map<Lane, () => void>();

  constructor(clock: Clock, queue: EventQueue, trace: Trace<Event>, traffic: QueueTraffic) {
    this.#clock = clock;
    this.#queue = queue;
    this.#trace = trace;
    this.#traffic = traffic;
    this.#pauses = new Pauses(clock, {
      lanes: this.#lanes,
      next: (lane) => this.#next(lane),
      at: (lane, atNs, kind) => this.#at(lane, atNs, kind),
      tell: (event) => this.#tell(event),
    });
  }

  /** A link with queues: its ends have buffers from now on. */
  add(link: Link): void {
    for (const lane of link.lanes) {
      this.#lanes.push(lane);
      const { queues } = qosOf(backOf(lane));
      this.#setPort(lane, queues.configuration.pfcEnabled);
    }
  }

  /** An end of a link has other queues from now on. Errors: `RangeError` for queues that are none. */
  configure(
    link: Link,
    end: number,
    queues: QueueConfiguration,
    by: 'configuration' | 'dcbx',
  ): void {
    checkQueues(queues);
    const lane = link.lanes[end === 0 ? 0 : 1];
    const qos = qosOf(lane);
    qos.queues.configuration = queues;
    qos.used.clear();
    this.#setPort(backOf(lane), queues.pfcEnabled);
    this.#tell({ type: 'queues', link: link.name, end, by, queues });
    this.#next(lane);
  }

  /** An end sends other traffic, from now on. */
  sendOther(lane: Lane, traffic: OtherTraffic): void {
    qosOf(lane).other = traffic;
    this.#at(lane, this.#clock.nowNs, QueueWork.OTHER);
  }

  /** A frame to send: it goes when it is its turn. */
  offer(lane: Lane, sent: LaneFrame): void {
    const qos = qosOf(lane);
    const { frame } = sent;
    const { at, etherType } = etherTypeOf(frame);
    const wireBytes = Math.max(frame.length, ETHERNET_FRAME_BYTES_MIN) + ETHERNET_OVERHEAD_BYTES;
    const sinceNs = this.#clock.nowNs;
    if (etherType === EtherType['MAC control']) {
      const control = { ...sent, fate: { ...(sent.fate ?? NO_FATE), queued: 'control' } as const };
      qos.queues.pushControl({ sent: control, priority: 0, sinceNs, wireBytes });
      this.#next(lane);
      return;
    }
    const priority = priorityOf(frame);
    const isOther = etherType === LOCAL_EXPERIMENTAL;
    if (!isOther) this.#use(lane, frame, priority, etherType, at);
    const filled = isOther ? undefined : this.#filled;
    if (filled !== undefined) this.#filled = undefined;
    // What fills a buffer behind a pause is bounded by that.
    const isBounded =
      filled !== undefined && isPaused(qos.queues.configuration.pfcEnabled, priority);
    if (!isBounded && !qos.queues.hasRoom(priority, frame.length)) {
      this.#drop(lane, sent, priority, 'queue');
      filled?.free();
      return;
    }
    const queued = isOther ? 'other' : priority;
    const waiting = { ...sent, fate: { ...(sent.fate ?? NO_FATE), queued } as const };
    const isFirst = qos.queues.oldestNs === Infinity;
    const place = { cameBy: filled?.port, left: filled?.free };
    qos.queues.push({ sent: waiting, priority, sinceNs, wireBytes, ...place });
    const { holdNs = Infinity } = qos.sender;
    if (isFirst && holdNs !== Infinity) this.#at(lane, sinceNs + holdNs, QueueWork.HOLD);
    this.#next(lane);
  }

  /** A frame has come to the far end, or has not: the link lost it. `deliver` hands it to the machine there. */
  arrived(lane: Lane, sent: LaneFrame, isLost: boolean, deliver: () => void): void {
    this.#next(lane);
    const { queued } = sent.fate!;
    if (isLost) {
      deliver();
      return;
    }
    if (typeof queued !== 'number') {
      this.#traffic.absorb(lane, sent);
      if (queued === 'control') this.#pauses.hear(lane, sent.frame);
      return;
    }
    const { drain, filled, receiver } = qosOf(lane);
    const isSlow = this.#clock.nowNs < drain.untilNs || filled.length > 0;
    if (receiver.forwards !== true && !isSlow) {
      deliver();
      return;
    }
    const buffer = this.#bufferAt(lane);
    const bytes = sent.frame.length;
    if (!buffer.admit(lane.id, queued, bytes)) {
      this.#drop(lane, sent, queued, 'buffer');
      return;
    }
    if (buffer.pauses(lane.id, queued)) this.#pause(lane);
    const free = () => {
      buffer.release(lane.id, queued, bytes);
      if (buffer.resumes(lane.id, queued)) this.#sendPfc(lane, 1 << queued, 0);
    };
    if (receiver.forwards !== true) {
      deliver();
      this.#giveBackSlowly(lane, free);
      return;
    }
    this.#filled = { port: lane.id, free };
    deliver();
    // Nothing that came of it waits: its place is free.
    if (this.#filled?.free === free) free();
    this.#filled = undefined;
  }

  /** The time of something about queues has come. */
  handleEvent(lane: Lane, kind: number): void {
    const qos = qosOf(lane);
    const now = this.#clock.nowNs;
    switch (kind) {
      case QueueWork.NEXT:
        if (now >= qos.nextNs) qos.nextNs = Infinity;
        this.#next(lane);
        return;
      case QueueWork.EFFECT:
        this.#pauses.takeEffect(lane);
        return;
      case QueueWork.EXPIRE:
        this.#pauses.expire(lane);
        return;
      case QueueWork.REFRESH:
        if (now < qos.refreshNs) return;
        qos.refreshNs = Infinity;
        if (lane.link.state.up && this.#bufferAt(lane).pausing(lane.id) !== 0) this.#pause(lane);
        return;
      case QueueWork.DRAINED:
        while (qos.filled.length > 0 && qos.filled[0]!.atNs <= now) qos.filled.shift()!.free();
        return;
      case QueueWork.HOLD:
        this.#discardHeld(lane);
        return;
      default:
        this.#sendMore(lane);
    }
  }

  /** The link went: what waits is lost, and nothing is paused any more. */
  cut(lane: Lane): LaneFrame[] {
    const qos = qosOf(lane);
    for (let priority = 0; priority < PRIORITIES; priority++) this.#pauses.resume(lane, priority);
    const lost = qos.queues.clear();
    for (const { left } of lost) left?.();
    this.#left(lane);
    for (const { free } of qos.filled.splice(0)) free();
    this.#bufferAt(lane).forget(lane.id);
    qos.nextNs = Infinity;
    qos.refreshNs = Infinity;
    return lost.map(({ sent }) => sent);
  }

  /** Lets the transmitter begin the next frame if it is free; else it is looked at when it is. */
  #next(lane: Lane): void {
    const qos = qosOf(lane);
    const now = this.#clock.nowNs;
    if (qos.nextNs !== Infinity) return;
    const readyNs = lane.channel.readyNs(now);
    if (readyNs > now) {
      if (readyNs !== Infinity) this.#lookAt(lane, readyNs);
      return;
    }
    this.#left(lane);
    if (qos.window.isOver(now)) this.#turnWindow(lane);
    const frame = qos.queues.take();
    if (frame === undefined) return;
    const { groups } = qos.queues.configuration;
    const { queued } = frame.sent.fate!;
    if (queued !== 'control') {
      this.#pauses.watch(lane, frame.priority);
      qos.window.count(groups[frame.priority]!, frame.wireBytes);
      for (let group = 0; group < PRIORITIES; group++) {
        if (!qos.queues.isBacklogged(group)) qos.window.rest(group);
      }
    }
    this.#traffic.enqueue(lane, frame.sent);
    if (frame.left !== undefined) this.#leaving.set(lane, frame.left);
    if (frame.left === undefined && qos.queues.length === 0) return;
    const freeNs = lane.channel.readyNs(now);
    if (freeNs !== Infinity) this.#lookAt(lane, freeNs);
  }

  #lookAt(lane: Lane, atNs: Instant): void {
    qosOf(lane).nextNs = atNs;
    this.#at(lane, atNs, QueueWork.NEXT);
  }

  /** The frame that was sent last has left: what it filled is free. */
  #left(lane: Lane): void {
    const left = this.#leaving.get(lane);
    if (left === undefined) return;
    this.#leaving.delete(lane);
    left();
  }

  #turnWindow(lane: Lane): void {
    const { queues, window } = qosOf(lane);
    const { bandwidth } = queues.configuration;
    const served = window.turn(this.#clock.nowNs, bandwidth, (group) => queues.isBacklogged(group));
    for (const one of served) this.#tell({ type: 'group-served', ...wayOf(lane), ...one });
  }

  /** The port that a lane leads to pauses its sender: once more where it has already. */
  #pause(lane: Lane): void {
    const qos = qosOf(lane);
    this.#sendPfc(lane, this.#bufferAt(lane).pausing(lane.id), QUANTA_MAX);
    const halfNs = Math.floor(pauseNs(lane, QUANTA_MAX) / 2);
    qos.refreshNs = this.#clock.nowNs + halfNs;
    this.#at(lane, qos.refreshNs, QueueWork.REFRESH);
  }

  /** A PFC frame to who sends into a lane. */
  #sendPfc(lane: Lane, priorities: number, quanta: number): void {
    if (!lane.link.state.up) return;
    const frame = pfcFrame(qosOf(lane).receiver.mac, priorities, quanta);
    this.#traffic.send(backOf(lane), frame, true);
  }

  /** A slow device gives its buffer back one frame after the other. */
  #giveBackSlowly(lane: Lane, free: () => void): void {
    const { drain, filled } = qosOf(lane);
    const now = this.#clock.nowNs;
    const delayNs = now < drain.untilNs ? drain.delayNs : 0;
    // What it has not taken when its slowness is over it takes at once.
    const atNs = Math.min(Math.max(now, drain.busyUntilNs) + delayNs, Math.max(now, drain.untilNs));
    drain.busyUntilNs = atNs;
    filled.push({ atNs, free });
    this.#at(lane, atNs, QueueWork.DRAINED);
  }

  #discardHeld(lane: Lane): void {
    const { queues, sender } = qosOf(lane);
    const { holdNs = Infinity } = sender;
    const now = this.#clock.nowNs;
    for (let priority = 0; priority < PRIORITIES; priority++) {
      for (;;) {
        const held = queues.takeOlder(priority, now - holdNs);
        if (held === undefined) break;
        this.#drop(lane, held.sent, priority, 'held');
        held.left?.();
      }
    }
    const { oldestNs } = queues;
    if (oldestNs !== Infinity) this.#at(lane, oldestNs + holdNs, QueueWork.HOLD);
  }

  #sendMore(lane: Lane): void {
    const { other, queues, sender } = qosOf(lane);
    const now = this.#clock.nowNs;
    if (other === undefined || now >= other.untilNs) return;
    // One waits while one is sent: the next finds no room.
    if (lane.link.state.up && queues.of(other.priority).length < 2)
      this.#traffic.send(lane, otherFrame(sender.mac, other), true);
    this.#at(lane, now + other.everyNs, QueueWork.OTHER);
  }

  #use(lane: Lane, frame: Uint8Array, priority: number, etherType: number, at: number): void {
    const { used } = qosOf(lane);
    // Behind the EtherType stand the header of FCoE, R_CTL and D_ID.
    const fc = at + 2 + 14;
    const isFc = etherType === EtherType.FCoE && frame.length >= fc + 8;
    const sId = isFc ? (frame[fc + 5]! << 16) | (frame[fc + 6]! << 8) | frame[fc + 7]! : undefined;
    const csCtl = isFc ? frame[fc + 4]! : undefined;
    const key = `${etherType} ${at} ${priority} ${sId} ${csCtl}`;
    if (used.has(key) || used.size >= USED_MAX) return;
    used.add(key);
    const source = sId === undefined ? {} : { sId, csCtl: csCtl! };
    const tag = at === UNTAGGED_AT ? ({ untagged: true } as const) : {};
    this.#tell({ type: 'priority-used', ...wayOf(lane), etherType, priority, ...tag, ...source });
  }

  #drop(lane: Lane, sent: LaneFrame, priority: number, where: QueueDropped['where']): void {
    const bytes = sent.frame.length;
    this.#tell({ type: 'queue-drop', ...wayOf(lane), priority, bytes, where });
    this.#traffic.lost(lane, sent, where === 'queue' ? 'tail' : where);
  }

  #setPort(lane: Lane, noDrop: number): void {
    const { buffer: options } = qosOf(lane).receiver;
    let buffer = this.#buffers.get(lane.toNode);
    if (buffer === undefined) {
      buffer = new SharedBuffer(options);
      this.#buffers.set(lane.toNode, buffer);
    }
    buffer.setPort(lane.id, noDrop, options.headroomBytes);
  }

  #bufferAt(lane: Lane): SharedBuffer {
    return this.#buffers.get(lane.toNode)!;
  }

  #at(lane: Lane, atNs: Instant, kind: number): void {
    this.#queue.schedule(atNs, TransitEvent.QUEUES, lane.id, kind);
  }

  #tell(event: QosEvent): void {
    this.#trace.qos(event, this.#clock.nowNs);
  }
}
