/** Frames that a fault took out of the order of their lane: delayed ones, and copies. */

import type { LaneFrame } from '../link/fault-lane.ts';
import type { Instant } from '../machine/machine.ts';
import { EVENTS_PENDING_MAX, type EventHandle, type EventQueue } from './event-queue.ts';
import type { Lane } from './link.ts';
import { TransitEvent } from './transit-parts.ts';

/** A frame that arrives at a time of its own. */
export interface Stray {
  readonly lane: Lane;
  readonly sent: LaneFrame;
  readonly event: EventHandle;
}

/** All strays of a simulation, each with an event that lets it arrive. */
export class Strays {
  readonly #queue: EventQueue;
  readonly #byId = new Map<number, Stray>();
  #ids = 0;

  constructor(queue: EventQueue) {
    this.#queue = queue;
  }

  /** Lets a frame arrive at `atNs`. */
  add(lane: Lane, sent: LaneFrame, atNs: Instant): void {
    const id = this.#ids;
    // Numbers come round after more frames than can be pending.
    this.#ids = (id + 1) % (EVENTS_PENDING_MAX * 2);
    const event = this.#queue.schedule(atNs, TransitEvent.STRAY, id, 0);
    this.#byId.set(id, { lane, sent, event });
    lane.strays++;
  }

  /** Takes out the one whose event came. */
  take(id: number): Stray {
    const stray = this.#byId.get(id)!;
    this.#byId.delete(id);
    stray.lane.strays--;
    return stray;
  }

  /** Takes out all of a lane, which do not arrive. */
  takeAll(lane: Lane): LaneFrame[] {
    if (lane.strays === 0) return [];
    const taken: LaneFrame[] = [];
    for (const [id, stray] of this.#byId) {
      if (stray.lane !== lane) continue;
      this.#byId.delete(id);
      this.#queue.cancel(stray.event);
      taken.push(stray.sent);
    }
    lane.strays = 0;
    return taken;
  }
}
