/** HTML and SVG as text, with everything that comes from outside escaped. */

/** Text that is already markup. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (one) => ESCAPES[one]!);
}

/** A template whose values are escaped, unless they are markup themselves; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0]!;
  for (const [i, part] of parts.entries()) text += textOf(part) + strings[i + 1]!;
  return new Markup(text);
}

/** A table with a head; cells of the columns in `right` are aligned to the right. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly Part[])[],
  right: readonly number[] = [],
): Markup {
  const cell = (part: Part, i: number): Markup =>
    right.includes(i) ? html`<td class="number">${part}</td>` : html`<td>${part}</td>`;
  const title = (part: string, i: number): Markup =>
    right.includes(i) ? html`<th class="number">${part}</th>` : html`<th>${part}</th>`;
  return html`<div class="scroll"><table><thead><tr>${head.map(title)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map(cell)}</tr>\n`,
  )}</tbody></table></div>`;
}

/** A duration with a unit a person takes in at once. */
export function duration(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`;
  if (ns >= 1e3) return `${(ns / 1e3).toFixed(1)} µs`;
  return `${ns} ns`;
}

/** A whole number with separators between thousands. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
