/** Links that go down and come up, pause and clog, and the machines that are told. */

import type { Instant } from '../machine/machine.ts';
import type { EventQueue } from './event-queue.ts';
import type { Lane, Link, LinkOwner } from './link.ts';
import type { Trace } from './trace.ts';
import { type Clock, type Receiver, TransitEvent } from './transit-parts.ts';

/** What a change of a link means to the frames on it. */
export interface LaneTraffic {
  /** The oldest frame may be due at another time than before. */
  arm(lane: Lane): void;
  /** Everything in flight is gone. */
  lose(lane: Lane): void;
}

/** The state of all links. */
export class LinkStates<Event> implements LinkOwner {
  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #trace: Trace<Event>;
  readonly #receiver: Receiver;
  readonly #traffic: LaneTraffic;

  constructor(
    clock: Clock,
    queue: EventQueue,
    trace: Trace<Event>,
    receiver: Receiver,
    traffic: LaneTraffic,
  ) {
    this.#clock = clock;
    this.#queue = queue;
    this.#trace = trace;
    this.#receiver = receiver;
    this.#traffic = traffic;
  }

  pauseLane(lane: Lane, untilNs: Instant): void {
    if (untilNs !== Infinity && !(Number.isSafeInteger(untilNs) && untilNs >= 0)) {
      throw new RangeError(`link ${lane.link.name}: pause until ${untilNs} ns is no time`);
    }
    lane.channel.pause(this.#clock.nowNs, untilNs);
    this.#trace.link('paused', lane.link, this.#clock.nowNs, lane.direction);
    this.#traffic.arm(lane);
  }

  resumeLane(lane: Lane): void {
    lane.channel.release(this.#clock.nowNs, true, false);
    this.#trace.link('resumed', lane.link, this.#clock.nowNs, lane.direction);
    this.#traffic.arm(lane);
  }

  /** A fault lets a direction stand still; its next frame sees to the event. */
  clogLane(lane: Lane, untilNs: Instant): void {
    lane.channel.clog(this.#clock.nowNs, untilNs);
    this.#trace.link('clogged', lane.link, this.#clock.nowNs, lane.direction);
  }

  cutLink(link: Link, forNs: Instant, byFault: boolean): void {
    if (forNs !== Infinity && !(Number.isSafeInteger(forNs) && forNs >= 1)) {
      throw new RangeError(`link ${link.name}: cut for ${forNs} ns is not an integer >= 1`);
    }
    const { state } = link;
    const untilNs = this.#clock.nowNs + forNs;
    if (state.up) {
      state.up = false;
      state.cutByFault = byFault;
      state.downUntilNs = untilNs;
      for (const lane of link.lanes) this.#traffic.lose(lane);
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

  /** The time came at which a cut was to end: it does unless it was prolonged. */
  handleRestore(link: Link): void {
    if (this.#clock.nowNs >= link.state.downUntilNs) this.restoreLink(link);
  }

  /** Ends what faults did to a link: clogs, and a cut. */
  heal(link: Link): void {
    const now = this.#clock.nowNs;
    if (link.state.cutByFault) this.restoreLink(link);
    for (const lane of link.lanes) {
      if (lane.channel.cloggedUntilNs <= now) continue;
      lane.channel.release(now, false, true);
      this.#trace.link('unclogged', link, now, lane.direction);
      this.#traffic.arm(lane);
    }
  }

  /** Tells the machines at both ends that do not know yet. */
  tell(link: Link, up: boolean): void {
    const [toB, toA] = link.lanes;
    for (const [end, lane] of [toA, toB].entries()) {
      if (link.state.told[end] === up || !this.#receiver.isRunning(lane.toNode)) continue;
      link.state.told[end] = up;
      this.#receiver.tellLink(lane.toNode, lane.toPort, up);
    }
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
}
