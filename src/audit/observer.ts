/** What every observer of an invariant is to the auditor. */
import type { FcFrame } from './fc-frame.ts';
import type { Observation, ObservationKind } from './observation.ts';

/** Watches one invariant. */
export interface InvariantObserver {
  readonly invariant: string;
  readonly sentence: string;
  /** Kinds without which nothing can be said. */
  readonly needs: readonly ObservationKind[];
  /** `fc` is the FC frame of a `frame` observation, where there is one. */
  observe(observation: Observation, fc: FcFrame | undefined): void;
  /** Called once, after the last observation. */
  conclude(): {
    readonly result: 'holds' | 'violated';
    readonly detail: string;
    readonly frames: readonly number[];
  };
}
