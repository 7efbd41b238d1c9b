/** The scenario of a command: its file, and what the command line changes in it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { meantBy } from '../codecs/layout/nearest-name.ts';
import { type LoadedScenario, readScenario } from '../scenario/load.ts';
import type { OptionNames, ScenarioOverrides } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type NamedFile, readStandardInput, readText } from './files.ts';
import { UsageError } from './output.ts';

/** Where the built-in scenarios lie, in a clone and in the installed package alike. */
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const EXTENSION = '.yaml';
/** The scenario of a command that was given none. */
export const BUILT_IN = 'two-host-move';
const STANDARD_INPUT = '-';

/** Options by which a command line changes the move of its scenario. */
export interface MoveChoice {
  readonly protocol?: string;
  readonly nfsVersion?: string;
  readonly profile?: string;
  readonly strategy?: string;
  readonly drain?: string;
  /** Names with commas between them. */
  readonly defences?: string;
  /** Names of fabric settings, with commas between them. */
  readonly settings?: string;
}

/** Options that change the LAN's half of it. */
export interface LanChoice {
  readonly lan?: string;
  readonly order?: string;
  readonly announcement?: string;
}

/** Names of the built-in scenarios, in order. */
export function builtInNames(): string[] {
  return readdirSync(SCENARIOS)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();
}

/** Where a built-in scenario lies. */
export const builtInPath = (name: string): string => join(SCENARIOS, `${name}${EXTENSION}`);

/** What standard input held: it can be read but once, and a scenario is read again for every way to move. */
let given: string | undefined;

/**
 * The text of a scenario, and what it is called in messages: a file, a built-in one by its name, standard input
 * for `-`, or without a name the built-in move. Errors: `UsageError`.
 */
export function scenarioText(file = BUILT_IN): { readonly text: string; readonly path: string } {
  if (file === STANDARD_INPUT) {
    given ??= readStandardInput('scenario');
    return { text: given, path: 'standard input' };
  }
  const path = existsSync(file) || !builtInNames().includes(file) ? file : builtInPath(file);
  if (!existsSync(path)) throw new UsageError(unknownScenario(file));
  const text = readText({ said: 'scenario', path, advice: 'give a YAML file, or none' });
  if (text.includes('\0'))
    throw new UsageError(
      `scenario ${path}: is no text; a capture is judged by sanmotion replay, and sanmotion init --from ${path} makes a scenario of one`,
    );
  return { text, path };
}

/** The file of a scenario, for who writes others: none where there is no file of the user's. Errors: `UsageError`. */
export const scenarioFiles = (file: string | undefined): NamedFile[] =>
  file === undefined || file === STANDARD_INPUT
    ? []
    : [{ said: 'the scenario', path: scenarioText(file).path }];

function unknownScenario(file: string): string {
  const hint = meantBy(file.replace(/^.*\/|\.ya?ml$/g, ''), builtInNames());
  return `scenario ${file}: no such file, and none that is built in${hint} (sanmotion scenarios lists those, sanmotion init begins one)`;
}

/** Reads a scenario file, or a built-in scenario. Errors: `UsageError`, `ScenarioError`. */
export function scenarioFrom(
  file: string | undefined,
  overrides: ScenarioOverrides = {},
  names: OptionNames = {},
): Scenario {
  return loadedFrom(file, overrides, names).scenario;
}

/** The same, with where each value came from. `names` are options that are not called as their parts. */
export function loadedFrom(
  file: string | undefined,
  overrides: ScenarioOverrides = {},
  names: OptionNames = {},
): LoadedScenario {
  const { path, text } = scenarioText(file);
  return readScenario(text, path, overrides, names);
}

/** Names with commas between them, or `none`, which stands alone. Errors: `UsageError`. */
export function namesOrNone(option: string, text: string): string[] {
  const names = text.split(',');
  if (!names.includes('none')) return names;
  if (names.length > 1)
    throw new UsageError(
      `${option} ${text}: none stands alone; leave it out, or say none and nothing else`,
    );
  return [];
}

/** The choices as overrides of a scenario. Errors: `UsageError`. */
export function overridesOf({
  announcement,
  defences,
  drain,
  lan,
  nfsVersion,
  order,
  profile,
  protocol,
  settings,
  strategy,
}: MoveChoice & LanChoice): ScenarioOverrides {
  return {
    ...(settings === undefined ? {} : { settings: settings.split(',') }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(nfsVersion === undefined ? {} : { nfsVersion: Number(nfsVersion) }),
    ...(profile === undefined ? {} : { profile }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(drain === undefined ? {} : { drain }),
    ...(defences === undefined ? {} : { defences: namesOrNone('--defences', defences) }),
    ...(lan === undefined ? {} : { lan }),
    ...(order === undefined ? {} : { order }),
    ...(announcement === undefined ? {} : { announcement }),
  };
}

/** A whole number of an option. Errors: `UsageError`. */
export function wholeOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${option} ${text}: a whole number from ${least} to ${most}`);
}
