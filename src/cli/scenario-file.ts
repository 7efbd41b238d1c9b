/** The scenario of a command: its file, and what the command line changes in it. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedScenario, readScenario } from '../scenario/load.ts';
import type { OptionNames, ScenarioOverrides } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/schema.ts';
import { readText } from './files.ts';
import { UsageError } from './output.ts';

/** Where the built-in scenarios lie, in a clone and in the installed package alike. */
export const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const BUILT_IN = 'two-host-move';

/** Options by which a command line changes the move of its scenario. */
export interface MoveChoice {
  readonly profile?: string;
  readonly strategy?: string;
  readonly drain?: string;
  /** Names with commas between them. */
  readonly defences?: string;
  /** Names of fabric settings, with commas between them. */
  readonly settings?: string;
}

/** Reads a scenario file, or the built-in scenario. Errors: `UsageError`, `ScenarioError`. */
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
  const path = file ?? join(SCENARIOS, `${BUILT_IN}.yaml`);
  const text = readText({ said: 'scenario', path, advice: 'give a YAML file, or none' });
  return readScenario(text, path, overrides, names);
}

/** The choices as overrides of a scenario. */
export function overridesOf({
  defences,
  drain,
  profile,
  settings,
  strategy,
}: MoveChoice): ScenarioOverrides {
  return {
    ...(settings === undefined ? {} : { settings: settings.split(',') }),
    ...(profile === undefined ? {} : { profile }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(drain === undefined ? {} : { drain }),
    ...(defences === undefined ? {} : { defences: defences === 'none' ? [] : defences.split(',') }),
  };
}

/** The command-line words of overrides, with a blank before each. */
export function wordsOf(overrides: ScenarioOverrides): string {
  const { defences, drain, profile, settings, strategy } = overrides;
  return [
    profile === undefined ? '' : ` --profile ${profile}`,
    strategy === undefined ? '' : ` --strategy ${strategy}`,
    drain === undefined ? '' : ` --drain ${drain}`,
    defences === undefined ? '' : ` --defences ${defences.join(',') || 'none'}`,
    settings === undefined ? '' : ` --settings ${settings.join(',')}`,
  ].join('');
}

/** A whole number of an option. Errors: `UsageError`. */
export function wholeOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${option} ${text}: a whole number from ${least} to ${most}`);
}
