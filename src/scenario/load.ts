/** Scenario text to a checked scenario; what is wrong is told with where it came from. */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { SETTING_NAMES } from '../mobility/profiles.ts';
import { type FilePlace, formatOrigin, type Origin, Origins, type Path } from './origin.ts';
import {
  applyOverrides,
  isSettingName,
  type OptionNames,
  optionOrigin,
  type ScenarioOverrides,
  withFence,
} from './overrides.ts';
import { checkReferences } from './references.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/**
 * A scenario that cannot be used. One line: where the value came from, what was found, what is
 * allowed.
 */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  /** Where the value came from that is wrong. */
  readonly origin: Origin;

  /** `found` is the value as an option says it; a file shows its own. */
  constructor(origin: Origin, what: string, found?: unknown) {
    const said = origin.from === 'option' ? ` ${typed(found)}` : '';
    super(`${formatOrigin(origin)}${said}: ${what}`);
    this.origin = origin;
  }
}

/** A value as a command line has it: names with commas between them. */
function typed(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : value.join(',');
}

/** A scenario, and where each of its values came from. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly origins: Origins;
}

/** Bytes of a scenario file; nobody writes a larger one. */
const TEXT_BYTES_MAX = 4_000_000;

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
  const { raw: own, origins } = parseText(text, file);
  for (const setting of overrides.settings ?? []) {
    if (isSettingName(setting)) continue;
    const allowed = `allowed are ${SETTING_NAMES.join(', ')}`;
    throw new ScenarioError(optionOrigin('settings', names), allowed, setting);
  }
  const raw = applyOverrides(own, overrides, origins, names);
  const parsed = scenarioSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = placeOfIssue(issue);
    const origin = origins.of(path);
    throw new ScenarioError(origin, describeIssue(issue, raw, origin), valueAt(raw, path));
  }
  const complaint = checkReferences(parsed.data);
  if (complaint !== undefined) {
    const { because = [], path, what } = complaint;
    const why = because.map((one) => `${one.map(String).join('.')}: ${wordsOf(origins.of(one))}`);
    const whole = why.length === 0 ? what : `${what} (${why.join(', ')})`;
    throw new ScenarioError(origins.of(path), whole, valueAt(parsed.data, path));
  }
  return { scenario: withFence(parsed.data, origins), origins };
}

const wordsOf = (origin: Origin): string =>
  origin.from === 'default' ? 'by default' : formatOrigin(origin);

/** YAML to what it holds, with the places of it. Errors: `ScenarioError`. */
function parseText(
  text: string,
  file: string,
): { readonly raw: Record<string, unknown>; readonly origins: Origins } {
  const start: Origin = { from: 'file', file, line: 1, column: 1 };
  if (text.length > TEXT_BYTES_MAX) {
    const what = `longer than ${TEXT_BYTES_MAX} characters: is this a scenario?`;
    throw new ScenarioError(start, what);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): FilePlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const broken = document.errors[0];
  if (broken !== undefined) {
    const origin: Origin = { from: 'file', ...placeAt(broken.pos[0]) };
    throw new ScenarioError(origin, `not YAML: ${broken.message.split('\n')[0]}`);
  }
  const inFile = (path: Path): Origin => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range === undefined) continue;
      return { from: length === path.length ? 'file' : 'default', ...placeAt(node.range[0]) };
    }
    return start;
  };
  const raw: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof raw !== 'object' || raw === null) {
    const what = 'a scenario is a mapping with name, fabrics, hosts, array, vms and move';
    throw new ScenarioError(inFile([]), what);
  }
  return { raw: raw as Record<string, unknown>, origins: new Origins(inFile) };
}

function placeOfIssue(issue: z.core.$ZodIssue): Path {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
}

/** What is wrong with a value. An option's own words stand before it; others are quoted. */
function describeIssue(issue: z.core.$ZodIssue, raw: unknown, origin: Origin): string {
  const where = issue.path.map(String).join('.') || 'the scenario';
  if (issue.code === 'unrecognized_keys') return `${where} has no ${issue.keys.join(', ')}`;
  const found = show(valueAt(raw, issue.path));
  if (origin.from === 'option') return ruleOf(issue, 'allowed are');
  if (found === 'missing' && issue.code === 'invalid_type') {
    return `${where} is missing: ${ruleOf(issue, '')}`;
  }
  return `${where} is ${found}; ${ruleOf(issue, 'allowed:')}`;
}

function ruleOf(
  issue: Exclude<z.core.$ZodIssue, { code: 'unrecognized_keys' }>,
  allowed: string,
): string {
  switch (issue.code) {
    case 'invalid_value':
      return `${allowed} ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `needs ${issue.expected}`;
    case 'too_small':
      return `the least is ${issue.minimum}`;
    case 'too_big':
      return `the most is ${issue.maximum}`;
    case 'invalid_format':
      return `needs ${issue.message}`;
    default:
      return issue.message;
  }
}

function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
