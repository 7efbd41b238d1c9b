/** Trees of filters to tests of frames. */

import { nearestName } from '../codecs/layout/nearest-name.ts';
import type { Comparison, Literal, Operand, Range, Test } from './ast.ts';
import { checkCodeName, codeNames } from './code-names.ts';
import { FilterError } from './error.ts';
import type { Field, FieldKind, FilterSubject } from './field.ts';
import { fieldNames, fieldOf } from './names/index.ts';
import { parsePattern } from './parse.ts';
import { patternTest } from './pattern.ts';
import { compared, holds, literalFor, normalized, stands, type Value } from './values.ts';

/** Whether a frame passes. */
export type Predicate = (subject: FilterSubject) => boolean;

/** What an operand gives: its values, and how they are compared. */
interface Source {
  readonly kind: FieldKind;
  readonly widthBytes?: number | undefined;
  /** The field itself, where nothing is done to it: its codes have names. */
  readonly field?: Field;
  readonly values: (subject: FilterSubject) => readonly Value[];
}

function fieldAt(name: string, at: number): Field {
  const field = fieldOf(name);
  if (field !== undefined) return field;
  const near = nearestName(name, fieldNames());
  const hint = near === undefined ? '; docs/filter.md lists the names' : `; did you mean ${near}?`;
  throw new FilterError(at, `no field is called ${name}${hint}`);
}

function sourceOf(operand: Operand): Source {
  switch (operand.kind) {
    case 'field': {
      const field = fieldAt(operand.name, operand.at);
      const { kind, widthBytes } = field;
      return {
        kind,
        widthBytes,
        field,
        values: (subject) =>
          field.values(subject).flatMap((value) => normalized(value, kind, widthBytes) ?? []),
      };
    }
    case 'slice':
      return sliceOf(operand);
    case 'call':
      return callOf(operand);
  }
}

function sliceOf({ at, count, from, of }: Extract<Operand, { kind: 'slice' }>): Source {
  const { kind, values } = sourceOf(of);
  if (kind !== 'octets' && kind !== 'text')
    throw new FilterError(at, `${of.name} is no octets and no text: it has no parts`);
  if (count < 1) throw new FilterError(at, 'a part ends before it begins');
  const cut = (value: Value): Value[] => {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) return [];
    return value.length < from + count ? [] : [value.slice(from, from + count)];
  };
  return { kind, values: (subject) => values(subject).flatMap(cut) };
}

function callOf({ at, name, of }: Extract<Operand, { kind: 'call' }>): Source {
  const { kind, values } = sourceOf(of);
  if (name === 'count') {
    return {
      kind: 'number',
      values: (subject) => {
        const { length } = values(subject);
        return length === 0 ? [] : [length];
      },
    };
  }
  if (name === 'len') {
    if (kind !== 'octets' && kind !== 'text')
      throw new FilterError(at, 'len is of octets or of a text');
    return {
      kind: 'number',
      values: (subject) => values(subject).map((one) => (one as string | Uint8Array).length),
    };
  }
  if (kind !== 'text') throw new FilterError(at, `${name} is of a text`);
  const change = (one: Value): string =>
    name === 'lower' ? String(one).toLowerCase() : String(one).toUpperCase();
  return { kind, values: (subject) => values(subject).map(change) };
}

function byCodeName(field: Field, name: string, operator: Comparison, at: number): Predicate {
  checkCodeName(name, at);
  const wanted = name.toLowerCase();
  if (operator === '==') return (subject) => codeNames(field, subject.frame).includes(wanted);
  if (operator !== '!=')
    throw new FilterError(at, `“${name}” is a name: it has no order, compare it with == or !=`);
  return (subject) => {
    const names = codeNames(field, subject.frame);
    return names.length > 0 && !names.includes(wanted);
  };
}

const isNamed = ({ kind }: Literal): boolean => kind === 'text' || kind === 'word';

/** A name without quotes that a field has, or that is much like one. */
function fieldWord(literal: Literal, { field, kind }: Source): Source | undefined {
  if (literal.kind !== 'word') return undefined;
  const { at, text } = literal;
  const named = fieldOf(text);
  if (named !== undefined && named.kind !== 'presence')
    return sourceOf({ kind: 'field', name: text, at });
  if (text.includes('.') || (kind === 'number' && field === undefined)) fieldAt(text, at);
  return undefined;
}

