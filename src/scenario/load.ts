/** Scenario text to a checked scenario; what is wrong is told with where it came from. */

import { meantBy } from '../codecs/layout/nearest-name.ts';
import { SETTING_NAMES } from '../mobility/profiles.ts';
import { mistakesIn, valueAt } from './mistakes.ts';
import { type Complaint, formatOrigin, type Origin, type Origins } from './origin.ts';
import {
  applyOverrides,
  isSettingName,
  type OptionNames,
  optionOrigin,
  type ScenarioOverrides,
  withFence,
} from './overrides.ts';
import { checkReferences } from './references.ts';
import { type Mistake, ScenarioError } from './scenario-error.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { parseYaml } from './yaml-text.ts';

/** A scenario, and where each of its values came from. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly origins: Origins;
}

/** Reads a scenario as `readScenario` does, without its origins. Errors: `ScenarioError`. */
export function loadScenario(
  text: string,
  file: string,
  overrides: ScenarioOverrides = {},
): Scenario {
  return readScenario(text, file, overrides).scenario;
}

/**
 * Reads a scenario. `overrides` replace parts of it (the command line's options) before it is
 * checked; `names` are those options, where they are not called as the parts are. Errors:
 * `ScenarioError`.
 */
export function readScenario(
  text: string,
  file: string,
  overrides: ScenarioOverrides = {},
  names: OptionNames = {},
): LoadedScenario {
  const { raw: own, origins } = parseYaml(text, file);
  for (const setting of overrides.settings ?? []) {
    if (isSettingName(setting)) continue;
    const allowed = `allowed are ${SETTING_NAMES.join(', ')}${meantBy(setting, SETTING_NAMES)}`;
    throw new ScenarioError(optionOrigin('settings', names), allowed, setting);
  }
  const raw = applyOverrides(own, overrides, origins, names);
  const parsed = scenarioSchema.safeParse(raw);
  if (!parsed.success) {
    throw refusal(mistakesIn(parsed.error.issues, scenarioSchema, raw, origins));
  }
  const scenario = parsed.data;
  const complaints = checkReferences(scenario);
  if (complaints.length > 0) {
    throw refusal(complaints.map((one) => mistakeOf(one, scenario, origins)));
  }
  return { scenario: withFence(scenario, origins), origins };
}

/** The first mistake, and behind it the others. */
function refusal([first, ...others]: readonly Mistake[]): ScenarioError {
  const { found, origin, what } = first!;
  return new ScenarioError(origin, what, found, others);
}

function mistakeOf(
  { because = [], path, what }: Complaint,
  scenario: Scenario,
  origins: Origins,
): Mistake {
  const why = because.map((one) => `${one.map(String).join('.')}: ${wordsOf(origins.of(one))}`);
  const whole = why.length === 0 ? what : `${what} (${why.join(', ')})`;
  return { origin: origins.of(path), what: whole, found: valueAt(scenario, path) };
}

const wordsOf = (origin: Origin): string =>
  origin.from === 'default' ? 'by default' : formatOrigin(origin);
