/**
 * `sanmotion zoo`: one move, made in every vendor's way, with every drain, defence and setting of the
 * fabric; each of them undisturbed and under every schedule of late frames.
 */
import { relative } from 'node:path';
import pc from 'picocolors';
import { DRAINS } from '../host/control.ts';
import { DEFENCES } from '../mobility/plan.ts';
import {
  PROFILE_NAMES,
  type ProfileName,
  profileOf,
  SETTING_NAMES,
  type SettingName,
} from '../mobility/profiles.ts';
import { LATE_SCHEDULES, type LateSchedule, lateFrames } from '../run/late-frames.ts';
import { runMove } from '../run/run.ts';
import { ScenarioError } from '../scenario/load.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import { count, duration, Exit, Progress, table, toJson, UsageError } from './output.ts';
import { SCENARIOS, scenarioFrom, wholeOf, wordsOf } from './scenario-file.ts';

/** Options of `sanmotion zoo`, as they were typed. */
export interface ZooOptions {
  readonly seed?: string;
  readonly profile?: string;
  readonly full?: boolean;
  readonly json?: boolean;
}

/** A way to make the move. What is left out is the profile's. */
interface Cell {
  readonly profile: ProfileName;
  readonly drain?: string;
  readonly defences?: readonly string[];
  readonly setting?: SettingName;
}

/** What became of one run of a cell. */
interface CellRun {
  /** `undefined`: nothing was late. */
  readonly late: LateSchedule | undefined;
  readonly digest: string;
  readonly violated: readonly string[];
}

interface CellResult {
  readonly cell: Cell;
  readonly drain: string;
  readonly defences: readonly string[];
  readonly outcome: string;
  readonly blackoutNs: number;
  /** Invariants that held in every run, as far as they could be observed. */
  readonly holds: number;
  readonly breaks: readonly { readonly invariant: string; readonly late: string }[];
  readonly runs: readonly CellRun[];
  /** The command that makes the worst of its runs again, and what in it is this cell's own. */
  readonly replay: string;
  readonly words: string;
}

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `RunError`. */
export function zooCommand(file: string | undefined, options: ZooOptions): number {
  const path = file ?? relative(process.cwd(), `${SCENARIOS}zoo.yaml`);
  const seed = wholeOf('--seed', options.seed ?? '1', 0, Number.MAX_SAFE_INTEGER);
  const all = options.full === true ? fullSelection() : selection();
  const cells = all.filter((cell) => (options.profile ?? cell.profile) === cell.profile);
  if (cells.length === 0)
    throw new UsageError(`--profile ${options.profile}: allowed are ${PROFILE_NAMES.join(', ')}`);
  // A file that is wrong by itself is told; only ways of moving that exclude each other are left out.
  scenarioFrom(path);
  const progress = new Progress();
  const results: CellResult[] = [];
  for (const [index, cell] of cells.entries()) {
    progress.show(() => `${count(index)} of ${count(cells.length)} ways to move`);
    const result = runCell(path, seed, cell);
    if (result !== undefined) results.push(result);
  }
  progress.end();
  process.stdout.write(
    options.json === true ? `${toJson(results, 2)}\n` : textOf(results, commandOf(path, seed)),
  );
  // A way that is meant to be safe and is not is a fault; the others are there to be shown.
  const failed = results.some(
    ({ cell, breaks }) => isPlain(cell) && profileOf(cell.profile).isMeantSafe && breaks.length > 0,
  );
  return failed ? Exit.violated : Exit.clean;
}

const isPlain = (cell: Cell): boolean =>
  cell.drain === undefined && cell.defences === undefined && cell.setting === undefined;

/** Every profile as it is, and where drains, defences and settings make a difference, those. */
function selection(): Cell[] {
  const plain = PROFILE_NAMES.map((profile): Cell => ({ profile }));
  const drains = (['powervm', 'vmware', 'flexattach'] as const).flatMap((profile) =>
    DRAINS.filter((drain) => drain !== profileOf(profile).move.drain).map(
      (drain): Cell => ({ profile, drain, defences: [] }),
    ),
  );
  const pair = DEFENCES.map((defence): Cell => ({ profile: 'powervm', defences: [defence] }));
  const reuse = [[], ...DEFENCES.map((one) => [one])].map(
    (defences): Cell => ({
      profile: 'vmware',
      drain: 'purge',
      defences,
      setting: 'first-burst',
    }),
  );
  const duplicates = (['duplicate-1', 'duplicate-2'] as const).map(
    (setting): Cell => ({ profile: 'libvirt', setting }),
  );
  const settings = SETTING_NAMES.filter((name) => name !== 'as-is' && name !== 'first-burst').map(
    (setting): Cell => ({ profile: 'flexattach', setting }),
  );
  return [...plain, ...drains, ...pair, ...reuse, ...duplicates, ...settings];
}

