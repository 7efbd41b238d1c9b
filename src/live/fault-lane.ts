/** Fault rules at work on one direction of a live link. */

import { type ActiveFault, reorderWithinNs } from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';

/** What a lane needs of the driver. */
export interface FaultLaneOwner {
  /** The frame arrives now. */
  deliver(frame: Uint8Array): void;
  after(delayNs: Instant, run: () => void): void;
  /** Takes the link down, at the end of the change that is under way. */
  cut(forNs: Instant): void;
}

/** Frames that wait in a direction that stands still; more are lost, as in a full queue. */
const CLOGGED_FRAMES_MAX = 65_536;

export class FaultLane {
  faults: readonly ActiveFault[] = [];
  readonly #owner: FaultLaneOwner;
  /** Frames that `reorder` holds until the next one has gone. */
  #reordered: Uint8Array[] = [];
  #clogged: Uint8Array[] | undefined;

  constructor(owner: FaultLaneOwner) {
    this.#owner = owner;
  }

  /** Sends a frame along the lane, through the rules in the order they were made. */
  pass(frame: Uint8Array, now: Instant): void {
    let bytes = frame;
    let delayNs = 0;
    let copyAfterNs: Instant | undefined;
    for (const fault of this.faults) {
      if (!fault.hits(bytes, now)) continue;
      const { action } = fault.rule;
      switch (action.kind) {
        case 'drop':
          return;
        case 'cut':
          this.#owner.cut(action.forNs);
          return;
        case 'delay':
          delayNs += action.delayNs;
          break;
        case 'duplicate':
          copyAfterNs = action.afterNs;
          break;
        case 'corrupt':
          bytes = fault.corrupt(bytes, action);
          break;
        case 'clog':
          this.#clog('forNs' in action ? action.forNs : Math.max(0, action.untilNs - now));
          break;
        case 'reorder':
          this.#hold(bytes, reorderWithinNs(action));
          return;
      }
    }
    this.#send(bytes, delayNs);
    if (copyAfterNs !== undefined) this.#send(bytes, delayNs + copyAfterNs);
  }

  #send(frame: Uint8Array, delayNs: Instant): void {
    if (this.#clogged !== undefined) {
      if (this.#clogged.length < CLOGGED_FRAMES_MAX) this.#clogged.push(frame);
      return;
    }
    if (delayNs > 0) this.#owner.after(delayNs, () => this.#owner.deliver(frame));
    else this.#owner.deliver(frame);
    const held = this.#reordered;
    if (held.length === 0) return;
    this.#reordered = [];
    for (const one of held) this.#owner.deliver(one);
  }

  #hold(frame: Uint8Array, withinNs: Instant): void {
    this.#reordered.push(frame);
    this.#owner.after(withinNs, () => {
      const at = this.#reordered.indexOf(frame);
      if (at < 0) return;
      this.#reordered.splice(at, 1);
      this.#owner.deliver(frame);
    });
  }

  #clog(forNs: Instant): void {
    if (this.#clogged !== undefined) return;
    this.#clogged = [];
    this.#owner.after(forNs, () => {
      const waiting = this.#clogged ?? [];
      this.#clogged = undefined;
      for (const frame of waiting) this.#owner.deliver(frame);
    });
  }
}
