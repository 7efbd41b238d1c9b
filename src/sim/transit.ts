/** Frames between machines: links, what faults do to the frames on them, and who is told. */

import {
  type ActiveFault,
  type FaultPlan,
  type FaultRule,
  type FrameFault,
  reorderWithinNs,
} from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';
import { EVENTS_PENDING_MAX, type EventHandle, type EventQueue } from './event-queue.ts';
import type { Lane, Link, LinkOwner } from './link.ts';
import type { DropReason, Trace } from './trace.ts';

/** The kinds of event the transit schedules; `a` is the number of a lane, a link or a stray. */
export const TransitEvent = {
  /** The oldest frame of lane a may be due. */
  DELIVERY: 0,
  /** Stray frame a is due. */
  STRAY: 1,
  /** Lane a has held a frame for the next one long enough. */
  HELD: 2,
  /** Link a went up (b = 1) or down (b = 0): tell the machines. */
  TELL: 3,
  /** Link a may come up by itself. */
  RESTORE: 4,
} as const;

/** The simulator's time, shared by its parts. */
export interface Clock {
  nowNs: Instant;
}

/** Whom frames and link changes go to. */
export interface Receiver {
  isRunning(nodeId: number): boolean;
  /** `given`: nobody else keeps the frame. */
  receive(nodeId: number, port: number, frame: Uint8Array, given: boolean): void;
  tellLink(nodeId: number, port: number, up: boolean): void;
}

/** A frame out of the order of its lane: delayed, or a duplicate. */
interface Stray {
  readonly lane: Lane;
  readonly frame: Uint8Array;
  readonly ordinal: number;
  readonly copyAfterNs: Instant | undefined;
  readonly event: EventHandle;
}

export class Transit<Event> implements LinkOwner {
  readonly links: Link[] = [];
  readonly #linkByName = new Map<string, Link>();
  readonly #lanes: Lane[] = [];
  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #trace: Trace<Event>;
  readonly #plan: FaultPlan;
  readonly #receiver: Receiver;
  readonly #strays = new Map<number, Stray>();
  #strayIds = 0;

  constructor(
    clock: Clock,
    queue: EventQueue,
    trace: Trace<Event>,
    plan: FaultPlan,
    receiver: Receiver,
  ) {
    this.#clock = clock;
    this.#queue = queue;
    this.#trace = trace;
    this.#plan = plan;
    this.#receiver = receiver;
  }

  /** The link of a name. */
  find(name: string): Link | undefined {
    return this.#linkByName.get(name);
  }

  addLink(link: Link): void {
    this.links.push(link);
    this.#linkByName.set(link.name, link);
    for (const lane of link.lanes) {
      lane.faults = this.#plan.of(link.name, lane.direction);
      this.#lanes.push(lane);
    }
  }

  addFault(rule: FaultRule): ActiveFault {
    if (rule.link !== undefined && this.find(rule.link) === undefined) {
      throw new TypeError(`fault rule: there is no link ${rule.link}`);
    }
    const active = this.#plan.add(rule);
    this.#assignFaults();
    return active;
  }

  /** Takes back every fault: no rule is left, clogs end, links that a rule cut come up. */
  heal(): void {
    this.#plan.clear();
    this.#assignFaults();
    const now = this.#clock.nowNs;
    for (const link of this.links) {
      if (link.state.cutByFault) this.restoreLink(link);
      for (const lane of link.lanes) {
        if (lane.channel.cloggedUntilNs <= now) continue;
        lane.channel.release(now, false, true);
        this.#trace.link('unclogged', link, now, lane.direction);
        this.#arm(lane);
      }
    }
  }

  /** A machine sends a frame; `given`: it keeps nothing of it. */
  send(lane: Lane, frame: Uint8Array, given: boolean): void {
    const now = this.#clock.nowNs;
    const ordinal = ++lane.sent;
    lane.sentBytes += frame.length;
    this.#trace.sent(lane, ordinal, frame, now);
    if (!lane.link.state.up) {
      this.#drop(lane, ordinal, frame, 'link');
      return;
    }
    for (const tap of lane.tapsAtSender) tap(lane.link, lane.direction, now, frame);
    if (lane.faults.length === 0 && lane.held === undefined) {
      this.#enqueue(lane, ordinal, frame, given, undefined);
    } else {
      this.#sendThroughFaults(lane, ordinal, frame, given);
    }
  }

