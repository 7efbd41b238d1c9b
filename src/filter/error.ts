/** A display filter that cannot be used: one line with the place. */
export class FilterError extends Error {
  /** Where in the filter, in characters from 0. */
  readonly at: number;

  constructor(at: number, what: string) {
    super(`at character ${at + 1}: ${what}`);
    this.name = 'FilterError';
    this.at = at;
  }
}

/** Names that are this much like the one that was written, in edits for so many characters. */
const CHARACTERS_PER_EDIT = 3;

/** The known name that is most like a misspelt one; `undefined` where none is. */
export function mostLike(written: string, known: Iterable<string>): string | undefined {
  const wanted = plainly(written);
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(wanted.length / CHARACTERS_PER_EDIT)) + 1;
  for (const name of known) {
    const edits = editsBetween(wanted, plainly(name), fewest);
    if (edits < fewest) [best, fewest] = [name, edits];
  }
  return best;
}

/** Without what people write this way or that: `fc.sId` is like `fc.s_id`. */
const plainly = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

/** Characters to change, add or take away; `most` where it is that many or more. */
function editsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) >= most) return most;
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = above[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      row.push(Math.min(changed, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[other.length]!;
}