function comparison({ left, operator, right }: Extract<Test, { kind: 'compare' }>): Predicate {
  const source = sourceOf(left);
  if (source.kind === 'presence')
    throw new FilterError(left.at, 'a protocol is there or not: it has no value to compare');
  const other = fieldWord(right, source);
  if (other !== undefined) return betweenFields(source, operator, other);
  const { field, kind, widthBytes } = source;
  if (kind === 'number' && field !== undefined && isNamed(right)) {
    if (field.places.length === 0)
      throw new FilterError(right.at, `“${right.written}” is no number`);
    return byCodeName(field, (right as { text: string }).text, operator, right.at);
  }
  const wanted = literalFor(right, kind, widthBytes);
  return withValues(source, operator, () => [wanted]);
}

const betweenFields = (source: Source, operator: Comparison, other: Source): Predicate =>
  withValues(source, operator, other.values);

function withValues(
  { values }: Source,
  operator: Comparison,
  others: (subject: FilterSubject) => readonly Value[],
): Predicate {
  const isOfAll = operator === '!=' || operator === '===';
  return (subject) => {
    const found = values(subject);
    if (found.length === 0) return false;
    const wanted = others(subject);
    if (wanted.length === 0) return false;
    return isOfAll
      ? found.every((one) => wanted.every((other) => stands(one, operator, other)))
      : found.some((one) => wanted.some((other) => stands(one, operator, other)));
  };
}

function within(left: Operand, set: readonly Range[]): Predicate {
  const source = sourceOf(left);
  const { field, kind, widthBytes } = source;
  if (kind === 'presence')
    throw new FilterError(left.at, 'a protocol is there or not: it has no value');
  const tests = set.map(({ from, to }): Predicate => {
    if (kind === 'number' && field !== undefined && isNamed(from))
      return byCodeName(field, (from as { text: string }).text, '==', from.at);
    const [least, most] = [literalFor(from, kind, widthBytes), literalFor(to, kind, widthBytes)];
    if ((compared(least, most) ?? 0) > 0)
      throw new FilterError(from.at, `${from.written}..${to.written} ends before it begins`);
    return (subject) =>
      source
        .values(subject)
        .some((one) => (compared(one, least) ?? -1) >= 0 && (compared(one, most) ?? 1) <= 0);
  });
  return (subject) => tests.some((test) => test(subject));
}

function containing(left: Operand, right: Literal): Predicate {
  const { kind, values } = sourceOf(left);
  if (kind !== 'octets' && kind !== 'text')
    throw new FilterError(left.at, 'contains looks into octets and texts; this is neither');
  const part = literalFor(right, kind);
  return (subject) => values(subject).some((one) => holds(one, part));
}

const latin1 = new TextDecoder('latin1');

function matching(left: Operand, pattern: string, at: number): Predicate {
  const { kind, values } = sourceOf(left);
  if (kind !== 'octets' && kind !== 'text')
    throw new FilterError(left.at, 'matches looks into octets and texts; this is neither');
  const test = patternTest(parsePattern(pattern, at), at);
  return (subject) =>
    values(subject).some((one) =>
      test(one instanceof Uint8Array ? latin1.decode(one) : String(one)),
    );
}

/** The test of a tree. Errors: {@link FilterError} for names and values that do not fit. */
export function compile(test: Test): Predicate {
  switch (test.kind) {
    case 'all':
      return () => true;
    case 'not': {
      const inner = compile(test.test);
      return (subject) => !inner(subject);
    }
    case 'present': {
      const { values } = sourceOf(test.left);
      return (subject) => values(subject).length > 0;
    }
    case 'compare':
      return comparison(test);
    case 'contains':
      return containing(test.left, test.right);
    case 'matches':
      return matching(test.left, test.source, test.at);
    case 'in':
      return within(test.left, test.set);
    default:
      return joined(test.kind, test.tests.map(compile));
  }
}

function joined(kind: 'or' | 'and' | 'xor', tests: readonly Predicate[]): Predicate {
  if (kind === 'or') return (subject) => tests.some((test) => test(subject));
  if (kind === 'and') return (subject) => tests.every((test) => test(subject));
  return (subject) => tests.filter((test) => test(subject)).length % 2 === 1;
}
