/**
 * `sanmotion zoo`: one move, made in every vendor's way, with every drain, defence and setting of the
 * fabric; each of them undisturbed and under every schedule of late frames.
 */

import { availableParallelism } from 'node:os';
import type { LateEnd } from '../campaign/late-run.ts';
import { RunPool } from '../campaign/pool.ts';
import { PROFILE_NAMES } from '../mobility/profiles.ts';
import { LATE_SCHEDULES, type LateSchedule } from '../run/late-schedules.ts';
import { optionWords } from '../scenario/overrides.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import type { Scenario } from '../scenario/schema.ts';
import { checkOutputFolder } from './files.ts';
import { count, Exit, Progress, toJson, UsageError } from './output.ts';
import { scenarioFrom, wholeOf } from './scenario-file.ts';
import { Stop } from './stop.ts';
import { writeCaptures } from './zoo-captures.ts';
import {
  type Cell,
  type CellResult,
  type CellRun,
  fateOf,
  fullSelection,
  lanSelection,
  overridesOfCell,
  protocolSelection,
  selection,
} from './zoo-cells.ts';
import { ZooTable } from './zoo-text.ts';

/** Options of `sanmotion zoo`, as they were typed. */
export interface ZooOptions {
  readonly seed?: string;
  readonly profile?: string;
  readonly workers?: string;
  readonly full?: boolean;
  readonly protocols?: boolean;
  readonly lan?: boolean;
  /** Folder of the captures of what broke, with `protocols`. */
  readonly captures?: string;
  readonly json?: boolean;
}

const WORKERS_MAX = 64;
const CAPTURES_DEFAULT = 'out/zoo';

/** A way to move with its scenario, to be run. */
interface Planned {
  readonly cell: Cell;
  readonly scenario: Scenario;
}

/** Runs the command. Returns the exit status: 0 where every way is carried out and safe. Errors: `UsageError`, `ScenarioError`. */
export async function zooCommand(file: string | undefined, options: ZooOptions): Promise<number> {
  const path = file ?? (options.lan === true ? 'zoo-lan' : 'zoo');
  const seed = wholeOf('--seed', options.seed ?? '1', 0, Number.MAX_SAFE_INTEGER);
  const processors = `${Math.min(WORKERS_MAX, availableParallelism())}`;
  const workers = wholeOf('--workers', options.workers ?? processors, 1, WORKERS_MAX);
  const all = cellsOf(options);
  const cells = all.filter((cell) => (options.profile ?? cell.profile) === cell.profile);
  if (cells.length === 0)
    throw new UsageError(`--profile ${options.profile}: allowed are ${PROFILE_NAMES.join(', ')}`);
  if (options.captures !== undefined && options.protocols !== true)
    throw new UsageError('--captures is about what breaks with --protocols: name that too');
  // A file that is wrong by itself is told; only ways of moving that exclude each other are left out.
  scenarioFrom(path);
  const planned = cells.flatMap((cell) => plan(path, seed, cell));
  const folder = options.captures ?? CAPTURES_DEFAULT;
  // Told before the runs, not behind them.
  if (options.protocols === true) checkOutputFolder({ said: '--captures', path: folder });
  const table = options.json === true ? undefined : new ZooTable(planned);
  const stop = new Stop();
  const results = await runAll({
    planned,
    workers,
    command: commandOf(path, seed),
    folder,
    table,
    stop,
  });
  stop.end();
  const left = planned.length - results.length;
  process.stdout.write(table?.end(results, left) ?? `${toJson(results, 2)}\n`);
  if (left > 0) return Exit.interrupted;
  return results.every((one) => fateOf(one) === 'safe') ? Exit.clean : Exit.violated;
}

/** The ways that are asked for. Errors: `UsageError` for two kinds at once. */
function cellsOf({ full, lan, profile, protocols }: ZooOptions): Cell[] {
  if (protocols !== true && lan !== true) return full === true ? fullSelection() : selection();
  const table = lan === true ? '--lan' : '--protocols';
  if (full === true || profile !== undefined) {
    const other = full === true ? '--full' : '--profile';
    throw new UsageError(`${other} is about vendors' ways: leave it out with ${table}`);
  }
  if (lan !== true) return protocolSelection();
  if (protocols === true)
    throw new UsageError('--protocols and --lan are two tables: leave one of them out');
  return lanSelection();
}

