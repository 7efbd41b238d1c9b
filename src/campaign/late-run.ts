/** One run of a move under a schedule of late frames, as plain data for a worker, and what came of it. */
import type { Verdict } from '../audit/verdict.ts';
import { lateFrames } from '../run/late-frames.ts';
import type { LateSchedule } from '../run/late-schedules.ts';
import type { RunReport } from '../run/options.ts';
import { runMove } from '../run/run.ts';
import type { Scenario } from '../scenario/schema.ts';

/** A run to make. Plain data: it goes to a worker. */
export interface LateJob {
  readonly scenario: Scenario;
  /** What is late, and the steps of the same move undisturbed; left out, nothing is. */
  readonly late?: { readonly schedule: LateSchedule; readonly timeline: RunReport['timeline'] };
}

/** What came of a run that came to its end. */
export interface LateEnd {
  readonly outcome: RunReport['result']['outcome'];
  readonly digest: string;
  readonly blackoutNs: number;
  readonly timeline: RunReport['timeline'];
  readonly results: readonly Pick<Verdict, 'invariant' | 'result'>[];
}

/** Why a run could not come to its end. */
export interface LateFailure {
  readonly error: string;
}

/** Makes the run. It does not throw: a run that fails is an answer too. */
export function runLate({ late, scenario }: LateJob): LateEnd | LateFailure {
  try {
    const rules = late === undefined ? [] : lateFrames(late.schedule, scenario, late);
    const report = runMove(late === undefined ? { scenario } : { scenario, rules });
    const { blackoutNs, digest, result, timeline, verdict } = report;
    return {
      outcome: result.outcome,
      digest,
      blackoutNs,
      timeline,
      results: verdict.map((one) => ({ invariant: one.invariant, result: one.result })),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
