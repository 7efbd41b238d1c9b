/** `sanmotion campaign`: many runs of a move, with faults, on several workers. */
import { dirname } from 'node:path';
import type { CampaignWorld, RunLine } from '../campaign/job.ts';
import { jobsOf, runsOf, type Shard } from '../campaign/plan.ts';
import type { Runs } from '../campaign/queue.ts';
import { headerOf, type ResultsHeader } from '../campaign/results.ts';
import { Summary } from '../campaign/summary.ts';
import {
  budgetOf,
  type CampaignOptions,
  checkReplay,
  planOf,
  shardOf,
  worldOf,
} from './campaign-options.ts';
import { type OpenResults, openResults } from './campaign-results.ts';
import { campaignJson, campaignText } from './campaign-text.ts';
import { openRuns } from './campaign-worker.ts';
import { counterexamples } from './counterexample.ts';
import { count, Exit, Progress, roughly, toJson } from './output.ts';
import { replayRuns } from './replay-run.ts';
import { overridesOf } from './scenario-file.ts';
import { Stop } from './stop.ts';

const RESULTS_DEFAULT = 'out/campaign.jsonl';

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `ResultsError`. */
export async function campaignCommand(
  file: string | undefined,
  options: CampaignOptions,
  version: string,
): Promise<number> {
  checkReplay(options);
  const overrides = overridesOf(options);
  if (options.replay !== undefined) return replayRuns(file, overrides, options.replay, options);
  const campaign = { file, overrides, world: worldOf(file, overrides, options) };
  const plan = planOf(options);
  const shard = options.shard === undefined ? undefined : shardOf(options.shard);
  const budgetMs = options.budget === undefined ? undefined : budgetOf(options.budget);
  const { runs, workers } = await openRuns(options, version);
  const source = { file: file ?? null, overrides };
  const header = headerOf(version, source, campaign.world, plan, shard);
  const path = options.out ?? defaultFor(shard);
  const started = Date.now();
  let results: OpenResults;
  try {
    results = openResults(path, header, options);
  } catch (error) {
    await runs.close();
    throw error;
  }
  const { kept } = results;
  const stop = new Stop(budgetMs);
  const { left, summary } = await runAll(campaign.world, header, runs, results, stop);
  stop.end();
  const found = summary.conclude();
  const tookMs = Date.now() - started;
  const isInterrupted = stop.reason === 'interrupted';
  const shown =
    options.shrink === false || isInterrupted
      ? []
      : await counterexamples(campaign, found, dirname(path));
  const stopped = left === 0 ? undefined : stop.reason;
  const run = { path, kept, workers, tookMs, left, stopped };
  process.stdout.write(
    options.json === true
      ? `${toJson(campaignJson(header, found, shown, run), 2)}\n`
      : campaignText(header, campaign, found, shown, run),
  );
  if (isInterrupted) return Exit.interrupted;
  return found.bad > 0 ? Exit.violated : Exit.clean;
}

const defaultFor = (shard: Shard | undefined): string =>
  shard === undefined ? RESULTS_DEFAULT : `out/campaign-${shard.index}-of-${shard.of}.jsonl`;

async function runAll(
  world: CampaignWorld,
  { plan, shard }: ResultsHeader,
  runs: Runs,
  results: OpenResults,
  stop: Stop,
): Promise<{ readonly summary: Summary; readonly left: number }> {
  const summary = new Summary();
  for (const line of results.done) summary.add(line);
  const total = runsOf(world, plan, shard);
  const jobs = jobsOf(world, plan, shard);
  for (let skipped = 0; skipped < results.done.length; skipped++) jobs.next();
  const progress = new Progress();
  const started = Date.now();
  let done = results.done.length;
  try {
    for await (const line of untilAsked(runs.run(world, jobs), stop)) {
      results.write(line);
      summary.add(line);
      done++;
      progress.show(() => {
        const each = (Date.now() - started) / (done - results.done.length);
        const left = roughly((total - done) * each);
        return `${count(done)} of ${count(total)} runs, ${count(summary.bad)} with a violation, ${left} left`;
      });
    }
  } finally {
    progress.end();
    results.close();
    await runs.close();
  }
  return { summary, left: total - done };
}

/** Lines until somebody asks for an end: one that is not there by then is not waited for, as behind a queue without workers. */
async function* untilAsked(lines: AsyncGenerator<RunLine>, stop: Stop): AsyncGenerator<RunLine> {
  let cut = (): void => {};
  void stop.asked.then(() => cut());
  while (stop.reason === undefined) {
    const one = await new Promise<IteratorResult<RunLine> | undefined>((resolve, reject) => {
      cut = () => resolve(undefined);
      lines.next().then(resolve, reject);
    });
    if (one === undefined || one.done === true) return;
    yield one.value;
  }
}
