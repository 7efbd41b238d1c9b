/** Frames between machines: what a link does to them, what faults do, and who receives them. */

import { arrivalSteps, FaultLane, type FrameFate, type LaneFrame } from '../link/fault-lane.ts';
import type { ActiveFault, FaultPlan, FaultRule } from '../link/faults.ts';
import { Credits, type CreditTraffic } from './credits.ts';
import type { EventQueue } from './event-queue.ts';
import type { Lane, Link, LossReason } from './link.ts';
import { type LaneTraffic, LinkStates } from './link-states.ts';
import { Queues, type QueueTraffic } from './queues.ts';
import { Strays } from './strays.ts';
import type { Trace } from './trace.ts';
import { type Clock, type Receiver, TransitEvent } from './transit-parts.ts';

export type { Clock, Receiver } from './transit-parts.ts';

/** All links of a simulation and the frames on them. */
export class Transit<Event> implements LaneTraffic, CreditTraffic, QueueTraffic {
  readonly links: Link[] = [];
  /** Whom links ask for changes of their state. */
  readonly states: LinkStates<Event>;
  readonly #linkByName = new Map<string, Link>();
  readonly #lanes: Lane[] = [];
  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #trace: Trace<Event>;
  readonly #plan: FaultPlan;
  readonly #receiver: Receiver;
  readonly #strays: Strays;
  readonly #credits: Credits<Event>;
  /** Of links with queues by priority. */
  readonly queues: Queues<Event>;

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
    this.#strays = new Strays(queue);
    this.#credits = new Credits(clock, queue, trace, this);
    this.queues = new Queues(clock, queue, trace, this);
    this.states = new LinkStates(clock, queue, trace, receiver, this);
  }

  /** The link of a name. */
  find(name: string): Link | undefined {
    return this.#linkByName.get(name);
  }

  addLink(link: Link): void {
    this.links.push(link);
    this.#linkByName.set(link.name, link);
    if (link.qos !== undefined) this.queues.add(link);
    for (const lane of link.lanes) {
      if (link.credit !== undefined) lane.admission = this.#credits;
      else if (link.qos !== undefined) lane.admission = this.queues;
      this.#lanes.push(lane);
      this.#assignRules(lane);
    }
  }

  addFault(rule: FaultRule): ActiveFault {
    if (rule.link !== undefined && this.find(rule.link) === undefined) {
      throw new TypeError(`fault rule: there is no link ${rule.link}`);
    }
    const active = this.#plan.add(rule);
    for (const lane of this.#lanes) this.#assignRules(lane);
    return active;
  }

  /** Takes back every fault: no rule is left, clogs end, links that a rule cut come up. */
  heal(): void {
    this.#plan.clear();
    for (const lane of this.#lanes) this.#assignRules(lane);
    for (const link of this.links) this.states.heal(link);
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
    if (lane.isPlain) this.#enqueue(lane, ordinal, frame, given, undefined);
    else if (lane.faults === undefined)
      this.#enqueueSent(lane, { frame, given, ordinal, fate: undefined });
    else this.#sendThroughFaults(lane, lane.faults, ordinal, frame, given);
  }

  handleEvent(kind: number, a: number, b: number): void {
    switch (kind) {
      case TransitEvent.DELIVERY:
        this.#handleDelivery(this.#lanes[a]!);
        return;
      case TransitEvent.STRAY: {
        const { lane, sent } = this.#strays.take(a);
        if (sent.fate === undefined) this.#arrive(lane, sent.ordinal, sent.frame, false);
        else this.#arriveWithFate(lane, sent);
        return;
      }
      case TransitEvent.HELD:
        this.#handleHeld(this.#lanes[a]!);
        return;
      case TransitEvent.CREDIT:
        this.#credits.handleEvent(this.#lanes[a]!, b);
        return;
      case TransitEvent.QUEUES:
        this.queues.handleEvent(this.#lanes[a]!, b);
        return;
      case TransitEvent.TELL:
        this.states.tell(this.links[a]!, b === 1);
        return;
      default:
        this.states.handleRestore(this.links[a]!);
    }
  }

  /** Sees to it that an event is pending no later than the oldest frame is due. */
  arm(lane: Lane): void {
    const dueNs = lane.channel.nextDueNs(this.#clock.nowNs);
    if (dueNs >= lane.eventNs) return;
    if (lane.eventNs !== Infinity) this.#queue.cancel(lane.event);
    lane.eventNs = dueNs;
    lane.event = this.#queue.schedule(dueNs, TransitEvent.DELIVERY, lane.id, 0);
  }

  /** Everything in flight in one direction is gone. */
  lose(lane: Lane): void {
    const { channel } = lane;
    while (channel.length > 0) {
      const frame = channel.shift()!;
      this.#drop(lane, channel.ordinal, frame, 'link');
    }
    channel.reset(this.#clock.nowNs);
    if (lane.eventNs !== Infinity) this.#queue.cancel(lane.event);
    lane.eventNs = Infinity;
    if (lane.admission !== undefined) {
      for (const { frame, ordinal } of lane.admission.cut(lane))
        this.#drop(lane, ordinal, frame, 'link');
    }
    const held = lane.faults?.takeHeld();
    if (held !== undefined) {
      this.#queue.cancel(lane.heldEvent);
      this.#drop(lane, held.ordinal, held.frame, 'link');
    }
    for (const { ordinal, frame } of this.#strays.takeAll(lane)) {
      this.#drop(lane, ordinal, frame, 'link');
    }
  }

  /** Gives a lane the rules that look at it. */
  #assignRules(lane: Lane): void {
    const rules = this.#plan.of(lane.link.name, lane.direction);
    if (lane.faults === undefined && rules.length === 0) return;
    lane.faults ??= new FaultLane();
    lane.faults.rules = rules;
    if (lane.faults.isIdle) lane.faults = undefined;
    lane.isPlain = lane.faults === undefined && lane.admission === undefined;
  }

  #sendThroughFaults(
    lane: Lane,
    faults: FaultLane,
    ordinal: number,
    frame: Uint8Array,
    given: boolean,
  ): void {
    const now = this.#clock.nowNs;
    const steps = faults.send(frame, given, ordinal, now);
    if (steps === undefined) {
      this.#enqueueSent(lane, { frame, given, ordinal, fate: undefined });
      return;
    }
    for (const step of steps) {
      switch (step.kind) {
        case 'hit': {
          const { name, rule } = step.rule;
          this.#trace.faulted(lane, ordinal, step.frame, now, { name, kind: rule.action.kind });
          break;
        }
        case 'clog':
          this.states.clogLane(lane, step.untilNs);
          break;
        case 'queue':
          this.#enqueueSent(lane, step.sent);
          break;
        case 'hold':
          lane.heldEvent = this.#queue.schedule(step.untilNs, TransitEvent.HELD, lane.id, 0);
          break;
        case 'release':
          this.#queue.cancel(lane.heldEvent);
          this.#enqueueSent(lane, step.sent);
          break;
        case 'lose':
          this.#drop(lane, ordinal, step.frame, 'link');
          break;
        case 'cut':
          this.states.cutLink(lane.link, step.forNs, true);
      }
    }
  }

  #handleHeld(lane: Lane): void {
    const held = lane.faults?.handleHeld(this.#clock.nowNs);
    if (held !== undefined) this.#enqueueSent(lane, held);
  }

  /** A frame that goes by another way than most: somebody may have to let it in. */
  #enqueueSent(lane: Lane, sent: LaneFrame): void {
    if (lane.admission === undefined) this.enqueue(lane, sent);
    else lane.admission.offer(lane, sent);
  }

  enqueue(lane: Lane, { ordinal, frame, given, fate }: LaneFrame): void {
    this.#enqueue(lane, ordinal, frame, given, fate);
  }

  discard(lane: Lane, sent: LaneFrame): void {
    this.lost(lane, sent, 'held');
  }

  lost(lane: Lane, { ordinal, frame }: LaneFrame, reason: LossReason): void {
    this.#drop(lane, ordinal, frame, reason);
  }

  absorb(lane: Lane, { ordinal, frame }: LaneFrame): void {
    this.#come(lane, ordinal, frame);
  }

  #enqueue(
    lane: Lane,
    ordinal: number,
    frame: Uint8Array,
    given: boolean,
    fate: LaneFrame['fate'],
  ): void {
    if (!lane.channel.offer(frame, given, ordinal, fate, this.#clock.nowNs)) {
      this.#drop(lane, ordinal, frame, 'tail');
      return;
    }
    // A pending event is for a frame ahead of this one, and stays right.
    if (lane.eventNs === Infinity) this.arm(lane);
  }

  #handleDelivery(lane: Lane): void {
    const { channel } = lane;
    const now = this.#clock.nowNs;
    lane.eventNs = Infinity;
    // A pause since the event was scheduled makes it early.
    if (channel.nextDueNs(now) > now) {
      this.arm(lane);
      return;
    }
    const frame = channel.shift()!;
    const { ordinal, given, fate } = channel;
    this.arm(lane);
    if (fate === undefined) this.#arrive(lane, ordinal, frame, given);
    else this.#arriveWithFate(lane, { ordinal, frame, given: false, fate });
  }

  #arriveWithFate(lane: Lane, sent: LaneFrame): void {
    const fate = sent.fate!;
    if (fate.credit === undefined && fate.queued === undefined) {
      this.#meetFate(lane, sent, fate);
      return;
    }
    const { credit: _, queued: __, ...left } = fate;
    lane.admission!.arrived(lane, sent, fate.drop, () => this.#meetFate(lane, sent, left));
  }

  #meetFate(lane: Lane, { ordinal, frame }: LaneFrame, fate: FrameFate): void {
    const now = this.#clock.nowNs;
    for (const step of arrivalSteps(fate, now)) {
      switch (step.kind) {
        case 'drop':
          this.#drop(lane, ordinal, frame, 'fault');
          break;
        case 'later':
          this.#strays.add(lane, { ordinal, frame, given: false, fate: step.fate }, step.atNs);
          break;
        case 'copy':
          lane.duplicated++;
          this.#trace.copied(lane, ordinal, frame, now);
          this.#strays.add(lane, { ordinal, frame, given: false, fate: undefined }, step.atNs);
          break;
        case 'deliver':
          this.#arrive(lane, ordinal, frame, false);
      }
    }
  }

  #arrive(lane: Lane, ordinal: number, frame: Uint8Array, given: boolean): void {
    if (!this.#receiver.isRunning(lane.toNode)) {
      this.#drop(lane, ordinal, frame, 'node');
      return;
    }
    this.#come(lane, ordinal, frame);
    this.#receiver.receive(lane.toNode, lane.toPort, frame, given && !this.#trace.isKept);
  }

  /** A frame has come to the far end. */
  #come(lane: Lane, ordinal: number, frame: Uint8Array): void {
    const now = this.#clock.nowNs;
    lane.delivered++;
    lane.deliveredBytes += frame.length;
    this.#trace.delivered(lane, ordinal, frame, now);
    for (const tap of lane.tapsAtReceiver) tap(lane.link, lane.direction, now, frame);
  }

  #drop(lane: Lane, ordinal: number, frame: Uint8Array, reason: LossReason): void {
    lane.countLoss(reason);
    this.#trace.dropped(lane, ordinal, frame, this.#clock.nowNs, reason);
  }
}
