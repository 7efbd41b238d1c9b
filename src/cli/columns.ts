/** Text in the width of a terminal: tables whose columns give way, sentences that go on below. */

/** Columns are not made narrower than this, as long as others can give way. */
const WIDTH_MIN = 8;
const GAP = '  ';
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
const COLOURS = /\u001b\[[0-9;]*m/g;

/** How wide the terminal behind an output is; where that is none, what `COLUMNS` says, or without bound. */
export function terminalColumns(stream: NodeJS.WriteStream = process.stdout): number {
  const { columns, isTTY } = stream;
  if (isTTY && columns > 0) return columns;
  const wanted = Number(process.env.COLUMNS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : Number.POSITIVE_INFINITY;
}

/** The text without its colours. */
export function plain(text: string): string {
  return text.replace(COLOURS, '');
}

/**
 * A text in lines of at most `columns`, broken at blanks; lines behind the first begin with `indent`
 * blanks. A word that is longer stays whole.
 */
export function wrap(text: string, columns: number, indent = 0): string {
  if (plain(text).length <= columns) return text;
  const lines: string[] = [];
  let line = '';
  let free = true;
  for (const word of text.split(/(?<=\S)(?= )/)) {
    if (!free && plain(line + word).length > columns) {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent) + word.trimStart();
    } else line += word;
    free = false;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** The same, and a word that is longer than a line is cut. */
export function within(text: string, columns: number, indent: number): string {
  const lines = wrap(text, columns, indent).split('\n');
  return lines
    .flatMap((line) => {
      const long = plain(line);
      if (long.length <= columns) return [line];
      const [first = '', ...rest] = cut(long, columns);
      const below = cut(rest.join(''), Math.max(WIDTH_MIN, columns - indent));
      return [first, ...below.map((one) => ' '.repeat(indent) + one)];
    })
    .join('\n');
}

/** Columns of fixed width, for rows that are printed as they come. `right`: those aligned to the right. */
export class Columns {
  readonly #widths: readonly number[];
  readonly #right: readonly number[];

  /**
   * What is wider than `columns` in all is taken from the widest that are aligned to the left; room that
   * is left is the last one's, where that is aligned to the left.
   */
  constructor(
    widths: readonly number[],
    right: readonly number[] = [],
    columns = terminalColumns(),
  ) {
    this.#right = right;
    this.#widths = widthsWithin(widths, right, columns);
  }

  /** The row, in as many lines as its highest cell. */
  row(cells: readonly string[]): string {
    const parts = cells.map((cell, i) => linesOf(cell, this.#widths[i]!));
    const height = Math.max(1, ...parts.map((one) => one.length));
    return Array.from({ length: height }, (_, line) => this.#line(parts, line)).join('\n');
  }

  #line(parts: readonly (readonly string[])[], line: number): string {
    const padded = parts.map((part, i) => {
      const text = part[line] ?? '';
      if (i === parts.length - 1 && !this.#right.includes(i)) return text;
      const room = ' '.repeat(Math.max(0, this.#widths[i]! - plain(text).length));
      return this.#right.includes(i) ? room + text : text + room;
    });
    return padded.join(GAP).trimEnd();
  }
}

/**
 * Rows as text with columns of equal width; `right` lists columns that are aligned to the right. Cells
 * go on in further lines where the table would be wider than `columns`.
 */
export function table(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
  columns = terminalColumns(),
): string {
  const layout = new Columns(
    widestOf(rows, (cell) => cell.length),
    right,
    columns,
  );
  return rows.map((row) => layout.row(row)).join('\n');
}

/** Whether a table of these rows has room for every word in its column. */
export function hasRoom(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
  columns = terminalColumns(),
): boolean {
  const widths = widestOf(rows, (cell) => cell.length);
  const words = widestOf(rows, (cell) =>
    Math.max(...cell.split(/ |(?<=-)/).map((one) => one.length)),
  );
  const fitted = widthsWithin(widths, right, columns);
  const sum = fitted.reduce((total, one) => total + one, GAP.length * (fitted.length - 1));
  return sum <= columns && fitted.every((width, i) => width >= words[i]!);
}

/** The greatest measure of the cells in each column, colours not counted. */
function widestOf(
  rows: readonly (readonly string[])[],
  measure: (cell: string) => number,
): number[] {
  const widest: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries())
      widest[i] = Math.max(widest[i] ?? 0, measure(plain(cell)));
  return widest;
}

/**
 * Rows as text where a table has no room for its words: the cells that are aligned to the left behind one another,
 * and below them the numbers, each behind the name of its column.
 */
export function stacked(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
  columns = terminalColumns(),
): string {
  const indent = 2;
  const lines = rows.flatMap((row) => {
    const texts = row.filter((cell, i) => !right.includes(i) && cell !== '');
    const numbers = right.map((i) => `${head[i]} ${row[i]}`);
    return [
      wrap(texts.join(GAP), columns, indent),
      ...(numbers.length === 0
        ? []
        : [wrap(`${' '.repeat(indent)}${numbers.join(', ')}`, columns, indent)]),
    ];
  });
  const names = head.filter((_, i) => !right.includes(i));
  return [wrap(names.join(GAP), columns, indent), ...lines].join('\n');
}

/** Widths that fit: the widest column that may give way does, one by one. */
function widthsWithin(
  widths: readonly number[],
  right: readonly number[],
  columns: number,
): number[] {
  const fitted = [...widths];
  const gaps = GAP.length * (widths.length - 1);
  let over = fitted.reduce((sum, one) => sum + one, gaps) - columns;
  while (over > 0) {
    let widest = -1;
    for (const [i, width] of fitted.entries()) {
      if (right.includes(i) || width <= WIDTH_MIN) continue;
      if (widest < 0 || width > fitted[widest]!) widest = i;
    }
    if (widest < 0) break;
    fitted[widest]!--;
    over--;
  }
  const last = fitted.length - 1;
  if (over < 0 && last >= 0 && !right.includes(last)) fitted[last]! -= over;
  return fitted;
}

/** A cell in lines of its column; colours around the whole of it are around each. */
function linesOf(cell: string, width: number): string[] {
  if (plain(cell).length <= width) return [cell];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
  const [, before, text, after] = /^((?:\u001b\[\d*m)*)(.*?)((?:\u001b\[\d*m)*)$/s.exec(cell)!;
  return wrap(text!, width)
    .split('\n')
    .flatMap((line) => cut(line, width))
    .map((line) => `${before}${line}${after}`);
}

/** A word that is too long for its column, behind a hyphen where it has one. */
function cut(line: string, width: number): string[] {
  const parts: string[] = [];
  for (let rest = line; rest !== ''; ) {
    const hyphen = rest.length > width ? rest.lastIndexOf('-', width - 1) + 1 : 0;
    const end = hyphen > 0 ? hyphen : width;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts;
}