  handleEvent(kind: number, a: number, b: number): void {
    switch (kind) {
      case TransitEvent.DELIVERY:
        this.#handleDelivery(this.#lanes[a]!);
        return;
      case TransitEvent.STRAY: {
        const { lane, ordinal, frame, copyAfterNs } = this.#strays.get(a)!;
        this.#strays.delete(a);
        lane.strays--;
        this.#arrive(lane, ordinal, frame, copyAfterNs, false);
        return;
      }
      case TransitEvent.HELD:
        this.#releaseHeld(this.#lanes[a]!);
        return;
      case TransitEvent.TELL:
        this.#tell(this.links[a]!, b === 1);
        return;
      default: {
        const link = this.links[a]!;
        if (this.#clock.nowNs >= link.state.downUntilNs) this.restoreLink(link);
      }
    }
  }

  pauseLane(lane: Lane, untilNs: Instant): void {
    if (untilNs !== Infinity && !(Number.isSafeInteger(untilNs) && untilNs >= 0)) {
      throw new RangeError(`link ${lane.link.name}: pause until ${untilNs} ns is no time`);
    }
    lane.channel.pause(this.#clock.nowNs, untilNs);
    this.#trace.link('paused', lane.link, this.#clock.nowNs, lane.direction);
    this.#arm(lane);
  }

  resumeLane(lane: Lane): void {
    lane.channel.release(this.#clock.nowNs, true, false);
    this.#trace.link('resumed', lane.link, this.#clock.nowNs, lane.direction);
    this.#arm(lane);
  }

  cutLink(link: Link, forNs: Instant, byFault: boolean): void {
    if (forNs !== Infinity && !(Number.isSafeInteger(forNs) && forNs >= 1)) {
      throw new RangeError(`link ${link.name}: cut for ${forNs} ns is not an integer >= 1`);
    }
    const { state } = link;
    const now = this.#clock.nowNs;
    const untilNs = now + forNs;
    if (state.up) {
      state.up = false;
      state.cutByFault = byFault;
      state.downUntilNs = untilNs;
      for (const lane of link.lanes) this.#lose(lane);
      this.#announce(link);
    } else {
      state.downUntilNs = Math.max(state.downUntilNs, untilNs);
      // What its owner cut stays cut when the faults are healed.
      state.cutByFault &&= byFault;
    }
    if (untilNs !== Infinity) this.#queue.schedule(untilNs, TransitEvent.RESTORE, link.id, 0);
  }

  restoreLink(link: Link): void {
    if (link.state.up) return;
    link.state.up = true;
    link.state.cutByFault = false;
    this.#announce(link);
  }

  /**
   * Machines are told by an event of this instant, not at once: the cut may come from a rule that
   * hit a frame while its sender's outputs are being drained.
   */
  #announce(link: Link): void {
    const { up } = link.state;
    this.#trace.link(up ? 'up' : 'down', link, this.#clock.nowNs);
    this.#queue.schedule(this.#clock.nowNs, TransitEvent.TELL, link.id, up ? 1 : 0);
  }

  #tell(link: Link, up: boolean): void {
    const [toB, toA] = link.lanes;
    for (const [end, lane] of [toA, toB].entries()) {
      if (link.state.told[end] === up || !this.#receiver.isRunning(lane.toNode)) continue;
      link.state.told[end] = up;
      this.#receiver.tellLink(lane.toNode, lane.toPort, up);
    }
  }

  #assignFaults(): void {
    for (const lane of this.#lanes) lane.faults = this.#plan.of(lane.link.name, lane.direction);
  }

  #sendThroughFaults(lane: Lane, ordinal: number, sent: Uint8Array, given: boolean): void {
    const now = this.#clock.nowNs;
    let frame = sent;
    let fault: FrameFault | undefined;
    let cutForNs = 0;
    let holdNs = 0;
    for (const rule of lane.faults) {
      const { action } = rule.rule;
      // The frame that lets a held one go is its partner in that swap and in no other.
      if (action.kind === 'reorder' && (lane.held !== undefined || holdNs > 0)) continue;
      if (!rule.hits(frame, now)) continue;
      switch (action.kind) {
        case 'corrupt':
          frame = rule.corrupt(frame, action);
          break;
        case 'reorder':
          holdNs = reorderWithinNs(action);
          break;
        case 'clog':
          lane.channel.clog(now, 'forNs' in action ? now + action.forNs : action.untilNs);
          this.#trace.link('clogged', lane.link, now, lane.direction);
          break;
        case 'cut':
          cutForNs = Math.max(cutForNs, action.forNs);
          break;
        default:
          fault ??= { drop: false, delayNs: 0, copyAfterNs: undefined };
          if (action.kind === 'drop') fault.drop = true;
          else if (action.kind === 'delay') fault.delayNs += action.delayNs;
          else fault.copyAfterNs = action.afterNs;
      }
      this.#trace.faulted(lane, ordinal, frame, now, { name: rule.name, kind: action.kind });
    }
    if (holdNs > 0) {
      const event = this.#queue.schedule(now + holdNs, TransitEvent.HELD, lane.id, 0);
      lane.held = { frame, given, ordinal, fault, event };
    } else {
      this.#enqueue(lane, ordinal, frame, given, fault);
      this.#releaseHeld(lane);
    }
    if (cutForNs > 0) this.cutLink(lane.link, cutForNs, true);
  }

  #releaseHeld(lane: Lane): void {
    const { held } = lane;
    if (held === undefined) return;
    lane.held = undefined;
    this.#queue.cancel(held.event);
    this.#enqueue(lane, held.ordinal, held.frame, held.given, held.fault);
  }

