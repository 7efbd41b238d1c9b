/** What the shape of a scenario has against a file, in words: where, what was found, what is allowed. */
import { z } from 'zod';
import { meantBy, nearestName } from '../codecs/layout/nearest-name.ts';
import type { Origin, Origins, Path } from './origin.ts';
import type { Mistake } from './scenario-error.ts';
import { keysAt, type Shape, shapeAt } from './schema-tree.ts';

/** Mistakes that are told of one file; whoever has more sees them next time. */
export const MISTAKES_MAX = 20;

/** All that is wrong, a key that nobody knows before what is missing for it. */
export function mistakesIn(
  issues: readonly z.core.$ZodIssue[],
  schema: Shape,
  raw: unknown,
  origins: Origins,
): Mistake[] {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? keysOf(issue, schema, raw, origins) : [],
  );
  const meant = new Set(unknown.map(({ meant: path }) => path));
  const others = issues.flatMap((issue): Mistake[] => {
    if (issue.code === 'unrecognized_keys' || issues.some((one) => says(one, issue))) return [];
    // What is missing is there under the name that is misspelt.
    if (meant.has(issue.path.join('.')) && valueAt(raw, issue.path) === undefined) return [];
    const origin = origins.of(issue.path);
    const what = describe(issue, schema, raw, origin);
    return [{ origin, what, found: valueAt(raw, issue.path) }];
  });
  const whole = [...unknown.map(({ mistake }) => mistake), ...others];
  return whole.slice(0, MISTAKES_MAX);
}

/** Whether one says of a value all that another does, and more: a higher least. */
const says = (one: z.core.$ZodIssue, other: z.core.$ZodIssue): boolean =>
  one.code === 'too_small' &&
  other.code === 'too_small' &&
  one.minimum > other.minimum &&
  one.path.join('.') === other.path.join('.');

interface UnknownKey {
  readonly mistake: Mistake;
  /** The path of the key that was meant, as text. */
  readonly meant: string | undefined;
}

function keysOf(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  schema: Shape,
  raw: unknown,
  origins: Origins,
): UnknownKey[] {
  const known = keysAt(schema, raw, issue.path);
  return issue.keys.map((key) => {
    const near = nearestName(key, known);
    // A part of the whole file that is indented belongs to the part before it.
    const isMisplaced = near === undefined && keysAt(schema, raw, []).includes(key);
    const hint = isMisplaced
      ? '; it is a part of the scenario: begin its line at the margin'
      : meantBy(key, known);
    return {
      mistake: {
        origin: origins.of([...issue.path, key]),
        what: `${nameOf(issue.path)} has no ${key}${hint}`,
      },
      meant: isMisplaced ? key : near === undefined ? undefined : [...issue.path, near].join('.'),
    };
  });
}

const nameOf = (path: Path): string => path.map(String).join('.') || 'the scenario';

/** What to write where a part is missing, or no list; by its path without places. */
const WRITE: Readonly<Record<string, string>> = {
  name: 'name: my-move',
  fabrics: 'fabrics: [{ name: A }]',
  hosts: 'hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]',
  'hosts.ports': 'ports: [A]',
  array: 'array: { ports: [A], luns: [{ name: data }] }',
  'array.ports': 'ports: [A]',
  'array.luns': 'luns: [{ name: data }]',
  vms: 'vms: [{ name: vm1, host: h1, luns: [data] }]',
  'vms.host': 'host: h1',
  'vms.luns': 'luns: [data]',
  move: 'move: { vm: vm1, to: h2 }',
  'move.vm': 'vm: vm1',
  'move.to': 'to: h2',
};

function writeWords(path: Path): string {
  const key = path.filter((one) => typeof one === 'string').join('.');
  return typeof path.at(-1) !== 'string' || WRITE[key] === undefined ? '' : `; write ${WRITE[key]}`;
}

