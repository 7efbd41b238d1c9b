/** Scenario text to a checked scenario; what is wrong is told with its place in the file. */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { applyOverrides, type ScenarioOverrides, withFence } from './overrides.ts';
import { type Complaint, checkReferences } from './references.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/** A scenario file that cannot be used. One line: file, line, column, what, what is allowed. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(file: string, line: number, column: number, what: string) {
    super(`${file}:${line}:${column}: ${what}`);
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/** Bytes of a scenario file; nobody writes a larger one. */
const TEXT_BYTES_MAX = 4_000_000;

/**
 * Reads a scenario. `overrides` replace parts of it (the command line's options) before it is
 * checked. Errors: `ScenarioError`.
 */
export function loadScenario(
  text: string,
  file: string,
  overrides: ScenarioOverrides = {},
): Scenario {
  if (text.length > TEXT_BYTES_MAX) {
    throw new ScenarioError(
      file,
      1,
      1,
      `longer than ${TEXT_BYTES_MAX} characters: is this a scenario?`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new ScenarioError(file, line, col, `not YAML: ${broken.message.split('\n')[0]}`);
  }
  const place = (path: readonly PropertyKey[]): { line: number; column: number } => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range !== undefined) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  };
  const fail = (path: readonly PropertyKey[], what: string): never => {
    const { line, column } = place(path);
    throw new ScenarioError(file, line, column, what);
  };
  const raw: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof raw !== 'object' || raw === null)
    fail([], 'a scenario is a mapping with name, fabrics, hosts, array, vms and move');
  const parsed = scenarioSchema.safeParse(
    applyOverrides(raw as Record<string, unknown>, overrides),
  );
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return fail(placeOfIssue(issue), describeIssue(issue, raw));
  }
  const complaint: Complaint | undefined = checkReferences(parsed.data);
  if (complaint !== undefined) return fail(complaint.path, complaint.what);
  return withFence(parsed.data);
}

function placeOfIssue(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
}

function describeIssue(issue: z.core.$ZodIssue, raw: unknown): string {
  const where = issue.path.map(String).join('.') || 'the scenario';
  const found = show(valueAt(raw, issue.path));
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${where} has no ${issue.keys.join(', ')}`;
    case 'invalid_value':
      return `${where} is ${found}; allowed: ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return found === 'missing'
        ? `${where} is missing: needs ${issue.expected}`
        : `${where} is ${found}; needs ${issue.expected}`;
    case 'too_small':
      return `${where} is ${found}; the least is ${issue.minimum}`;
    case 'too_big':
      return `${where} is ${found}; the most is ${issue.maximum}`;
    case 'invalid_format':
      return `${where} is ${found}; needs ${issue.message}`;
    default:
      return `${where} is ${found}: ${issue.message}`;
  }
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
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
