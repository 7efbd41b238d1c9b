/** What would have made an unsafe move safe, found by making the move in other ways. */
import { BEYOND_DEFENCES } from '../audit/explanations.ts';
import { DEFENCES } from '../mobility/plan.ts';
import { optionWords, type ScenarioOverrides } from '../scenario/overrides.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import type { Scenario } from '../scenario/schema.ts';
import { lateFrames } from './late-frames.ts';
import type { LateSchedule } from './late-schedules.ts';
import { type RunOptions, type RunReport, runMove } from './run.ts';

/** Runs of more frames are not made again in other ways: that would take too long. */
const FRAMES_MAX = 200_000;

/** A move that turned out unsafe. */
export interface UnsafeMove {
  readonly scenario: Scenario;
  readonly late: LateSchedule | undefined;
  readonly report: RunReport;
  /** The same scenario with other parts. Errors: `ScenarioError` where they exclude each other. */
  readonly withParts: (overrides: ScenarioOverrides) => Scenario;
  /** Called before each try; what it gives is told how far that is. */
  readonly progress: (words: string) => NonNullable<RunOptions['progress']>;
}

/**
 * The words of the command line that make the same move safe: one more defence, or the drain that
 * waits. They were tried with the same seed and the same late frames, and undisturbed; nothing is said
 * that no run has shown. `undefined`: none of them did, or the run is too long to try.
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
    ...DEFENCES.filter((one) => !defences.includes(one)).map((one) => ({
      defences: [...defences, one],
    })),
    ...(drain === 'wait' ? [] : [{ drain: 'wait' }]),
  ];
  for (const overrides of tries) {
    const words = optionWords(overrides).trim();
    if (isSafe(move, overrides, move.progress(words))) return words;
  }
  return undefined;
}

function isSafe(
  { late, withParts }: UnsafeMove,
  overrides: ScenarioOverrides,
  progress: NonNullable<RunOptions['progress']>,
): boolean {
  let scenario: Scenario;
  try {
    scenario = withParts(overrides);
  } catch (error) {
    if (error instanceof ScenarioError) return false;
    throw error;
  }
  const undisturbed = runMove({ scenario, progress });
  if (!isClean(undisturbed)) return false;
  if (late === undefined) return true;
  const rules = lateFrames(late, scenario, undisturbed);
  return isClean(runMove({ scenario, rules, progress }));
}

function isClean({ io, result, verdict }: RunReport): boolean {
  const isQuiet = verdict.every((one) => one.result !== 'violated');
  return isQuiet && result.outcome === 'moved' && io.failed + io.dropped === 0;
}
