/** The built-in scenario for tests of scenario files: changed, and what is said of it. */
import { readFileSync } from 'node:fs';
import { readScenario } from '../../src/scenario/load.ts';
import { formatOrigin, type Origin } from '../../src/scenario/origin.ts';
import type { OptionNames, ScenarioOverrides } from '../../src/scenario/overrides.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';

/** The built-in scenario. */
export const TEXT = readFileSync(
  new URL('../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);

/** The built-in scenario with other lines in its move. */
export const withMove = (...lines: string[]): string =>
  `${TEXT.slice(0, TEXT.indexOf('  strategy:'))}${lines.map((line) => `  ${line}\n`).join('')}`;

export interface Said {
  readonly message: string;
  readonly origin: Origin;
  /** What else is said, a line each. */
  readonly others: readonly string[];
  /** The text at the place that is named; empty where that is no place of the file. */
  readonly at: string;
  /** The line of it, without the blanks around. */
  readonly line: string;
}

/** What is said of a text that cannot be used. */
export function complaint(
  text: string,
  overrides: ScenarioOverrides = {},
  names: OptionNames = {},
): Said {
  try {
    readScenario(text, 'x.yaml', overrides, names);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const { message, origin, others } = error;
    const isPlace = origin.from === 'file' || origin.from === 'default';
    const line = isPlace ? (text.split('\n')[origin.line - 1] ?? '') : '';
    return {
      message,
      origin,
      others,
      at: isPlace ? line.slice(origin.column - 1) : '',
      line: line.trim(),
    };
  }
  throw new Error('the scenario was taken');
}

/** The place of a piece of text that is there once: `x.yaml:3:5`. */
export function placeOf(text: string, piece: string): string {
  const at = text.indexOf(piece);
  if (at < 0 || text.indexOf(piece, at + 1) >= 0) throw new Error(`${piece} is not there once`);
  const before = text.slice(0, at).split('\n');
  const column = before.at(-1)!.length + 1;
  return formatOrigin({ from: 'file', file: 'x.yaml', line: before.length, column });
}
