/** `sanmotion campaign keep`: failing runs are kept until they are mended. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import pc from 'picocolors';
import { runJob } from '../campaign/job.ts';
import { parseResults } from '../campaign/results.ts';
import {
  breaks,
  formatSeeds,
  type KeptSeed,
  keptOf,
  parseSeeds,
  seedsOf,
} from '../campaign/seed-store.ts';
import { type Campaign, worldOfResults } from './campaign-options.ts';
import { replayCommand } from './counterexample.ts';
import { checkOutput, readText, refuseSameFile, writeText } from './files.ts';
import { count, Exit, Progress, table, toJson, UsageError } from './output.ts';
import { Stop } from './stop.ts';

/** Options of `sanmotion campaign keep`, as they were typed. */
export interface KeepOptions {
  readonly store?: string;
  readonly commit?: string;
  readonly json?: boolean;
}

const STORE_DEFAULT = 'out/seeds.jsonl';

/** What became of a kept run: it is new, it fails as before, it is mended, or nobody can make it again. */
type Fate = 'new' | 'fails' | 'mended' | 'changed' | 'not tried';

interface Row {
  readonly seed: KeptSeed;
  readonly fate: Fate;
}

/**
 * Runs the command: takes the failing runs of result files in, or without one makes all kept runs again and drops
 * those that are mended. Returns the exit status: 1 where something that is kept fails. Errors: `UsageError`,
 * `ResultsError`.
 */
export async function campaignKeepCommand(
  files: readonly string[],
  options: KeepOptions,
  version: string,
): Promise<number> {
  const store = { said: '--store', path: options.store ?? STORE_DEFAULT };
  const before = existsSync(store.path) ? parseSeeds(readText(store), store.path) : [];
  if (files.length === 0 && before.length === 0)
    throw new UsageError(
      `campaign keep: nothing is kept in ${store.path} yet; name result files, or another store by --store`,
    );
  refuseSameFile([...files.map((path) => ({ said: 'results', path })), store]);
  checkOutput(store);
  const stop = new Stop();
  const rows =
    files.length === 0 ? await again(before, stop) : taken(files, before, options, version);
  stop.end();
  const kept = rows.filter(({ fate }) => fate !== 'mended' && fate !== 'changed');
  writeText(store, formatSeeds(kept.map(({ seed }) => seed)));
  process.stdout.write(
    options.json === true
      ? `${toJson(
          rows.map(({ fate, seed }) => ({ fate, ...seed, command: commandOf(seed) })),
          2,
        )}\n`
      : textOf(rows, store.path),
  );
  if (stop.reason !== undefined) return Exit.interrupted;
  return kept.length > 0 ? Exit.violated : Exit.clean;
}

function taken(
  files: readonly string[],
  before: readonly KeptSeed[],
  { commit }: KeepOptions,
  version: string,
): Row[] {
  const at = commit ?? commitHere() ?? `v${version}`;
  const found = files.flatMap((path) => {
    const { header, records } = parseResults(readText({ said: 'results', path }), path);
    return seedsOf(header, records, at);
  });
  const known = new Set(before);
  return keptOf(found, before).map((seed) => ({
    seed,
    fate: known.has(seed) ? 'not tried' : 'new',
  }));
}

/** The commit of the work tree that the command runs in; `undefined` where there is none. */
function commitHere(): string | undefined {
  try {
    const said = execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim().slice(0, 12);
  } catch {
    return undefined;
  }
}

/** Every kept run once more. */
async function again(before: readonly KeptSeed[], stop: Stop): Promise<Row[]> {
  const rows: Row[] = [];
  const progress = new Progress();
  for (const seed of before) {
    progress.show(() => `${count(rows.length)} of ${count(before.length)} kept runs made again`);
    rows.push({ seed, fate: stop.reason === undefined ? fateOf(seed) : 'not tried' });
    // Signals come in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  progress.end();
  return rows;
}

function fateOf(kept: KeptSeed): Fate {
  const { faults, seed } = kept;
  try {
    const world = worldOfResults(kept, `seed ${seed}`);
    return breaks(runJob(world, { run: 1, seed, faults }), kept.invariant) ? 'fails' : 'mended';
  } catch (error) {
    if (error instanceof UsageError) return 'changed';
    throw error;
  }
}

function commandOf({ faults, lifetimeNs, scenario, seed }: KeptSeed): string {
  const { file, overrides } = scenario;
  const world = lifetimeNs === undefined ? {} : { lifetimeNs };
  const campaign = { file: file ?? undefined, overrides, world } as Campaign;
  return replayCommand(campaign, { seed, faults });
}

const PAINT: Readonly<Record<Fate, (text: string) => string>> = {
  new: pc.red,
  fails: pc.red,
  mended: pc.green,
  changed: pc.yellow,
  'not tried': pc.dim,
};

function textOf(rows: readonly Row[], store: string): string {
  const cells = rows.map(({ fate, seed }) => [
    PAINT[fate](fate),
    seed.invariant,
    seed.commit,
    `${seed.seed}`,
    `${seed.faults.length}`,
    seed.scenario.file ?? 'built in',
    seed.detail,
  ]);
  const head = ['', 'breaks', 'commit', 'seed', 'faults', 'scenario', ''].map(pc.dim);
  const [first] = rows.filter(({ fate }) => fate === 'new' || fate === 'fails');
  return [
    ...(rows.length === 0 ? ['no run failed'] : [table([head, ...cells], [3, 4])]),
    '',
    `kept      ${store}`,
    ...(first === undefined ? [] : [`the first of them again: ${commandOf(first.seed)}`]),
    '',
  ].join('\n');
}