/** Nothing where the parts of the cell exclude each other. */
function plan(path: string, seed: number, cell: Cell): Planned[] {
  try {
    return [{ cell, scenario: scenarioFrom(path, { ...overridesOfCell(cell), seed }) }];
  } catch (error) {
    if (error instanceof ScenarioError) return [];
    throw error;
  }
}

function commandOf(path: string, seed: number): string {
  return `sanmotion move ${path} --seed ${seed}`;
}

interface AllWays {
  readonly planned: readonly Planned[];
  readonly workers: number;
  readonly command: string;
  /** Of the captures. */
  readonly folder: string;
  readonly table: ZooTable | undefined;
  readonly stop: Stop;
}

/** Runs the ways, several at once; each is told as soon as it and those before it are done. */
async function runAll({
  command,
  folder,
  planned,
  stop,
  table,
  workers,
}: AllWays): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const progress = new Progress();
  const started = Date.now();
  let runs = 0;
  const show = (): void =>
    progress.show(() => {
      const ways = `${count(results.length)} of ${count(planned.length)} ways to move`;
      return `${ways}, ${count(runs)} runs in ${Math.round((Date.now() - started) / 1000)} s`;
    });
  const tell = (): void => {
    runs++;
    show();
  };
  // A single run may take long.
  const clock = setInterval(show, 1000);
  const pool = new RunPool(workers);
  try {
    const begun: Promise<CellResult>[] = [];
    const trips: Trips = new Map();
    const waiting = [...planned];
    const begin = (): void => {
      const next = waiting.shift();
      if (next !== undefined) begun.push(runCell(pool, next, { command, folder, tell, trips }));
    };
    // One more than there are workers: the last runs of a way leave some of them idle.
    for (let i = 0; i <= workers; i++) begin();
    // What is under way when the pool closes fails, and nobody waits for it.
    for (let i = 0; i < planned.length; i++) {
      const result = await Promise.race([begun[i]!, stop.asked]);
      if (result === undefined) break;
      results.push(result);
      begin();
      progress.end();
      if (table !== undefined) process.stdout.write(table.row(result));
    }
  } finally {
    clearInterval(clock);
    progress.end();
    await pool.close();
  }
  return results;
}

/** What the runs of all ways have in common. */
interface CellOptions {
  readonly command: string;
  readonly folder: string;
  readonly tell: () => void;
  readonly trips: Trips;
}

async function runCell(
  pool: RunPool,
  { cell, scenario }: Planned,
  { command, folder, tell, trips }: CellOptions,
): Promise<CellResult> {
  const undisturbed = await pool.runLate({ scenario });
  tell();
  if ('error' in undisturbed) return failed(cell, scenario, command, undisturbed.error);
  const { lan, timeline } = undisturbed;
  // Late frames are the storage's: what a LAN does is seen without.
  const isLate = undisturbed.outcome === 'moved' && cell.lan === undefined;
  const schedules = isLate ? LATE_SCHEDULES : [];
  const late = await Promise.all(
    schedules.map(async (schedule) => {
      const end = await pool.runLate({ scenario, late: { schedule, timeline } });
      tell();
      return { schedule, end };
    }),
  );
  const roundTrips = await roundTripsOf(pool, { cell, scenario }, trips);
  const runs = [runOf(undefined, undisturbed)];
  for (const { end, schedule } of late) {
    if ('error' in end) {
      return failed(cell, scenario, command, `${schedule} late: ${end.error}`, schedule);
    }
    runs.push(runOf(schedule, end));
  }
  const breaks = undisturbed.results.flatMap(({ invariant }) => {
    const run = runs.find((one) => one.violated.includes(invariant));
    return run === undefined ? [] : [{ invariant, late: run.late ?? '' }];
  });
  const captures =
    cell.protocol === undefined
      ? undefined
      : await writeCaptures(
          pool,
          breaks.map(({ invariant }) => invariant),
          {
            cell,
            folder,
            run: (invariant) => {
              const schedule = runs.find((one) => one.violated.includes(invariant))?.late;
              const late = schedule === undefined ? {} : { late: { schedule, timeline } };
              const { replay } = nameOf(cell, scenario, command, schedule);
              return { job: { scenario, ...late }, command: replay };
            },
          },
        );
  const broken = new Set(breaks.map((one) => one.invariant));
  const worst = runs.reduce((a, b) => (b.violated.length > a.violated.length ? b : a));
  return {
    ...nameOf(cell, scenario, command, worst.late),
    outcome: undisturbed.outcome,
    blackoutNs: undisturbed.blackoutNs,
    holds: undisturbed.results.filter(
      ({ invariant, result }) => result === 'holds' && !broken.has(invariant),
    ).length,
    breaks,
    runs,
    ...(roundTrips === undefined ? {} : { roundTrips }),
    ...(lan === undefined ? {} : { lan }),
    ...(captures === undefined || captures.length === 0 ? {} : { captures }),
  };
}

