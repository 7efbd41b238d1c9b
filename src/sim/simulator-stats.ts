/** What the counters of all links come to. */

import type { Link } from './link.ts';

/** Counters of a whole simulation. Frames count once for each link they pass. */
export interface SimulatorStats {
  readonly events: number;
  readonly timeouts: number;
  readonly framesSent: number;
  readonly framesDelivered: number;
  readonly framesDropped: number;
  readonly framesDuplicated: number;
  readonly framesInFlight: number;
  /** Frames that machines sent on ports without a link; these are in no other count. */
  readonly framesUnconnected: number;
}

/** The part of the counters that links keep. */
export function frameCounts(
  links: readonly Link[],
): Omit<SimulatorStats, 'events' | 'timeouts' | 'framesUnconnected'> {
  const lanes = links.flatMap((link) => link.lanes.map((lane) => lane.stats()));
  const sum = (count: (lane: (typeof lanes)[number]) => number) =>
    lanes.reduce((total, lane) => total + count(lane), 0);
  return {
    framesSent: sum((lane) => lane.sent),
    framesDelivered: sum((lane) => lane.delivered),
    framesDropped: sum(
      (lane) =>
        lane.tailDropped +
        lane.faultDropped +
        lane.linkDropped +
        lane.nodeDropped +
        lane.heldDropped +
        lane.bufferDropped,
    ),
    framesDuplicated: sum((lane) => lane.duplicated),
    framesInFlight: sum((lane) => lane.inFlight),
  };
}
