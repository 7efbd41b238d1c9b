/** The scenario of a command: its file, and what the command line changes in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETTING_NAMES, type SettingName } from '../mobility/profiles.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Scenario } from '../scenario/schema.ts';
import { UsageError } from './output.ts';

/** What a command line changes in a scenario. */
export type ScenarioOverrides = NonNullable<Parameters<typeof loadScenario>[2]>;

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
export function scenarioFrom(file: string | undefined, overrides: ScenarioOverrides): Scenario {
  const path = file ?? join(SCENARIOS, `${BUILT_IN}.yaml`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new UsageError(
      `scenario ${path}: ${reason}; give a YAML file, or none for the built-in move`,
    );
  }
  return loadScenario(text, path, overrides);
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
    ...(settings === undefined ? {} : { settings: settings.split(',').map(settingNamed) }),
    ...(profile === undefined ? {} : { profile }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(drain === undefined ? {} : { drain }),
    ...(defences === undefined
      ? {}
      : { defences: defences === '' || defences === 'none' ? [] : defences.split(',') }),
  };
}

function settingNamed(name: string): SettingName {
  const known = SETTING_NAMES.find((one) => one === name);
  if (known === undefined)
    throw new UsageError(`--settings ${name}: allowed are ${SETTING_NAMES.join(', ')}`);
  return known;
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
