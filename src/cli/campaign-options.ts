/** What the options of `sanmotion campaign` say: the world of its runs, and which runs they are. */
import type { CampaignWorld } from '../campaign/job.ts';
import type { CampaignMode, CampaignPlan, Shard } from '../campaign/plan.ts';
import { digestOf, type ResultsHeader } from '../campaign/results.ts';
import {
  IOS_PER_STEP_MAX,
  PAIRS_MAX,
  RANDOM_FAULTS_MAX,
  SHARES_MAX,
} from '../campaign/results-shape.ts';
import { frameLifeNs } from '../scenario/frame-life.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type OptionModes, refuseIdle } from './modes.ts';
import { UsageError } from './output.ts';
import { type MoveChoice, scenarioFrom, wholeOf } from './scenario-file.ts';

/** Options of `sanmotion campaign`, as they were typed. */
export interface CampaignOptions extends MoveChoice {
  readonly seeds?: string;
  readonly workers?: string;
  readonly queue?: string;
  readonly faults?: string;
  readonly exhaustive?: boolean;
  readonly pairs?: string;
  readonly ios?: string;
  readonly lifetime?: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly shrink?: boolean;
  readonly replay?: string;
  /** `2/4`: every fourth run, from the second on. */
  readonly shard?: string;
  /** The time that there is: `30m`. */
  readonly budget?: string;
  readonly json?: boolean;
}

type Doing = 'running' | 'one run again' | 'results again';

const RUNNING: readonly Doing[] = ['running'];
const DOINGS: OptionModes<CampaignOptions, Doing> = {
  protocol: 'every',
  nfsVersion: 'every',
  profile: 'every',
  strategy: 'every',
  drain: 'every',
  defences: 'every',
  settings: 'every',
  replay: 'every',
  json: 'every',
  seeds: RUNNING,
  workers: RUNNING,
  queue: RUNNING,
  faults: RUNNING,
  exhaustive: RUNNING,
  pairs: RUNNING,
  out: RUNNING,
  resume: RUNNING,
  shard: RUNNING,
  budget: RUNNING,
  shrink: 'every',
  // A result file says them of its runs.
  ios: ['running', 'one run again'],
  lifetime: ['running', 'one run again'],
};
const DOING_WORDS: Readonly<Record<Doing, string>> = {
  running: 'without --replay',
  'one run again': 'with --replay',
  'results again': 'with --replay and a result file',
};

/** Refuses the options that a campaign's replay would ignore. Errors: `UsageError`. */
export function checkReplay(options: CampaignOptions): void {
  const { replay, shrink } = options;
  const again = isRun(replay ?? '') ? 'one run again' : 'results again';
  refuseIdle(options, replay === undefined ? 'running' : again, DOING_WORDS, DOINGS);
  // It is on by itself.
  if (replay !== undefined && shrink === false)
    throw new UsageError('--no-shrink does nothing with --replay: leave it out');
}

/** True for a run as JSON, false for the name of a result file. */
export function isRun(replay: string): boolean {
  return replay.trim().startsWith('{');
}

/** Seeds of random runs where a budget says how many there are time for. */
const SEEDS_OF_BUDGET = 1_000_000;
const FAULTS_DEFAULT = 2;
const IOS_DEFAULT = 4;
const MS = 1e6;

/** A campaign as the command line describes it. */
export interface Campaign {
  readonly file: string | undefined;
  readonly overrides: ScenarioOverrides;
  readonly world: CampaignWorld;
}

/** The world of a campaign: the scenario, with what the options say about its runs. Errors: `UsageError`, `ScenarioError`. */
export function worldOf(
  file: string | undefined,
  overrides: ScenarioOverrides,
  { ios, lifetime }: Pick<CampaignOptions, 'ios' | 'lifetime'>,
): CampaignWorld {
  const scenario = scenarioFrom(file, overrides);
  const lifetimeNs = lifetimeOf(scenario, lifetime);
  return {
    scenario,
    iosPerStep: ios === undefined ? IOS_DEFAULT : wholeOf('--ios', ios, 1, IOS_PER_STEP_MAX),
    ...(lifetimeNs === undefined ? {} : { lifetimeNs }),
  };
}

/** The longest life of a frame that is asked for; R_A_TOV where none is. */
function lifetimeOf(scenario: Scenario, lifetime: string | undefined): number | undefined {
  if (lifetime === undefined) return undefined;
  if (lifetime !== 'links') return wholeOf('--lifetime', lifetime, 0, 3_600_000) * MS;
  const lifeNs = frameLifeNs(scenario);
  if (lifeNs !== undefined) return lifeNs;
  throw new UsageError(
    '--lifetime links: the links of this scenario have no timers; say qos in it, or protocol: fc',
  );
}

/** What a result file, or a kept seed, says of the world of its runs. */
export type WorldOfResults = Pick<
  ResultsHeader,
  'scenario' | 'scenarioDigest' | 'iosPerStep' | 'lifetimeNs'
>;

/**
 * The world of runs that were made before: their scenario, read again. `said` names where they stand; a scenario file
 * and overrides that are given win over what is said there. Errors: `UsageError`, also where it has changed since.
 */
export function worldOfResults(
  { iosPerStep, lifetimeNs, scenario, scenarioDigest }: WorldOfResults,
  said: string,
  file?: string,
  overrides: ScenarioOverrides = {},
): CampaignWorld {
  const world = {
    ...worldOf(file ?? scenario.file ?? undefined, { ...scenario.overrides, ...overrides }, {}),
    iosPerStep,
    ...(lifetimeNs === undefined ? {} : { lifetimeNs }),
  };
  if (digestOf(world.scenario) !== scenarioDigest)
    throw new UsageError(`${said}: its scenario has changed since: run the campaign again`);
  return world;
}

/** Which runs the options ask for. Errors: `UsageError`. */
export function planOf(options: CampaignOptions): CampaignPlan {
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
        ? { mode: 'pairs', pairs: wholeOf('--pairs', pairs, 1, PAIRS_MAX) }
        : {
            mode: 'random',
            faultsMax: wholeOf('--faults', faults ?? `${FAULTS_DEFAULT}`, 1, RANDOM_FAULTS_MAX),
          };
  // A budget ends it, not the number of seeds.
  const random = options.budget === undefined ? '1..200' : `1..${SEEDS_OF_BUDGET}`;
  return { mode, seeds: seedsOf(seeds ?? (mode.mode === 'random' ? random : '1')) };
}

/** The share of a campaign's runs that is made here. Errors: `UsageError`. */
export function shardOf(text: string): Shard {
  const [, index, of] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of || of > SHARES_MAX)
    throw new UsageError(`--shard ${text}: give I/N, such as 2/4: the second of four shares`);
  return { index, of };
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
/** A timer cannot wait for longer. */
const BUDGET_MS_MAX = 2 ** 31 - 1;

/** A time in milliseconds. Errors: `UsageError`. */
export function budgetOf(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS_MS[unit ?? ''] ?? Number.NaN);
  if (!(ms > 0) || ms > BUDGET_MS_MAX)
    throw new UsageError(`--budget ${text}: give a time, such as 90s, 30m or 2h`);
  return ms;
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
