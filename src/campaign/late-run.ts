/** One run of a move under a schedule of late frames, as plain data for a worker, and what came of it. */
import type { Verdict } from '../audit/verdict.ts';
import type { HistoryEntry } from '../history/index.ts';
import { type Evidence, evidenceOf } from '../run/evidence.ts';
import type { LanReport } from '../run/lan-account.ts';
import { lateFrames } from '../run/late-frames.ts';
import type { LateSchedule } from '../run/late-schedules.ts';
import type { RunObserver, RunReport } from '../run/options.ts';
import { runMove } from '../run/run.ts';
import type { Scenario } from '../scenario/schema.ts';

/** A run to make. Plain data: it goes to a worker. */
export interface LateJob {
  readonly scenario: Scenario;
  /** What is late, and the steps of the same move undisturbed; left out, nothing is. */
  readonly late?: { readonly schedule: LateSchedule; readonly timeline: RunReport['timeline'] };
  /** How long writes take before the move begins is asked for. */
  readonly times?: true;
}

/** What came of a run that came to its end. */
export interface LateEnd {
  readonly outcome: RunReport['result']['outcome'];
  readonly digest: string;
  readonly blackoutNs: number;
  readonly timeline: RunReport['timeline'];
  readonly results: readonly Pick<Verdict, 'invariant' | 'result'>[];
  /** Where the scenario has a LAN. */
  readonly lan?: LanReport;
  /** The median of writes before the move, where that was asked for and there were any. */
  readonly writeNs?: number;
}

/** Why a run could not come to its end. */
export interface LateFailure {
  readonly error: string;
}

/** What shows a violation in a run. */
export interface LateEvidence {
  readonly evidence: Evidence;
}

/** How long the writes took that ended before the move began. */
class WriteTimes implements RunObserver {
  readonly #begun = new Map<string, number>();
  readonly #tookNs: number[] = [];
  #moves = false;

  see(): void {}

  observe({ at, event }: HistoryEntry): void {
    if (this.#moves) return;
    if (event.type === 'move-step') this.#moves = true;
    else if (event.type === 'io-submit' && event.op === 'write')
      this.#begun.set(`${event.vm} ${event.io}`, at);
    else if (event.type === 'io-complete') {
      const begun = this.#begun.get(`${event.vm} ${event.io}`);
      if (begun !== undefined && event.result === 'good') this.#tookNs.push(at - begun);
    }
  }

  get median(): number | undefined {
    return this.#tookNs.sort((a, b) => a - b)[Math.floor(this.#tookNs.length / 2)];
  }
}

/** Makes the run once more, for the frames that show what it violates. It does not throw. */
export function lateEvidence(
  { late, scenario }: LateJob,
  invariant: string,
): LateEvidence | LateFailure {
  try {
    const rules = late === undefined ? {} : { rules: lateFrames(late.schedule, scenario, late) };
    return { evidence: evidenceOf({ scenario, ...rules }, invariant) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Makes the run. It does not throw: a run that fails is an answer too. */
export function runLate({ late, scenario, times }: LateJob): LateEnd | LateFailure {
  try {
    const rules = late === undefined ? [] : lateFrames(late.schedule, scenario, late);
    const writes = times === true ? new WriteTimes() : undefined;
    const report = runMove({
      scenario,
      ...(late === undefined ? {} : { rules }),
      ...(writes === undefined ? {} : { observer: writes }),
    });
    const writeNs = writes?.median;
    const { blackoutNs, digest, lan, result, timeline, verdict } = report;
    return {
      outcome: result.outcome,
      digest,
      blackoutNs,
      timeline,
      results: verdict.map((one) => ({ invariant: one.invariant, result: one.result })),
      ...(lan === undefined ? {} : { lan }),
      ...(writeNs === undefined ? {} : { writeNs }),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
