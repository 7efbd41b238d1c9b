/** What a campaign found, for a person and as JSON. */
import pc from 'picocolors';
import { explanationOf } from '../audit/explanations.ts';
import type { CampaignPlan } from '../campaign/plan.ts';
import type { ResultsHeader } from '../campaign/results.ts';
import type { CampaignSummary } from '../campaign/summary.ts';
import type { Campaign } from './campaign-options.ts';
import { type Counterexample, replayCommand } from './counterexample.ts';
import { count, duration, table, terminalColumns, wrap } from './output.ts';
import type { StopReason } from './stop.ts';

/** How and where it ran. */
export interface CampaignRun {
  readonly path: string;
  /** Where the results that lay there before are now. */
  readonly kept: string | undefined;
  /** `undefined`: those that take runs from a queue. */
  readonly workers: number | undefined;
  /** Shares that were put together, where that was all that was done. */
  readonly shares?: number;
  readonly tookMs: number;
  /** Runs that were not made, and why it ended before them. */
  readonly left: number;
  readonly stopped: StopReason | undefined;
}

/** The document of `campaign --json`. */
export function campaignJson(
  header: ResultsHeader,
  found: CampaignSummary,
  shown: readonly Counterexample[],
  { kept, left, path, stopped, workers, tookMs }: CampaignRun,
): unknown {
  return {
    campaign: header,
    workers: workers ?? null,
    tookMs,
    results: path,
    kept: kept ?? null,
    left,
    stopped: stopped ?? null,
    ...found,
    counterexamples: shown.map(({ command, evidence, path: capture, shrunk }) => ({
      invariant: shrunk.invariant,
      seed: shrunk.seed,
      faults: shrunk.faults,
      reduce: shrunk.reduction,
      runs: shrunk.tries,
      detail: evidence.detail,
      capture,
      isShown: evidence.isShown,
      command,
      frames: evidence.frames.map(({ atNs, comment, line, number, tap }) => ({
        frame: number,
        atNs,
        tap,
        line,
        comment,
      })),
    })),
  };
}

/** What a person reads of it: the count, the faults, each invariant that broke, each violation made small. */
export function campaignText(
  header: ResultsHeader,
  campaign: Campaign,
  found: CampaignSummary,
  shown: readonly Counterexample[],
  run: CampaignRun,
): string {
  const { kept, left, path, stopped, tookMs } = run;
  const { scenario } = campaign.world;
  const verdict =
    found.bad === 0 ? pc.green('no violation') : pc.red(`${count(found.bad)} with a violation`);
  const outcomes = Object.entries(found.outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, runs]) => `${outcome} ${count(runs)}`);
  const { plan, shard } = header;
  const share = shard === undefined ? '' : `, share ${shard.index} of ${shard.of}`;
  return [
    `${pc.bold(scenario.name)}  ${scenario.move.strategy}, drain ${scenario.move.drain}, ${planWords(plan)}${share}`,
    `${count(found.runs)} runs ${whereOf(run)} in ${duration(tookMs * 1e6)}: ${verdict}`,
    `moves     ${outcomes.join(', ')}`,
    '',
    faultTable(found),
    ...invariantLines(campaign, found),
    ...shown.flatMap(shownLines),
    '',
    `results   ${path}`,
    ...(stopped === undefined
      ? []
      : [
          pc.yellow(
            `${STOPPED[stopped]}: ${count(left)} runs are left; the same command with --resume goes on`,
          ),
        ]),
    ...(kept === undefined ? [] : [`before    ${kept} has what was there`]),
    '',
  ].join('\n');
}

function whereOf({ shares, workers }: CampaignRun): string {
  if (shares !== undefined) return `of ${count(shares)} shares put together`;
  if (workers === undefined) return 'on the workers of the queue';
  return workers === 1 ? 'on 1 worker' : `on ${workers} workers`;
}

const STOPPED: Readonly<Record<StopReason, string>> = {
  interrupted: 'interrupted',
  budget: 'the budget is used up',
};

function planWords({ mode, seeds: [first, last] }: CampaignPlan): string {
  const seeds = first === last ? `seed ${first}` : `seeds ${first} to ${last}`;
  if (mode.mode === 'exhaustive') return `every frame and every fault, ${seeds}`;
  if (mode.mode === 'pairs') return `${count(mode.pairs)} pairs of faults, ${seeds}`;
  return `up to ${mode.faultsMax} random faults a run, ${seeds}`;
}

function faultTable(found: CampaignSummary): string {
  return table(
    [
      ['fault', 'runs', 'violated'].map(pc.dim),
      ...Object.entries(found.faults).map(([name, { runs, bad }]) => [
        name,
        count(runs),
        bad === 0 ? '0' : pc.red(count(bad)),
      ]),
    ],
    [1, 2],
  );
}

function invariantLines(campaign: Campaign, found: CampaignSummary): string[] {
  return Object.entries(found.invariants).flatMap(([invariant, { byFault, examples, runs }]) => {
    const example = examples[0]!;
    const said =
      'error' in example
        ? example.error
        : (example.violated.find((one) => one.invariant === invariant)?.detail ?? '');
    const breach = explanationOf(invariant)?.breach;
    const faults = Object.entries(byFault)
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${name} ${count(times)}`);
    return [
      '',
      `${pc.red(invariant.padEnd(5))} ${count(runs)} runs: ${faults.join(', ')}`,
      ...(breach === undefined ? [] : [`      ${breach}`]),
      pc.dim(wrap(`      ${said}`, terminalColumns(), 6)),
      `      ${replayCommand(campaign, example)}`,
    ];
  });
}

/** In front of a frame's comments. */
const INDENT = ' '.repeat(8);

function shownLines({ command, evidence, path, shrunk }: Counterexample): string[] {
  const { faults, invariant, record, tries } = shrunk;
  const faultWords = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const frames = `${evidence.frames.length} frames`;
  return [
    '',
    `${pc.bold(`${invariant} made small`)} by ${count(tries)} runs: ${faultWords}, ${count(record.io.submitted)} I/Os, ${frames} in ${path}`,
    pc.dim(wrap(`      ${evidence.detail}`, terminalColumns(), 6)),
    ...evidence.faults.map((line) => wrap(`      fault: ${line}`, terminalColumns(), 13)),
    ...evidence.frames.flatMap(({ comment, line, number, tap }) => [
      `  ${pc.dim(`${number}`.padStart(5))} ${tap}  ${line}`,
      ...(comment === ''
        ? []
        : comment
            .split('; ')
            .map((text) => pc.cyan(wrap(`${INDENT}${text}`, terminalColumns(), 10)))),
    ]),
    `      ${command}`,
  ];
}
