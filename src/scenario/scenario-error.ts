/** What is wrong with a scenario, for the person who wrote it. */
import { formatOrigin, type Origin } from './origin.ts';

/** A value that is wrong: where it came from, what is wrong, and the value, as an option says it. */
export interface Mistake {
  readonly origin: Origin;
  readonly what: string;
  readonly found?: unknown;
}

/**
 * A scenario that cannot be used. One line: where the value came from, what was found, what is
 * allowed.
 */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  /** Where the value came from that is wrong. */
  readonly origin: Origin;
  /** What else is wrong, a line each. */
  readonly others: readonly string[];

  /** `found` is the value as an option says it; a file shows its own. */
  constructor(origin: Origin, what: string, found?: unknown, others: readonly Mistake[] = []) {
    super(lineOf({ origin, what, found }));
    this.origin = origin;
    // What one value does to each of several fabrics is said once.
    this.others = [...new Set(others.map(lineOf))].filter((line) => line !== this.message);
  }
}

function lineOf({ found, origin, what }: Mistake): string {
  const said = origin.from === 'option' ? ` ${typed(found)}` : '';
  return `${formatOrigin(origin)}${said}: ${what}`;
}

/** A value as a command line has it: names with commas between them. */
function typed(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : value.join(',');
}
