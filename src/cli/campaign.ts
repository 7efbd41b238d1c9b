/** `sanmotion campaign`: many runs of a move, with faults, on several workers. */
import { dirname } from 'node:path';
import type { CampaignWorld } from '../campaign/job.ts';
import { type CampaignPlan, jobsOf, runsOf } from '../campaign/plan.ts';
import type { Runs } from '../campaign/queue.ts';
import { headerOf } from '../campaign/results.ts';
import { Summary } from '../campaign/summary.ts';
import { type CampaignOptions, checkReplay, planOf, worldOf } from './campaign-options.ts';
import { type OpenResults, openResults } from './campaign-results.ts';
import { campaignJson, campaignText } from './campaign-text.ts';
import { openRuns } from './campaign-worker.ts';
import { counterexamples } from './counterexample.ts';
import { count, duration, Exit, Progress, toJson } from './output.ts';
import { replayRuns } from './replay-run.ts';
import { overridesOf } from './scenario-file.ts';

const RESULTS_DEFAULT = 'out/campaign.jsonl';
const MS = 1e6;

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
  const { runs, workers } = await openRuns(options, version);
  const header = headerOf(version, { file: file ?? null, overrides }, campaign.world, plan);
  const path = options.out ?? RESULTS_DEFAULT;
  const started = Date.now();
  let results: OpenResults;
  try {
    results = openResults(path, header, options);
  } catch (error) {
    await runs.close();
    throw error;
  }
  const { kept } = results;
  const summary = await runAll(campaign.world, plan, runs, results);
  const found = summary.conclude();
  const tookMs = Date.now() - started;
  const shown =
    options.shrink === false ? [] : await counterexamples(campaign, found, dirname(path));
  const run = { path, kept, workers, tookMs };
  process.stdout.write(
    options.json === true
      ? `${toJson(campaignJson(header, found, shown, run), 2)}\n`
      : campaignText(header, campaign, found, shown, run),
  );
  return found.bad > 0 ? Exit.violated : Exit.clean;
}

async function runAll(
  world: CampaignWorld,
  plan: CampaignPlan,
  runs: Runs,
  results: OpenResults,
): Promise<Summary> {
  const summary = new Summary();
  for (const line of results.done) summary.add(line);
  const total = runsOf(world, plan);
  const jobs = jobsOf(world, plan);
  for (let skipped = 0; skipped < results.done.length; skipped++) jobs.next();
  const progress = new Progress();
  const started = Date.now();
  let done = results.done.length;
  try {
    for await (const line of runs.run(world, jobs)) {
      results.write(line);
      summary.add(line);
      done++;
      progress.show(() => {
        const each = (Date.now() - started) / (done - results.done.length);
        const left = duration(Math.round((total - done) * each) * MS);
        return `${count(done)} of ${count(total)} runs, ${count(summary.bad)} with a violation, about ${left} left`;
      });
    }
  } finally {
    progress.end();
    results.close();
    await runs.close();
  }
  return summary;
}
