/** Fault rules at work on one direction of a live link. */

import { Channel, linkParameters } from '../link/channel.ts';
import { arrivalSteps, FaultLane, type LaneFrame } from '../link/fault-lane.ts';
import type { ActiveFault } from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';

/** What a lane needs of the driver. */
export interface LiveLaneOwner {
  /** The time. */
  clock(): Instant;
  /** The frame arrives now. */
  deliver(frame: Uint8Array): void;
  /** Runs something at a time, between two changes. */
  at(atNs: Instant, run: () => void): Timer;
  /** Takes the link down for a time. */
  cut(forNs: Instant): void;
}

/** The real wire takes the time: here a frame waits only where a fault makes it. */
const NO_TIME = linkParameters({ rateBitsPerSecond: Infinity, propagationNs: 0 });

/** One direction of a link between a machine and its wire, or two machines. */
export class LiveLane {
  readonly #owner: LiveLaneOwner;
  readonly #faults = new FaultLane();
  readonly #channel = new Channel(NO_TIME);
  readonly #strays = new Set<Timer>();
  #sent = 0;
  #holdTimer: Timer | undefined;
  /** When the channel is looked at again. */
  #channelTimer: Timer | undefined;

  constructor(owner: LiveLaneOwner) {
    this.#owner = owner;
  }

  /** Puts rules in force, instead of those before. A frame that one of those holds still arrives. */
  setRules(rules: readonly ActiveFault[]): void {
    this.#faults.rules = rules;
  }

  /** Sends a frame through the rules, on a link that is up. */
  send(frame: Uint8Array): void {
    const now = this.#owner.clock();
    const ordinal = ++this.#sent;
    const steps = this.#faults.send(frame, false, ordinal, now);
    if (steps === undefined) {
      this.#enqueue({ frame, given: false, ordinal, fate: undefined }, now);
      return;
    }
    for (const step of steps) {
      switch (step.kind) {
        case 'hit':
        case 'lose':
          break;
        case 'clog':
          this.#channel.clog(now, step.untilNs);
          break;
        case 'queue':
          this.#enqueue(step.sent, now);
          break;
        case 'hold':
          this.#holdTimer = this.#owner.at(step.untilNs, () => this.#handleHeld());
          break;
        case 'release':
          this.#holdTimer?.cancel();
          this.#enqueue(step.sent, now);
          break;
        case 'cut':
          this.#owner.cut(step.forNs);
      }
    }
  }

  /** Everything in flight is gone: the link was cut. */
  lose(): void {
    while (this.#channel.shift() !== undefined);
    this.#channel.reset(this.#owner.clock());
    this.#faults.takeHeld();
    for (const timer of [this.#holdTimer, this.#channelTimer, ...this.#strays]) timer?.cancel();
    this.#channelTimer = undefined;
    this.#strays.clear();
  }

  #handleHeld(): void {
    const now = this.#owner.clock();
    const held = this.#faults.handleHeld(now);
    if (held !== undefined) this.#enqueue(held, now);
  }

  /** As in a queue that is full, a frame that has no room behind a clog is lost. */
  #enqueue({ frame, ordinal, fate }: LaneFrame, now: Instant): void {
    if (this.#channel.offer(frame, false, ordinal, fate, now)) this.#workChannel(now);
  }

  #workChannel(now: Instant): void {
    const channel = this.#channel;
    while (channel.nextDueNs(now) <= now) {
      const frame = channel.shift()!;
      const { ordinal, fate } = channel;
      this.#arrive({ ordinal, fate, frame, given: false }, now);
    }
    const dueNs = channel.nextDueNs(now);
    if (dueNs === Infinity || (this.#channelTimer?.at ?? Infinity) <= dueNs) return;
    this.#channelTimer?.cancel();
    this.#channelTimer = this.#owner.at(dueNs, () => {
      this.#channelTimer = undefined;
      this.#workChannel(this.#owner.clock());
    });
  }

  #arrive(sent: LaneFrame, now: Instant): void {
    const { frame, fate } = sent;
    if (fate === undefined) {
      this.#owner.deliver(frame);
      return;
    }
    let copyIsDue = false;
    for (const step of arrivalSteps(fate, now)) {
      switch (step.kind) {
        case 'drop':
          break;
        case 'later':
          this.#stray({ ...sent, fate: step.fate }, step.atNs);
          break;
        case 'copy':
          copyIsDue = step.atNs <= now;
          if (!copyIsDue) this.#stray({ ...sent, fate: undefined }, step.atNs);
          break;
        case 'deliver':
          this.#owner.deliver(frame);
      }
    }
    // Before the next frame of this turn, not at the end of it.
    if (copyIsDue) this.#owner.deliver(frame);
  }

  #stray(sent: LaneFrame, atNs: Instant): void {
    const timer = this.#owner.at(atNs, () => {
      this.#strays.delete(timer);
      this.#arrive(sent, this.#owner.clock());
    });
    this.#strays.add(timer);
  }
}
