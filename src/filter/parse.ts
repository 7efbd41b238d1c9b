/** Texts to trees, by the parser that peggy made of grammar.peggy. */
import type { Expression, Test } from './ast.ts';
import { FilterError } from './error.ts';
import { SyntaxError as PeggyError, parse } from './parser.ts';

/** Longer filters are refused, before anything reads them. */
export const FILTER_CHARACTERS_MAX = 2000;
/** Longer patterns of `matches` are. */
const PATTERN_CHARACTERS_MAX = 256;

interface Expectation {
  readonly type: string;
  readonly text?: string;
  readonly description?: string;
}

/** The parts of peggy's error that are told. */
interface SyntaxFault extends Error {
  readonly expected?: readonly Expectation[] | null;
  readonly found?: string | null;
  readonly location: { readonly start: { readonly offset: number } };
}

/** A mistake of habit, by what was found where something else was expected. */
const HINTS: Readonly<Record<string, string>> = {
  '=': '; did you mean ==?',
  '<>': '; did you mean !=?',
};

/** Said instead of the signs and words that join tests. */
const JOINING = new Set(['&&', 'and', '||', 'or', '^^', 'xor']);
/** What may also stand there, and would make the line long. */
const UNSAID = new Set(['blank', '!', 'not', '(', '[', 'contains', 'in', 'matches', '~']);

function expectedWords(expected: readonly Expectation[] | null | undefined): string {
  const words = (expected ?? []).map(({ type, text, description }) =>
    type === 'end' ? 'the end' : (text ?? description ?? type),
  );
  const named = words.filter((word) => !JOINING.has(word) && !UNSAID.has(word));
  if (words.some((word) => JOINING.has(word))) named.push('&&', '||');
  const said = [...new Set(named)];
  return said.length < 2
    ? (said[0] ?? 'something else')
    : `${said.slice(0, -1).join(', ')} or ${said.at(-1)}`;
}

function told(error: unknown, text: string, at: number): FilterError {
  if (error instanceof RangeError) return new FilterError(at, 'is nested too deeply');
  if (!(error instanceof PeggyError)) throw error;
  const fault = error as unknown as SyntaxFault;
  const { offset } = fault.location.start;
  if (!fault.expected) return new FilterError(at + offset, fault.message);
  const rest = text.slice(offset);
  const found = rest === '' ? 'nothing more' : `“${rest.split(/\s/)[0]!.slice(0, 20)}”`;
  const hint = HINTS[/^(?:<>|=(?!=))/.exec(rest)?.[0] ?? ''] ?? '';
  return new FilterError(
    at + offset,
    `found ${found}, expected ${expectedWords(fault.expected)}${hint}`,
  );
}

/**
 * The tree of a display filter. An empty text is a filter that lets everything pass.
 *
 * Errors: {@link FilterError} with the place.
 */
export function parseFilter(text: string): Test {
  if (text.length > FILTER_CHARACTERS_MAX)
    throw new FilterError(
      FILTER_CHARACTERS_MAX,
      `a filter has at most ${FILTER_CHARACTERS_MAX} characters`,
    );
  try {
    return parse(text, {}) as Test;
  } catch (error) {
    throw told(error, text, 0);
  }
}

/**
 * The tree of a pattern of `matches`; `at` is where it stands in the filter.
 *
 * Errors: {@link FilterError} with the place.
 */
export function parsePattern(source: string, at: number): Expression {
  if (source.length > PATTERN_CHARACTERS_MAX)
    throw new FilterError(at, `a pattern has at most ${PATTERN_CHARACTERS_MAX} characters`);
  try {
    return parse(source, { startRule: 'Expression' }) as Expression;
  } catch (error) {
    // Behind the opening quote.
    throw told(error, source, at + 1);
  }
}