/** What is wrong with a value. An option's own words stand before it; others are quoted. */
function describe(issue: Ruled, schema: Shape, raw: unknown, origin: Origin): string {
  const where = nameOf(issue.path);
  const value = valueAt(raw, issue.path);
  const found = show(value);
  const meant = typeof value === 'string' ? meantBy(value, wordsIn(issue)) : '';
  const shape = shapeAt(schema, raw, issue.path);
  const limits = issue.code === 'invalid_type' ? limitsOf(shape) : limitsInUnion(issue, shape);
  if (origin.from === 'option') return `${ruleOf(issue, 'allowed are')}${meant}`;
  if (issue.code === 'invalid_key') return `${where} is no key here: ${rulesOf(issue.issues)}`;
  const write =
    issue.code === 'invalid_type' || issue.code === 'invalid_union' ? writeWords(issue.path) : '';
  if (found === 'missing' && (issue.code === 'invalid_type' || issue.code === 'invalid_union'))
    return `${where} is missing: ${ruleOf(issue, '').trim()}${limits}${write}`;
  return `${where} is ${found}; ${ruleOf(issue, 'allowed:')}${limits}${write}${meant}`;
}

/** The limits of a number, in words; nothing of another shape. */
function limitsOf(shape: Shape | undefined): string {
  if (!(shape instanceof z.ZodNumber)) return '';
  const { maxValue, minValue } = shape;
  return minValue === null || maxValue === null ? '' : ` from ${minValue} to ${maxValue}`;
}

/** The same of the number that a union takes beside words. */
function limitsInUnion(issue: Ruled, shape: Shape | undefined): string {
  if (issue.code !== 'invalid_union' || !(shape instanceof z.ZodUnion)) return '';
  if (!ruleOf(issue, '').endsWith('number')) return '';
  return limitsOf(shape.options.find((one) => one instanceof z.ZodNumber));
}

/** The words that would be right. */
function wordsIn(issue: Ruled): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return issue.errors.flat().flatMap((one) => (isWord(one) ? one.values.map(String) : []));
}

type Ruled = Exclude<z.core.$ZodIssue, { code: 'unrecognized_keys' }>;

/** Kinds of values, as people call them. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
};

function ruleOf(issue: Ruled, allowed: string): string {
  switch (issue.code) {
    case 'invalid_value':
      return `${allowed} ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `needs ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `the least is ${issue.minimum}`;
    case 'too_big':
      return `the most is ${issue.maximum}`;
    case 'not_multiple_of':
      return `needs a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return `needs ${issue.message}`;
    case 'invalid_key':
    case 'invalid_element':
      return rulesOf(issue.issues);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `${allowed} ${issue.options.map(String).join(', ')}`
        : ruleOfUnion(issue.errors.flat(), allowed);
    case 'custom':
      return issue.message;
  }
}

/** True for a rule that a whole value breaks by being none of these words. */
const isWord = (issue: z.core.$ZodIssue): issue is z.core.$ZodIssueInvalidValue =>
  issue.code === 'invalid_value' && issue.path.length === 0;

/** What any branch of a union takes: all its words together, then other rules. */
function ruleOfUnion(issues: readonly z.core.$ZodIssue[], allowed: string): string {
  const words = issues.flatMap((one) => (isWord(one) ? one.values : []));
  const rules = issues.flatMap((one) => {
    if (isWord(one)) return [];
    if (one.code === 'unrecognized_keys') return [`a mapping without ${one.keys.join(', ')}`];
    const rule = ruleOf(one, allowed);
    return [one.path.length === 0 ? rule : `${nameOf(one.path)} in it ${rule}`];
  });
  if (words.length === 0 && rules.length > 0)
    return [rules[0], ...rules.slice(1).map(asThing)].join(', or ');
  return [`${allowed} ${words.map(String).join(', ')}`, ...rules.map(asThing)].join(', or ');
}

/** A rule as one of several things that are allowed: `needs a number` is `a number`, `the least is 5` is `5 or more`. */
const asThing = (rule: string): string =>
  rule
    .replace(/^needs /, '')
    .replace(/^the least is (.*)$/, '$1 or more')
    .replace(/^the most is (.*)$/, '$1 at most');

function rulesOf(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .flatMap((one) => (one.code === 'unrecognized_keys' ? [] : [ruleOf(one, 'allowed:')]))
    .join(', ');
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(raw: unknown, path: Path): unknown {
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
