/**
 * What arrays and their witness say to each other when they are processes of their own: a line of JSON for each question
 * and each answer, with the names of `witness-ask` and `witness-answer` in the history.
 */
import type { WitnessAnswered, WitnessAsked } from '../../history/pair.ts';

/** Longest line of either. */
export const LINE_CHARACTERS_MAX = 1024;
const NAME_MAX = 64;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= NAME_MAX;
const isId = (value: unknown): value is number => Number.isSafeInteger(value);

/** A question as a line, or an answer. */
export function formatLine({ type: _, ...said }: WitnessAsked | WitnessAnswered): string {
  return JSON.stringify(said);
}

function objectOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The question of a line; `undefined` for what is none. */
export function parseQuestion(line: string): WitnessAsked | undefined {
  const { generation, id, site } = objectOf(line);
  if (!isName(generation) || !isName(site) || !isId(id)) return undefined;
  return { type: 'witness-ask', id, site, generation };
}

/** The answer of a line; `undefined` for what is none. */
export function parseAnswer(line: string): WitnessAnswered | undefined {
  const { generation, granted, id } = objectOf(line);
  if (!isName(generation) || !isId(id) || typeof granted !== 'boolean') return undefined;
  return { type: 'witness-answer', id, generation, granted };
}
