/** `sanmotion quiesce`: how long a move must wait so that no late frame does harm. */
import { availableParallelism } from 'node:os';
import pc from 'picocolors';
import type { CampaignWorld } from '../campaign/job.ts';
import { RunPool } from '../campaign/pool.ts';
import {
  type QuiesceCurve,
  type QuiescePoint,
  type QuiesceSearch,
  quiescePoint,
} from '../campaign/quiesce.ts';
import { quiesceSvg } from '../campaign/quiesce-svg.ts';
import { DEFENCES } from '../mobility/plan.ts';
import { checkOutput, refuseSameFile, writeText } from './files.ts';
import { count, duration, Exit, Progress, table, toJson, UsageError } from './output.ts';
import {
  type MoveChoice,
  namesOrNone,
  overridesOf,
  scenarioFiles,
  scenarioFrom,
  wholeOf,
} from './scenario-file.ts';
import { Stop } from './stop.ts';

/** Options of `sanmotion quiesce`, as they were typed. */
export interface QuiesceOptions extends Omit<MoveChoice, 'defences'> {
  readonly lifetimes?: string;
  readonly with: readonly string[];
  readonly seed?: string;
  readonly workers?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

/** The defence that waits; the others may stand beside it. */
const WAIT = 'wait-r-a-tov';
const LIFETIMES_DEFAULT = '100,500,1000,2000,5000,9000';
const WITH_DEFAULT = ['none', 'logo-acknowledged', 'acl-first', 'oxid-epochs'];
const IOS = 4;
/** What gives the defences here, and the wait. */
const OPTION_NAMES = { defences: '--with', quiesceMs: 'a wait in ms of' };
const WORKERS_MAX = 64;

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`. */
export async function quiesceCommand(
  file: string | undefined,
  options: QuiesceOptions,
): Promise<number> {
  const path = file ?? 's-id-reuse';
  const seed = wholeOf('--seed', options.seed ?? '1', 0, Number.MAX_SAFE_INTEGER);
  const workers = wholeOf(
    '--workers',
    options.workers ?? `${Math.min(WORKERS_MAX, availableParallelism())}`,
    1,
    WORKERS_MAX,
  );
  const base = scenarioFrom(path, overridesOf(options), OPTION_NAMES);
  const longestMs = Math.max(...base.fabrics.map((one) => one.rATovMs));
  const lifetimes = (options.lifetimes ?? LIFETIMES_DEFAULT)
    .split(',')
    .map((text) => wholeOf('--lifetimes', text, 1, longestMs));
  const drawing = options.svg === undefined ? undefined : { said: '--svg', path: options.svg };
  // Before searches of minutes, not behind them.
  if (drawing !== undefined) {
    refuseSameFile([...scenarioFiles(path), drawing]);
    checkOutput(drawing);
  }
  const pool = new RunPool(workers);
  const stop = new Stop();
  try {
    const curves = await curvesOf(path, options, { pool, seed, lifetimes, longestMs, stop });
    const title = `${base.name}, seed ${seed}: waits that no schedule was found against`;
    if (drawing !== undefined) writeText(drawing, quiesceSvg(title, curves));
    const { drain, strategy } = base.move;
    const document = { scenario: base.name, seed, strategy, drain, curves };
    process.stdout.write(
      options.json === true
        ? `${toJson({ ...document, svg: options.svg ?? null }, 2)}\n`
        : textOf(title, curves, options.svg, stop.reason !== undefined),
    );
  } finally {
    stop.end();
    await pool.close();
  }
  return stop.reason === undefined ? Exit.clean : Exit.interrupted;
}

interface CurvesWanted {
  readonly pool: RunPool;
  readonly seed: number;
  readonly lifetimes: readonly number[];
  readonly longestMs: number;
  readonly stop: Stop;
}

async function curvesOf(
  path: string,
  options: QuiesceOptions,
  { lifetimes, longestMs, pool, seed, stop }: CurvesWanted,
): Promise<QuiesceCurve[]> {
  const curves: QuiesceCurve[] = [];
  const progress = new Progress();
  for (const name of options.with.length === 0 ? WITH_DEFAULT : options.with) {
    if (stop.reason !== undefined) break;
    const search = searchOf(path, options, defencesOf(name), seed, pool);
    const points: QuiescePoint[] = [];
    for (const lifetimeMs of lifetimes) {
      progress.show(() => `${name}: frames that live ${duration(lifetimeMs * 1e6)}`);
      const point = await Promise.race([quiescePoint(search, lifetimeMs, longestMs), stop.asked]);
      if (point === undefined) break;
      points.push(point);
    }
    curves.push({ name: name === 'none' ? 'the wait alone' : name, points });
  }
  progress.end();
  return curves;
}

function defencesOf(name: string): string[] {
  const names = namesOrNone('--with', name);
  const wrong = names.find((one) => !DEFENCES.some((known) => known === one) || one === WAIT);
  if (wrong === undefined) return names;
  const allowed = DEFENCES.filter((one) => one !== WAIT).join(', ');
  throw new UsageError(`--with ${wrong}: allowed beside the wait are ${allowed}, or none`);
}

function searchOf(
  path: string,
  options: QuiesceOptions,
  others: readonly string[],
  seed: number,
  pool: RunPool,
): QuiesceSearch {
  const worldOf = (waitMs: number): CampaignWorld => ({
    scenario: scenarioFrom(
      path,
      {
        ...overridesOf(options),
        defences: waitMs === 0 ? others : [WAIT, ...others],
        ...(waitMs === 0 ? {} : { quiesceMs: waitMs }),
      },
      OPTION_NAMES,
    ),
    iosPerStep: IOS,
  });
  return { worldOf, seed, run: (world, jobs) => pool.run(world, jobs) };
}

function textOf(
  title: string,
  curves: readonly QuiesceCurve[],
  svg: string | undefined,
  isInterrupted: boolean,
): string {
  const rows = curves.flatMap(({ name, points }) =>
    points.map((one, index) => [
      index === 0 ? name : '',
      duration(one.lifetimeMs * 1e6),
      one.waitMs === undefined ? pc.red('none found') : duration(one.waitMs * 1e6),
      one.blackoutMs === undefined ? '' : duration(Math.round(one.blackoutMs * 1e6)),
      count(one.runs),
      one.breaks.length === 0 ? pc.green('nothing breaks') : `less breaks ${one.breaks.join(' ')}`,
    ]),
  );
  return [
    pc.bold(title),
    '',
    table(
      [['with', 'frames live', 'safe wait', 'blackout', 'runs', ''].map(pc.dim), ...rows],
      [1, 2, 3, 4],
    ),
    ...(svg === undefined ? [] : ['', `drawing   ${svg}`]),
    ...(isInterrupted
      ? ['', pc.yellow('interrupted: --lifetimes and --with choose what is left to be searched')]
      : []),
    '',
  ].join('\n');
}
