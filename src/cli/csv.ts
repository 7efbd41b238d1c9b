/** Lines of comma-separated values. Source: RFC 4180; lines end in LF, as other tools write them. */

/** What a cell may be; nothing is an empty cell. */
export type Cell = string | number | bigint | undefined;

/** Characters for which a cell stands in quotes. */
const SPECIAL = /[",\r\n]/;
/** A text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+@\t]|^-(?![\d.]+$)/;

/** A line without its end. Texts come from captures: none of them becomes a formula. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(cellOf).join(',');
}

function cellOf(cell: Cell): string {
  if (cell === undefined) return '';
  const text = String(cell);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