/** Every profile with every drain, no defence or one, and every setting. */
function fullSelection(): Cell[] {
  const defences = [[], ...DEFENCES.map((one) => [one])];
  return PROFILE_NAMES.flatMap((profile) =>
    DRAINS.flatMap((drain) =>
      defences.flatMap((some) =>
        SETTING_NAMES.map((setting): Cell => ({ profile, drain, defences: some, setting })),
      ),
    ),
  );
}

function overridesOfCell({ profile, drain, defences, setting }: Cell): ScenarioOverrides {
  return {
    profile,
    ...(drain === undefined ? {} : { drain }),
    ...(defences === undefined ? {} : { defences }),
    ...(setting === undefined ? {} : { settings: [setting] }),
  };
}

/** `undefined` where the parts of the cell exclude each other. */
function runCell(path: string, seed: number, cell: Cell): CellResult | undefined {
  const overrides = overridesOfCell(cell);
  let scenario: ReturnType<typeof scenarioFrom>;
  try {
    scenario = scenarioFrom(path, { ...overrides, seed });
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
  const undisturbed = runMove({ scenario });
  const reports = [{ late: undefined as LateSchedule | undefined, report: undisturbed }];
  if (undisturbed.result.outcome === 'moved') {
    for (const late of LATE_SCHEDULES) {
      const rules = lateFrames(late, scenario, undisturbed);
      reports.push({ late, report: runMove({ scenario, rules }) });
    }
  }
  const runs = reports.map(({ late, report }) => ({
    late,
    digest: report.digest,
    violated: report.verdict.filter((one) => one.result === 'violated').map((one) => one.invariant),
  }));
  const breaks = undisturbed.verdict.flatMap(({ invariant }) => {
    const run = runs.find((one) => one.violated.includes(invariant));
    return run === undefined ? [] : [{ invariant, late: run.late ?? '' }];
  });
  const broken = new Set(breaks.map((one) => one.invariant));
  const holds = undisturbed.verdict.filter(
    (one) => one.result === 'holds' && !broken.has(one.invariant),
  ).length;
  const worst = runs.reduce((a, b) => (b.violated.length > a.violated.length ? b : a));
  const late = worst.late === undefined ? '' : ` --late ${worst.late}`;
  const words = `${wordsOf(overrides)}${late}`;
  return {
    cell,
    drain: scenario.move.drain,
    defences: scenario.move.defences,
    outcome: undisturbed.result.outcome,
    blackoutNs: undisturbed.blackoutNs,
    holds,
    breaks,
    runs,
    replay: `${commandOf(path, seed)}${words}`,
    words: words.trim(),
  };
}

function commandOf(path: string, seed: number): string {
  return `sanmotion move ${path} --seed ${seed}`;
}

function textOf(results: readonly CellResult[], command: string): string {
  const rows = results.map(
    ({ cell, drain, defences, outcome, blackoutNs, holds, breaks, words }) => {
      const broken = breaks.map(({ invariant, late }) =>
        late === '' ? invariant : `${invariant} (${late})`,
      );
      return [
        cell.profile,
        drain,
        defences.join(', ') || 'none',
        cell.setting ?? '',
        outcome === 'moved' ? duration(blackoutNs) : outcome,
        `${holds}`,
        broken.length === 0 ? pc.green('-') : pc.red(broken.join(' ')),
        pc.dim(words),
      ];
    },
  );
  const head = [
    'profile',
    'drain',
    'defences',
    'setting',
    'blackout',
    'hold',
    'break (what was late)',
    'again',
  ];
  const unsafe = results.filter((one) => one.breaks.length > 0).length;
  const runs = results.reduce((sum, one) => sum + one.runs.length, 0);
  return [
    table([head.map(pc.dim), ...rows], [4, 5]),
    '',
    `${count(results.length)} ways to move, ${count(runs)} runs: ${count(results.length - unsafe)} safe, ${count(unsafe)} unsafe`,
    `one of them again: ${command} and the words in its last column`,
    '',
  ].join('\n');
}
