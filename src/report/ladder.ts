/** Frames as a ladder: a lane for each node, an arrow for each frame, time going down. */
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import {
  Conversation,
  decodeFrame,
  detailLines,
  linkTypeOf,
  summarize,
} from '../codecs/frame/index.ts';
import { type NodeKind, since } from '../history/index.ts';
import type { FrameNote } from '../run/frame-comments.ts';
import { html, type Markup } from './markup.ts';
import type { RunRecord } from './record.ts';

const WIDTH = 960;
const LEFT = 110;
const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 34;
/** Of the small letters, about. */
const CHARACTER_WIDTH = 6;
/** Frames of one ladder; of more, the first and the last are shown. */
const ROWS_MAX = 60;

/** A frame that is to be drawn: between two lanes, at a time in nanoseconds. */
export interface LadderRow {
  readonly frame: Pick<TappedFrame, 'at' | 'number'>;
  readonly from: string;
  readonly to: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly note: FrameNote | undefined;
}

/**
 * A ladder of the frames with these numbers, and their decoded fields below it. A frame that was held
 * is slanted: from when it was sent to when it came; what `notes` say of a frame stands below it.
 */
export function ladderOf(
  record: RunRecord,
  numbers: readonly number[],
  notes: ReadonlyMap<number, FrameNote> = new Map(),
): Markup {
  const known = [...new Set(numbers)].sort((a, b) => a - b).filter((n) => record.frames.has(n));
  if (known.length === 0)
    return numbers.length === 0 || record.frames.size === 0
      ? html`<p>None of its frames passed a tap.</p>`
      : html`<p>Its frames, from number ${Math.min(...numbers)}, came before those that a page keeps; --pcap FILE has them all.</p>`;
  const half = ROWS_MAX / 2;
  const shown = known.length > ROWS_MAX ? [...known.slice(0, half), ...known.slice(-half)] : known;
  const rows = rowsOf(record, shown, notes);
  const lanes = lanesOf(record, rows);
  // As in what is said of frames: since the move began.
  const startNs = record.steps[0]?.atNs ?? rows[0]!.frame.at;
  return drawLadder(rows, lanes, { startNs, leftOut: numbers.length - shown.length });
}

/**
 * A ladder of frames between lanes, from left to right, and their decoded fields below it. Times are counted
 * from `startNs`; `leftOut` more frames are not drawn.
 */
export function drawLadder(
  rows: readonly LadderRow[],
  lanes: readonly string[],
  { startNs, leftOut = 0 }: { readonly startNs: number; readonly leftOut?: number },
): Markup {
  return html`${leftOut > 0 ? html`<p>${leftOut} more frames are left out of the drawing.</p>` : ''}<div class="scroll">${draw(rows, lanes, startNs)}</div>${rows.map(
    ({ frame, summary, details, note }) =>
      html`<details><summary>frame ${frame.number}: ${summary}</summary>${(note?.texts ?? []).map((text) => html`<p class="violated">${text}</p>`)}<pre>${details.join('\n')}</pre></details>\n`,
  )}`;
}

/** Answers are read as what they answer, so all frames before them are looked at too. */
function rowsOf(
  record: RunRecord,
  numbers: readonly number[],
  notes: ReadonlyMap<number, FrameNote>,
): LadderRow[] {
  const wanted = new Set(numbers);
  const last = numbers.at(-1)!;
  const conversation = new Conversation();
  const rows: LadderRow[] = [];
  for (const [number, frame] of record.frames) {
    if (number > last) break;
    const decoded = decodeFrame(frame.bytes, {
      linkType: linkTypeOf(frame.bytes),
      conversation,
    });
    if (!wanted.has(number)) continue;
    const [from, to] = endsOf(record, frame);
    const note = notes.get(number);
    const [summary, details] = [summarize(decoded), detailLines(decoded)];
    rows.push({ frame, from, to, summary, details, note });
  }
  return rows;
}

/** A frame comes in at a tap on its way to the cable's second end, where the tap stands. */
function endsOf({ places }: RunRecord, { tap, direction }: TappedFrame): [string, string] {
  const [first, second] = places.endsOf(tap);
  const [near, far] = [first?.node ?? tap, second?.node ?? tap];
  return direction === 'in' ? [near, far] : [far, near];
}

