/** One run of a campaign as plain data, and what came of it as a line of results. */
import type { Fault } from '../run/fault.ts';
import type { RunOptions } from '../run/options.ts';
import { type RunReport, runMove } from '../run/run.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What all runs of a campaign have in common. Plain data: it goes to every worker. */
export interface CampaignWorld {
  readonly scenario: Scenario;
  /** See `RunOptions.iosPerStep`. */
  readonly iosPerStep: number;
  /** See `RunOptions.lifetimeNs`. */
  readonly lifetimeNs?: number;
}

/** What one run has of its own. */
export interface Job {
  /** Place in the campaign, from 1. */
  readonly run: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
}

/** A line of results: a run that came to its end, or one that could not. */
export type RunLine = RunEnd | RunFailure;

/** What came of a run that came to its end. Times are nanoseconds. */
export interface RunEnd extends Job {
  /** How the move ended. */
  readonly outcome: RunReport['result']['outcome'];
  readonly digest: string;
  readonly virtualTimeNs: number;
  readonly frames: number;
  /** How many of the faults came to their frame. */
  readonly hits: number;
  readonly io: RunReport['io'];
  readonly violated: readonly { readonly invariant: string; readonly detail: string }[];
}

/** Why a run could not come to its end. */
export interface RunFailure extends Job {
  readonly error: string;
}

/** Longest text of a finding or an error in a line of results. */
const TEXT_MAX = 500;

/** The run as `runMove` takes it. */
export function optionsOf(world: CampaignWorld, { seed, faults }: Omit<Job, 'run'>): RunOptions {
  const { iosPerStep, lifetimeNs, scenario } = world;
  return {
    scenario: { ...scenario, seed },
    faults,
    iosPerStep,
    ...(lifetimeNs === undefined ? {} : { lifetimeNs }),
  };
}

/** Runs a job. It does not throw: a run that fails is a record too. */
export function runJob(world: CampaignWorld, job: Job): RunLine {
  try {
    return endOf(job, runMove(optionsOf(world, job)));
  } catch (error) {
    const { run, seed, faults } = job;
    return { run, seed, faults, error: cut(error instanceof Error ? error.message : `${error}`) };
  }
}

function endOf({ run, seed, faults }: Job, report: RunReport): RunEnd {
  const { digest, frames, io, result, verdict, virtualTimeNs } = report;
  return {
    run,
    seed,
    faults,
    outcome: result.outcome,
    digest,
    virtualTimeNs,
    frames,
    hits: report.hits.length,
    io,
    violated: verdict
      .filter((one) => one.result === 'violated')
      .map(({ invariant, detail }) => ({ invariant, detail: cut(detail) })),
  };
}

/** Whether the run shows something that must not be. */
export function isBad(record: RunLine): boolean {
  return 'error' in record || record.violated.length > 0;
}

const cut = (text: string): string =>
  text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 3)}...` : text;
