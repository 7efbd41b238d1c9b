/** Which of the names that there are was meant by one that is misspelt. */

/** Edits that are forgiven in a name of middling length, and characters for each further one. */
const EDITS = 2;
const CHARACTERS_PER_EDIT = 3;

/** Without what people write this way or that: `fc.sId` is like `fc.s_id`. */
const plainly = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

/**
 * The known name that is most like a written one; `undefined` where none is near enough, or several are alike. A short
 * name may differ in half of its characters, a long one in a third.
 */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  const wanted = plainly(written);
  const { length } = wanted;
  const most = Math.min(
    Math.floor(length / 2),
    Math.max(EDITS, Math.floor(length / CHARACTERS_PER_EDIT)),
  );
  let fewest = most + 1;
  // Names that differ in nothing that counts are one.
  let names = new Map<string, string>();
  for (const name of known) {
    const other = plainly(name);
    const edits = editsBetween(wanted, other, fewest + 1);
    if (edits > most || edits > fewest) continue;
    if (edits < fewest) names = new Map();
    fewest = edits;
    if (!names.has(other)) names.set(other, name);
  }
  // People rarely miss the first letter.
  const alike = [...names].filter(([name]) => names.size === 1 || name[0] === wanted[0]);
  return alike.length === 1 ? alike[0]![1] : undefined;
}

/** The end of a complaint about a word that nobody knows: `; did you mean host?`, or nothing. */
export function meantBy(word: string, known: Iterable<string>): string {
  const near = nearestName(word, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

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