/** What lies between hosts and arrays. */
const BETWEEN: ReadonlySet<NodeKind | undefined> = new Set<NodeKind>([
  'switch',
  'bridge',
  'npv',
  'router',
]);

/** Lanes from left to right: switches in the middle, arrays behind them, everybody else around. */
function lanesOf({ places }: RunRecord, rows: readonly LadderRow[]): string[] {
  const nodes = [...new Set(rows.flatMap(({ from, to }) => [from, to]))].sort();
  const switches = nodes.filter((name) => BETWEEN.has(places.kindOf(name)));
  const arrays = nodes.filter((name) => places.kindOf(name) === 'array');
  const others = nodes.filter((name) => !switches.includes(name) && !arrays.includes(name));
  const before = arrays.length > 0 ? others.length : Math.ceil(others.length / 2);
  return [...others.slice(0, before), ...switches, ...others.slice(before), ...arrays];
}

function draw(rows: readonly LadderRow[], lanes: readonly string[], startNs: number): Markup {
  const height = HEAD_HEIGHT + rows.length * ROW_HEIGHT + 10;
  const step = (WIDTH - LEFT - 60) / Math.max(1, lanes.length - 1);
  const x = (lane: string): number => LEFT + 30 + lanes.indexOf(lane) * step;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" class="ladder" role="img" aria-label="ladder of frames"><defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 Z"/></marker></defs>${lanes.map(
    (lane) =>
      html`<text x="${x(lane)}" y="16" text-anchor="middle" class="title">${lane}</text><line class="lane" x1="${x(lane)}" x2="${x(lane)}" y1="24" y2="${height}"/>`,
  )}${rows.map((row, i) => arrow(row, x, spanOf(rows, i), startNs))}</svg>`;
}

/** Where an arrow begins and ends, downwards. */
interface Span {
  readonly fromY: number;
  readonly toY: number;
  /** Of the row itself, where the frame was seen. */
  readonly y: number;
}

const rowY = (row: number): number => HEAD_HEIGHT + (row + 0.7) * ROW_HEIGHT;

/** Level, or slanted over the time for which the frame was held. */
function spanOf(rows: readonly LadderRow[], index: number): Span {
  const y = rowY(index);
  const { frame, note } = rows[index]!;
  const held = note?.held;
  if (held === undefined) return { fromY: y, toY: y, y };
  if (held.untilNs > frame.at) {
    const after = rows.findIndex((row, i) => i > index && row.frame.at >= held.untilNs);
    const end = after < 0 ? rows.length - 1 : after;
    return { fromY: y, toY: rowY(end) + (end === index ? ROW_HEIGHT / 3 : -ROW_HEIGHT / 6), y };
  }
  const before = rows.findIndex((row) => row.frame.at >= held.fromNs);
  return { fromY: before === index ? y - ROW_HEIGHT / 3 : rowY(before), toY: y, y };
}

function arrow(
  { frame, from, note, summary, to }: LadderRow,
  x: (lane: string) => number,
  { fromY, toY, y }: Span,
  startNs: number,
): Markup {
  const text = `${frame.number}: ${shorten(summary)}`;
  const marks = shorten((note?.marks ?? []).map((one) => one.text).join(', '));
  const middleOf = (words: string): number => {
    const half = (words.length * CHARACTER_WIDTH) / 2;
    return Math.min(Math.max((x(from) + x(to)) / 2, half), WIDTH - half);
  };
  const mark =
    marks === ''
      ? ''
      : html`<text x="${middleOf(marks)}" y="${y + 11}" text-anchor="middle" class="mark">${marks}</text>`;
  return html`<g class="${note?.held === undefined ? 'arrow' : 'arrow held'}"><text x="0" y="${y + 4}" class="small">${since(startNs, frame.at)}</text><line x1="${x(from)}" y1="${fromY}" x2="${x(to)}" y2="${toY}" marker-end="url(#head)"/><text x="${middleOf(text)}" y="${y - 5}" text-anchor="middle" class="small">${text}</text>${mark}</g>`;
}

function shorten(text: string): string {
  return text.length > 92 ? `${text.slice(0, 91)}…` : text;
}
