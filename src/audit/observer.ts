/** What every observer of an invariant is to the auditor. */

import type { Observation, ObservationKind, Verdict } from './observation.ts';
import type { FcFrame, FrameRole } from './seen/fc-frame.ts';

/** What an observer found out. `not-observable`: nothing happened that could show the invariant. */
export interface Conclusion {
  readonly result: Verdict['result'];
  readonly detail: string;
  readonly frames: readonly number[];
}

/** Watches one invariant. */
export interface InvariantObserver {
  readonly invariant: string;
  readonly sentence: string;
  /** Kinds without which nothing can be said. */
  readonly needs: readonly ObservationKind[];
  /** Kinds it is told of; `frame` stands for every FC frame, unless `roles` names some. */
  readonly hears: readonly ObservationKind[];
  /** The frames it is told of: those of these roles only. */
  readonly roles?: readonly FrameRole[];
  /** `fc` is the FC frame of a `frame` observation; there is none for those of role `fip`. */
  observe(observation: Observation, fc: FcFrame | undefined): void;
  /** Called once, after the last observation. */
  conclude(): Conclusion;
}