/** I/O before the move in the runs whose writes are timed. */
const TRIPS_MS = 200;
/** A link's delay in the two runs whose writes are compared, in microseconds: more than all else that varies. */
const DELAYS_US = [500, 2500] as const;
/** Links between a host and the array, there and back. */
const LINKS_OF_TRIP = 4;

/** Round trips by protocol: how a move is made changes nothing about a write before it. */
type Trips = Map<string, Promise<number | undefined>>;

/** Those of a way's protocol, where protocols are compared. */
async function roundTripsOf(
  pool: RunPool,
  { cell: { nfsVersion, protocol }, scenario }: Planned,
  trips: Trips,
): Promise<number | undefined> {
  if (protocol === undefined) return undefined;
  const carrier = `${protocol} ${nfsVersion ?? ''}`;
  const known = trips.get(carrier) ?? tripsOf(pool, scenario);
  trips.set(carrier, known);
  return known;
}

/** Round trips that a write takes: by how much writes take longer where links are longer. `undefined`: there were none. */
async function tripsOf(pool: RunPool, scenario: Scenario): Promise<number | undefined> {
  const tookNs = await Promise.all(
    DELAYS_US.map(async (delayUs) => {
      const { timing } = scenario;
      const longer = {
        ...scenario,
        links: { ...scenario.links, delayUs },
        timing: { ...timing, beforeMs: TRIPS_MS },
      };
      const end = await pool.runLate({ scenario: longer, times: true });
      return 'error' in end ? undefined : end.writeNs;
    }),
  );
  const [short, long] = tookNs;
  if (short === undefined || long === undefined) return undefined;
  const addedNs = (DELAYS_US[1] - DELAYS_US[0]) * 1000 * LINKS_OF_TRIP;
  return Math.round(((long - short) / addedNs) * 10) / 10;
}

function runOf(late: LateSchedule | undefined, { digest, results }: LateEnd): CellRun {
  const violated = results.filter(({ result }) => result === 'violated');
  return { late, digest, violated: violated.map(({ invariant }) => invariant) };
}

/** What a result is known by. */
function nameOf(
  cell: Cell,
  { move }: Scenario,
  command: string,
  late: LateSchedule | undefined,
): Pick<CellResult, 'cell' | 'drain' | 'defences' | 'replay' | 'words'> {
  const words = `${optionWords(overridesOfCell(cell))}${late === undefined ? '' : ` --late ${late}`}`;
  const { defences, drain } = move;
  return { cell, drain, defences, replay: `${command}${words}`, words: words.trim() };
}

function failed(
  cell: Cell,
  scenario: Scenario,
  command: string,
  error: string,
  late?: LateSchedule,
): CellResult {
  const nothing = { outcome: 'no end', blackoutNs: 0, holds: 0, breaks: [], runs: [] };
  return { ...nameOf(cell, scenario, command, late), ...nothing, error };
}
