/** Code tables of others, as text: `NAME hex` pairs. */

/** `'PLOGI 03 FLOGI 04'` as entries of a table, in this order. */
export function codesOf(text: string): [string, number][] {
  const words = text.trim().split(/\s+/);
  return words.flatMap((word, i) =>
    i % 2 === 0 ? [[word, Number.parseInt(words[i + 1]!, 16)] as [string, number]] : [],
  );
}
