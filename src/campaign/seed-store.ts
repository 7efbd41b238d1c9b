/**
 * Failing runs that are kept until they are mended, as JSON lines.
 *
 * A seed says everything about a run as long as the code is the one that made it, so each is kept with the commit
 * that it failed at. Of one scenario and one invariant those are kept that help most: of the newest commit first, and
 * of one commit those with the fewest faults and frames. What does not fail any more goes; so does what nobody can
 * run again, for its scenario has changed. The store has a bound: what is found last is what is looked at.
 */
import type { Fault } from '../run/fault.ts';
import { FaultError, parseFaults } from '../run/fault.ts';
import type { RunLine } from './job.ts';
import { ResultsError, type ResultsHeader } from './results.ts';
import { wrongWithSeed } from './results-shape.ts';

/** Runs that are kept of one scenario and one invariant, and of all. */
export const KEPT_OF_INVARIANT = 4;
/** The most that are kept in all. */
export const KEPT_MAX = 256;

/** A run that failed, with all that is needed to make it again. */
export interface KeptSeed
  extends Pick<
    ResultsHeader,
    'sanmotion' | 'scenario' | 'scenarioDigest' | 'iosPerStep' | 'lifetimeNs'
  > {
  /** The code that it failed with. */
  readonly commit: string;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** What it broke: an invariant, or `error` where it had no end. A run that broke several is kept for each. */
  readonly invariant: string;
  readonly detail: string;
  /** Frames of the run; 0 where it had no end. */
  readonly frames: number;
}

/** Each thing that a run broke, and how; nothing of one in which all is well. */
function breachesOf(line: RunLine): readonly Pick<KeptSeed, 'invariant' | 'detail'>[] {
  return 'error' in line ? [{ invariant: 'error', detail: line.error }] : line.violated;
}

/** Whether a run broke this: an invariant, or `error` where it had no end. */
export function breaks(line: RunLine, invariant: string): boolean {
  return breachesOf(line).some((one) => one.invariant === invariant);
}

/** The failing runs of a result file, as they are kept. */
export function seedsOf(
  header: ResultsHeader,
  records: readonly RunLine[],
  commit: string,
): KeptSeed[] {
  const { iosPerStep, lifetimeNs, sanmotion, scenario, scenarioDigest } = header;
  const world = {
    sanmotion,
    scenario,
    scenarioDigest,
    iosPerStep,
    ...(lifetimeNs === undefined ? {} : { lifetimeNs }),
  };
  return records.flatMap((line) => {
    const { faults, seed } = line;
    const frames = 'error' in line ? 0 : line.frames;
    return breachesOf(line).map((breach) => ({
      commit,
      ...world,
      seed,
      faults,
      ...breach,
      frames,
    }));
  });
}

/** What is kept of old and new: the new before the old, and of each scenario and invariant those that help most. */
export function keptOf(newer: readonly KeptSeed[], older: readonly KeptSeed[]): KeptSeed[] {
  const known = new Set<string>();
  const counts = new Map<string, number>();
  const kept: KeptSeed[] = [];
  for (const one of [...sorted(newer), ...older]) {
    const run = JSON.stringify([one.scenarioDigest, one.seed, one.faults, one.invariant]);
    const kind = JSON.stringify([one.scenario, one.invariant]);
    const count = counts.get(kind) ?? 0;
    if (known.has(run) || count >= KEPT_OF_INVARIANT || kept.length >= KEPT_MAX) continue;
    known.add(run);
    counts.set(kind, count + 1);
    kept.push(one);
  }
  return kept;
}

/** Those with the fewest faults, and then the fewest frames, come first. */
const sorted = (seeds: readonly KeptSeed[]): KeptSeed[] =>
  [...seeds].sort((a, b) => a.faults.length - b.faults.length || a.frames - b.frames);

/** The text of a store: a line for each. */
export function formatSeeds(seeds: readonly KeptSeed[]): string {
  return seeds.map((one) => `${JSON.stringify(one)}\n`).join('');
}

/** Reads the text of a store. Errors: `ResultsError` naming the line. */
export function parseSeeds(text: string, file: string): KeptSeed[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const where = `${file}:${index + 1}`;
    let wrong: string | undefined;
    try {
      const value = JSON.parse(line) as KeptSeed;
      wrong = wrongWithSeed(value);
      if (wrong === undefined) {
        parseFaults(value.faults, `${where}: faults`);
        return value;
      }
    } catch (error) {
      if (error instanceof FaultError) throw new ResultsError(error.message);
    }
    throw new ResultsError(`${where}: no kept seed: ${wrong ?? 'not JSON'}`);
  });
}