  #enqueue(
    lane: Lane,
    ordinal: number,
    frame: Uint8Array,
    given: boolean,
    fault: FrameFault | undefined,
  ): void {
    if (!lane.channel.offer(frame, given, ordinal, fault, this.#clock.nowNs)) {
      this.#drop(lane, ordinal, frame, 'tail');
      return;
    }
    // A pending event is for a frame ahead of this one, and stays right.
    if (lane.eventNs === Infinity) this.#arm(lane);
  }

  /** Sees to it that an event is pending no later than the oldest frame is due. */
  #arm(lane: Lane): void {
    const dueNs = lane.channel.nextDueNs(this.#clock.nowNs);
    if (dueNs >= lane.eventNs) return;
    if (lane.eventNs !== Infinity) this.#queue.cancel(lane.event);
    lane.eventNs = dueNs;
    lane.event = this.#queue.schedule(dueNs, TransitEvent.DELIVERY, lane.id, 0);
  }

  #handleDelivery(lane: Lane): void {
    const { channel } = lane;
    const now = this.#clock.nowNs;
    lane.eventNs = Infinity;
    // A pause since the event was scheduled makes it early.
    if (channel.nextDueNs(now) > now) {
      this.#arm(lane);
      return;
    }
    const ordinal = channel.headOrdinal;
    const given = channel.headGiven;
    const fault = channel.headFault;
    const frame = channel.shift()!;
    this.#arm(lane);
    if (fault === undefined) this.#arrive(lane, ordinal, frame, undefined, given);
    else if (fault.drop) this.#drop(lane, ordinal, frame, 'fault');
    else if (fault.delayNs > 0) this.#stray(lane, ordinal, frame, fault.delayNs, fault.copyAfterNs);
    else this.#arrive(lane, ordinal, frame, fault.copyAfterNs, false);
  }

  #stray(
    lane: Lane,
    ordinal: number,
    frame: Uint8Array,
    afterNs: Instant,
    copyAfterNs: Instant | undefined,
  ): void {
    const id = this.#strayIds;
    // Numbers come round after more frames than can be pending.
    this.#strayIds = (id + 1) % (EVENTS_PENDING_MAX * 2);
    const event = this.#queue.schedule(this.#clock.nowNs + afterNs, TransitEvent.STRAY, id, 0);
    this.#strays.set(id, { lane, frame, ordinal, copyAfterNs, event });
    lane.strays++;
  }

  #arrive(
    lane: Lane,
    ordinal: number,
    frame: Uint8Array,
    copyAfterNs: Instant | undefined,
    given: boolean,
  ): void {
    const now = this.#clock.nowNs;
    if (copyAfterNs !== undefined) {
      lane.duplicated++;
      this.#trace.copied(lane, ordinal, frame, now);
      this.#stray(lane, ordinal, frame, copyAfterNs, undefined);
    }
    if (!this.#receiver.isRunning(lane.toNode)) {
      this.#drop(lane, ordinal, frame, 'node');
      return;
    }
    lane.delivered++;
    lane.deliveredBytes += frame.length;
    this.#trace.delivered(lane, ordinal, frame, now);
    for (const tap of lane.tapsAtReceiver) tap(lane.link, lane.direction, now, frame);
    this.#receiver.receive(lane.toNode, lane.toPort, frame, given && !this.#trace.isKept);
  }

  #drop(lane: Lane, ordinal: number, frame: Uint8Array, reason: DropReason): void {
    if (reason === 'tail') lane.tailDropped++;
    else if (reason === 'fault') lane.faultDropped++;
    else if (reason === 'link') lane.linkDropped++;
    else lane.nodeDropped++;
    this.#trace.dropped(lane, ordinal, frame, this.#clock.nowNs, reason);
  }

  /** Everything in flight in one direction is gone. */
  #lose(lane: Lane): void {
    const { channel, held } = lane;
    while (channel.length > 0) {
      const ordinal = channel.headOrdinal;
      this.#drop(lane, ordinal, channel.shift()!, 'link');
    }
    channel.reset(this.#clock.nowNs);
    if (lane.eventNs !== Infinity) this.#queue.cancel(lane.event);
    lane.eventNs = Infinity;
    if (held !== undefined) {
      lane.held = undefined;
      this.#queue.cancel(held.event);
      this.#drop(lane, held.ordinal, held.frame, 'link');
    }
    if (lane.strays === 0) return;
    for (const [id, stray] of this.#strays) {
      if (stray.lane !== lane) continue;
      this.#strays.delete(id);
      lane.strays--;
      this.#queue.cancel(stray.event);
      this.#drop(lane, stray.ordinal, stray.frame, 'link');
    }
  }
}
