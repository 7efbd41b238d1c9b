/** What a capture tells besides the verdict, as a person reads it. */
import pc from 'picocolors';
import type { CaptureReport } from '../audit/capture-judge.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { type ToldTable, toldTables } from '../report/told-tables.ts';
import { hasRoom, stacked } from './columns.ts';
import { count, duration, table } from './output.ts';

/** Rows shown of each table; the JSON has them all. */
const ROWS_SHOWN = 10;

/** A table under a line of its own, and what is said below it. */
function linesOf({ head, notes, right, rows }: ToldTable): string[] {
  const said = notes.map(({ isBad, text }) => (isBad ? pc.red(escapeText(text)) : text));
  if (rows.length === 0) return said;
  const shown = rows.slice(0, ROWS_SHOWN).map((row) => row.map(escapeText));
  const more = rows.length - shown.length;
  return [
    '',
    hasRoom([head, ...shown], right)
      ? table([head.map(pc.dim), ...shown], right)
      : stacked(head.map(pc.dim), shown, right),
    ...(more > 0 ? [pc.dim(`and ${count(more)} more (--json has them)`)] : []),
    ...said,
  ];
}

/** Lines about what is not read at all. */
export function unreadLines({ unread }: CaptureReport): string[] {
  return unread.map(({ what, code, frames }) => {
    const name = what === 'EtherType' ? code.toString(16).padStart(4, '0') : String(code);
    return `not read   ${what} ${name}: ${count(frames)} frames`;
  });
}

/** Kinds of other traffic that are told; the JSON has them all. */
const KINDS_SHOWN = 5;

/** What else the capture is of, in one line. */
export function otherLines({ otherTraffic }: CaptureReport): string[] {
  if (otherTraffic.length === 0) return [];
  const named = otherTraffic
    .slice(0, KINDS_SHOWN)
    .map(({ what, frames }) => `${what} ${count(frames)}`);
  const more = otherTraffic.length - named.length;
  return [`other      ${[...named, ...(more > 0 ? [`${more} more kinds`] : [])].join(', ')}`];
}

/** Tables of what was answered, refused and reserved, and of how long it took. */
export const toldLines = (report: CaptureReport): string[] =>
  toldTables(report, duration).flatMap(linesOf);
