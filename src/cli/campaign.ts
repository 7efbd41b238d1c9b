/** `sanmotion campaign`: many runs of a move, with faults, on several workers. */
import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { CampaignWorld, RunLine } from '../campaign/job.ts';
import { type CampaignMode, type CampaignPlan, jobsOf, runsOf } from '../campaign/plan.ts';
import { RunPool } from '../campaign/pool.ts';
import { headerOf, parseResults, type ResultsHeader } from '../campaign/results.ts';
import { Summary } from '../campaign/summary.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import { campaignJson, campaignText } from './campaign-text.ts';
import { counterexamples } from './counterexample.ts';
import { count, duration, Exit, Progress, toJson, UsageError } from './output.ts';
import { replayRuns } from './replay-run.ts';
import { type MoveChoice, overridesOf, scenarioFrom, wholeOf } from './scenario-file.ts';

export interface CampaignOptions extends MoveChoice {
  readonly seeds?: string;
  readonly workers?: string;
  readonly faults?: string;
  readonly exhaustive?: boolean;
  readonly pairs?: string;
  readonly ios?: string;
  readonly lifetime?: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly shrink?: boolean;
  readonly replay?: string;
  readonly json?: boolean;
}

const RESULTS_DEFAULT = 'out/campaign.jsonl';
const FAULTS_DEFAULT = 2;
const FAULTS_MAX = 16;
const IOS_DEFAULT = 4;
const WORKERS_MAX = 64;
const MS = 1e6;

/** A campaign as the command line describes it. */
export interface Campaign {
  readonly file: string | undefined;
  readonly overrides: ScenarioOverrides;
  readonly world: CampaignWorld;
}

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `ResultsError`. */
export async function campaignCommand(
  file: string | undefined,
  options: CampaignOptions,
  version: string,
): Promise<number> {
  const overrides = overridesOf(options);
  if (options.replay !== undefined) return replayRuns(file, overrides, options.replay, options);
  const campaign = { file, overrides, world: worldOf(file, overrides, options) };
  const plan = planOf(options);
  const workers = wholeOf(
    '--workers',
    options.workers ?? `${Math.min(WORKERS_MAX, availableParallelism())}`,
    1,
    WORKERS_MAX,
  );
  const header = headerOf(version, { file: file ?? null, overrides }, campaign.world, plan);
  const path = options.out ?? RESULTS_DEFAULT;
  const started = Date.now();
  const summary = await runAll(campaign.world, plan, workers, openResults(path, header, options));
  const found = summary.conclude();
  const tookMs = Date.now() - started;
  const shown =
    options.shrink === false ? [] : await counterexamples(campaign, found, dirname(path));
  process.stdout.write(
    options.json === true
      ? `${toJson(campaignJson(header, found, shown, { path, workers, tookMs }), 2)}\n`
      : campaignText(header, campaign, found, shown, { path, workers, tookMs }),
  );
  return found.bad > 0 ? Exit.violated : Exit.clean;
}

/** The world of a campaign: the scenario, with what the options say about its runs. */
export function worldOf(
  file: string | undefined,
  overrides: ScenarioOverrides,
  { ios, lifetime }: Pick<CampaignOptions, 'ios' | 'lifetime'>,
): CampaignWorld {
  const lifetimeMs =
    lifetime === undefined ? undefined : wholeOf('--lifetime', lifetime, 0, 3_600_000);
  return {
    scenario: scenarioFrom(file, overrides),
    iosPerStep: ios === undefined ? IOS_DEFAULT : wholeOf('--ios', ios, 1, 1_000_000),
    ...(lifetimeMs === undefined ? {} : { lifetimeNs: lifetimeMs * MS }),
  };
}

function planOf(options: CampaignOptions): CampaignPlan {
  const { exhaustive, faults, pairs, seeds } = options;
  if (exhaustive === true && pairs !== undefined) {
    throw new UsageError('--exhaustive and --pairs exclude each other: give one of them');
  }
  if (faults !== undefined && (exhaustive === true || pairs !== undefined)) {
    throw new UsageError(
      '--faults is for random faults: leave it out with --exhaustive or --pairs',
    );
  }
  const mode: CampaignMode =
    exhaustive === true
      ? { mode: 'exhaustive' }
      : pairs !== undefined
        ? { mode: 'pairs', pairs: wholeOf('--pairs', pairs, 1, 10_000_000) }
        : {
            mode: 'random',
            faultsMax: wholeOf('--faults', faults ?? `${FAULTS_DEFAULT}`, 1, FAULTS_MAX),
          };
  return { mode, seeds: seedsOf(seeds ?? (mode.mode === 'random' ? '1..200' : '1')) };
}

function seedsOf(text: string): [number, number] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || !Number.isSafeInteger(last) || last < first) {
    throw new UsageError(`--seeds ${text}: give A..B, two whole numbers in order, or one`);
  }
  return [first, last];
}

/** A result file that is open for what comes, with what it holds already. */
interface OpenResults {
  readonly done: readonly RunLine[];
  write(line: RunLine): void;
  close(): void;
}

function openResults(
  path: string,
  header: ResultsHeader,
  { resume }: CampaignOptions,
): OpenResults {
  const before = resume === true ? readBefore(path, header) : undefined;
  let handle: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (before !== undefined) truncateSync(path, before.wholeBytes);
    handle = openSync(path, before === undefined ? 'w' : 'a');
  } catch (error) {
    throw new UsageError(
      `results ${path}: ${(error as Error).message}; give a file that can be written by --out`,
    );
  }
  if (before === undefined) writeSync(handle, `${JSON.stringify(header)}\n`);
  return {
    done: before?.lines ?? [],
    write: (line) => void writeSync(handle, `${JSON.stringify(line)}\n`),
    close: () => closeSync(handle),
  };
}

/** What an interrupted campaign left. `undefined`: nothing, so all is to be run. */
function readBefore(
  path: string,
  header: ResultsHeader,
): { lines: readonly RunLine[]; wholeBytes: number } | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`results ${path}: ${(error as Error).message}`);
  }
  const results = parseResults(text, path);
  if (JSON.stringify(results.header) !== JSON.stringify(header)) {
    throw new UsageError(
      `results ${path}: they are of another campaign (scenario, mode, seeds or version differ); leave --resume out to begin anew, or give another file by --out`,
    );
  }
  const whole = text.slice(0, results.wholeLength);
  return { lines: results.records, wholeBytes: Buffer.byteLength(whole) };
}

async function runAll(
  world: CampaignWorld,
  plan: CampaignPlan,
  workers: number,
  results: OpenResults,
): Promise<Summary> {
  const summary = new Summary();
  for (const line of results.done) summary.add(line);
  const total = runsOf(world, plan);
  const jobs = jobsOf(world, plan);
  for (let skipped = 0; skipped < results.done.length; skipped++) jobs.next();
  const progress = new Progress();
  const pool = new RunPool(workers);
  const started = Date.now();
  let done = results.done.length;
  try {
    for await (const line of pool.run(world, jobs)) {
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
    await pool.close();
  }
  return summary;
}
