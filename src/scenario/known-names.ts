/** What the checks of a scenario ask of every name that must exist. */
import type { Complaint, Path } from './origin.ts';

/** Whether a text is a World Wide Name. */
export const isWwn = (text: string): boolean => /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/.test(text);

/** The names that are not among those that are known, each with its place. */
export function* unknownIn(
  path: Path,
  names: readonly string[],
  known: readonly string[],
  what: string,
): Iterable<Complaint> {
  for (const [i, one] of names.entries()) {
    if (known.includes(one)) continue;
    const place = names.length === 1 && typeof path.at(-1) === 'string' ? path : [...path, i];
    yield { path: place, what: `there is no ${what} ${one}; there is ${known.join(', ')}` };
  }
}
