/** `sanmotion campaign merge`: the results of all shares of a campaign, as one machine would have written them. */
import { dirname } from 'node:path';
import { runsOf } from '../campaign/plan.ts';
import { mergeResults, parseResults, type ResultsHeader } from '../campaign/results.ts';
import { Summary } from '../campaign/summary.ts';
import { worldOfResults } from './campaign-options.ts';
import { openResults } from './campaign-results.ts';
import { campaignJson, campaignText } from './campaign-text.ts';
import { counterexamples } from './counterexample.ts';
import { readText } from './files.ts';
import { Exit, toJson } from './output.ts';

/** Options of `sanmotion campaign merge`, as they were typed. */
export interface MergeOptions {
  readonly out?: string;
  readonly shrink?: boolean;
  readonly json?: boolean;
}

const RESULTS_DEFAULT = 'out/campaign.jsonl';

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `ResultsError`. */
export async function campaignMergeCommand(
  files: readonly string[],
  options: MergeOptions,
): Promise<number> {
  const started = Date.now();
  const shares = files.map((path) => {
    const text = readText({ said: 'results', path });
    return { ...parseResults(text, path), file: path };
  });
  const worldOf = (header: ResultsHeader) => worldOfResults(header, `campaign merge ${files[0]}`);
  const { header, records } = mergeResults(shares, (whole) => runsOf(worldOf(whole), whole.plan));
  const path = options.out ?? RESULTS_DEFAULT;
  const world = worldOf(header);
  const results = openResults(path, header, options);
  const summary = new Summary();
  for (const record of records) {
    results.write(record);
    summary.add(record);
  }
  results.close();
  const found = summary.conclude();
  const { file, overrides } = header.scenario;
  const campaign = { file: file ?? undefined, overrides, world };
  const shown =
    options.shrink === false ? [] : await counterexamples(campaign, found, dirname(path));
  const run = {
    path,
    kept: results.kept,
    workers: undefined,
    shares: shares.length,
    tookMs: Date.now() - started,
    left: 0,
    stopped: undefined,
  };
  process.stdout.write(
    options.json === true
      ? `${toJson(campaignJson(header, found, shown, run), 2)}\n`
      : campaignText(header, campaign, found, shown, run),
  );
  return found.bad > 0 ? Exit.violated : Exit.clean;
}
