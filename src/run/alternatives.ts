/** What would have made an unsafe move safe, found by making the move in other ways. */
import { BEYOND_DEFENCES } from '../audit/explanations.ts';
import { DEFENCES, type Defence, SESSION_DEFENCES } from '../mobility/plan.ts';
import { optionWords, type ScenarioOverrides } from '../scenario/overrides.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import type { Scenario } from '../scenario/schema.ts';
import { lateFrames } from './late-frames.ts';
import type { LateSchedule } from './late-schedules.ts';
import { type RunOptions, type RunReport, runMove } from './run.ts';

/** Runs of more frames are not made again in other ways: that would take too long. */
const FRAMES_MAX = 200_000;
const FRAMES_OF_ALL_MAX = 2_000_000;

/** A move that turned out unsafe. */
export interface UnsafeMove {
  readonly scenario: Scenario;
  readonly late: LateSchedule | undefined;
  readonly report: RunReport;
  /** The same scenario with other parts. Errors: `ScenarioError` where they exclude each other. */
  readonly withParts: (overrides: ScenarioOverrides) => Scenario;
  /** Frames of all tries together; what was not tried by then is not. Default: 2,000,000. */
  readonly framesMax?: number;
  /** Called before each try; what it gives is told how far that is. */
  readonly progress: (words: string) => NonNullable<RunOptions['progress']>;
}

/**
 * The words of the command line that make the same move safe: one more defence, or the drain that
 * waits. They were tried with the same seed and the same late frames, and undisturbed; nothing is said
 * that no run has shown. `undefined`: none of them did, or trying took too many frames.
 */
export function safeWith(move: UnsafeMove): string | undefined {
  const { frames, verdict } = move.report;
  if (frames > FRAMES_MAX) return undefined;
  const isBeyond = verdict.some(
    ({ invariant, result }) => result === 'violated' && BEYOND_DEFENCES.has(invariant),
  );
  if (isBeyond) return undefined;
  const { defences, drain } = move.scenario.move;
  const tries: ScenarioOverrides[] = [
    ...defencesOf(move.scenario)
      .filter((one) => !defences.includes(one))
      .map((one) => ({
        defences: [...defences, one],
      })),
    ...(drain === 'wait' ? [] : [{ drain: 'wait' }]),
  ];
  const work = new Work(move.framesMax ?? FRAMES_OF_ALL_MAX);
  try {
    for (const overrides of tries) {
      const words = optionWords(overrides).trim();
      if (
        isSafe(move, overrides, (scenario, rules) =>
          work.run(scenario, rules, move.progress(words)),
        )
      )
        return words;
    }
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
  }
  return undefined;
}

/** Those that a protocol has; what excludes each other is not tried. */
const defencesOf = ({ protocol }: Scenario): readonly Defence[] =>
  protocol === 'iscsi' ? [...SESSION_DEFENCES, ...DEFENCES] : DEFENCES;

type Run = (scenario: Scenario, rules?: RunOptions['rules']) => RunReport;

function isSafe({ late, withParts }: UnsafeMove, overrides: ScenarioOverrides, run: Run): boolean {
  let scenario: Scenario;
  try {
    scenario = withParts(overrides);
  } catch (error) {
    if (error instanceof ScenarioError) return false;
    throw error;
  }
  const undisturbed = run(scenario);
  if (!isClean(undisturbed)) return false;
  return late === undefined || isClean(run(scenario, lateFrames(late, scenario, undisturbed)));
}

function isClean({ io, result, verdict }: RunReport): boolean {
  const isQuiet = verdict.every((one) => one.result !== 'violated');
  return isQuiet && result.outcome === 'moved' && io.failed + io.dropped === 0;
}

class TooMuchWork extends Error {}

/** Runs of which all together may have so many frames: a wait of ten seconds among thirty guests is millions. */
class Work {
  readonly #framesMax: number;
  #frames = 0;

  constructor(framesMax: number) {
    this.#framesMax = framesMax;
  }

  /** Errors: `TooMuchWork`. */
  run(
    scenario: Scenario,
    rules: RunOptions['rules'],
    progress: NonNullable<RunOptions['progress']>,
  ): RunReport {
    const report = runMove({
      scenario,
      ...(rules === undefined ? {} : { rules }),
      progress: (timeNs, frames) => {
        if (this.#frames + frames > this.#framesMax) throw new TooMuchWork();
        progress(timeNs, frames);
      },
    });
    this.#frames += report.frames;
    if (this.#frames > this.#framesMax) throw new TooMuchWork();
    return report;
  }
}
