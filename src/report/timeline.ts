/** The run over time: steps of the move as bands, a curve of I/O and of frames for each path. */
import { duration, html, type Markup } from './markup.ts';
import { OTHER_GUESTS, type PathRecord, type RunRecord } from './record.ts';

const WIDTH = 960;
const LEFT = 220;
const RIGHT = 10;
const CURVE_HEIGHT = 34;
const BANDS_HEIGHT = 34;
const AXIS_HEIGHT = 22;
const COLUMNS = 240;
/** How much of the run before and behind the move is drawn, as a part of the move's length. */
const MARGIN = 0.35;

interface Scale {
  readonly fromNs: number;
  readonly untilNs: number;
  x(atNs: number): number;
}

/** A part of a run, in nanoseconds of virtual time. */
export interface TimeWindow {
  readonly fromNs: number;
  readonly untilNs: number;
}

/** The move with some time around it. */
export function moveWindow(record: RunRecord): TimeWindow {
  const { lastNs, steps } = record;
  const begin = steps[0]?.atNs ?? 0;
  const end = steps.at(-1)?.atNs ?? lastNs;
  const margin = Math.max((end - begin) * MARGIN, 1000);
  return { fromNs: Math.max(0, begin - margin), untilNs: Math.min(lastNs, end + margin) };
}

/** Where in a drawing a time lies, as a share of its width: the curves begin behind their names. */
export const TIMELINE_PLACE = { left: 220 / 960, right: 950 / 960 } as const;

/** Draws a part of a run, the move where nothing is said; `marks` are times that stand out. */
export function timelineOf(
  record: RunRecord,
  { fromNs, untilNs }: TimeWindow = moveWindow(record),
  marks: readonly { readonly atNs: number; readonly text: string }[] = [],
): Markup {
  const begin = record.steps[0]?.atNs ?? 0;
  const scale = scaleOf(fromNs, untilNs);
  const curves = [
    ...curvesOf(record.paths, 'paths').map((path) => ({ path, unit: 'I/Os', kind: 'io' })),
    ...curvesOf(record.taps, 'cables').map((path) => ({ path, unit: 'frames', kind: 'frames' })),
  ];
  const height = BANDS_HEIGHT + curves.length * CURVE_HEIGHT + AXIS_HEIGHT;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="timeline">${bands(
    record,
    scale,
    height - AXIS_HEIGHT,
  )}${curves.map(({ path, unit, kind }, i) =>
    curve(path, unit, kind, scale, BANDS_HEIGHT + i * CURVE_HEIGHT),
  )}${marks.map((one) => mark(one, scale, height - AXIS_HEIGHT))}${axis(scale, begin, height - AXIS_HEIGHT)}</svg>`;
}

function mark(
  { atNs, text }: { readonly atNs: number; readonly text: string },
  scale: Scale,
  height: number,
): Markup {
  if (atNs < scale.fromNs || atNs > scale.untilNs) return html``;
  const x = scale.x(atNs).toFixed(1);
  return html`<g class="breach"><line x1="${x}" x2="${x}" y1="0" y2="${height}"/><text x="${x}" y="${height - 3}" text-anchor="middle" class="mark">${text}</text></g>`;
}

/** Curves of one kind; of more, those that the move is about have one each, the rest together one. */
const CURVES_MAX = 8;

/** What a curve shows. */
interface Curve {
  readonly name: string;
  readonly overTime: Pick<PathRecord['overTime'], 'rates'>;
}

/** Paths by what went over them during the move; guests that are not followed stand last. */
function curvesOf(paths: ReadonlyMap<string, PathRecord>, what: string): Curve[] {
  const all = [...paths.values()];
  if (all.length <= CURVES_MAX) return all;
  const weight = ({ counts, name }: PathRecord): number =>
    name === OTHER_GUESTS ? -1 : counts.during;
  const sorted = all.toSorted((a, b) => weight(b) - weight(a));
  const rest = sorted.slice(CURVES_MAX - 1);
  const sum: Curve['overTime'] = {
    rates: (fromNs, untilNs, columns) =>
      rest
        .map(({ overTime }) => overTime.rates(fromNs, untilNs, columns))
        .reduce((one, other) => one.map((rate, i) => rate + other[i]!)),
  };
  return [
    ...sorted.slice(0, CURVES_MAX - 1),
    { name: `${rest.length} more ${what}`, overTime: sum },
  ];
}

function scaleOf(fromNs: number, untilNs: number): Scale {
  const span = Math.max(1, untilNs - fromNs);
  return {
    fromNs,
    untilNs: fromNs + span,
    x: (atNs) => LEFT + ((atNs - fromNs) / span) * (WIDTH - LEFT - RIGHT),
  };
}

/** Names of steps that are too short for theirs go into a second row. */
function bands(record: RunRecord, scale: Scale, height: number): Markup[] {
  let free = -1;
  const { steps } = record;
  const isOfSeveral = steps.some(({ vm }) => vm !== steps[0]!.vm);
  return steps.map((step, i) => {
    const following = steps.slice(i + 1).find(({ vm }) => vm === step.vm);
    const next = following?.atNs ?? scale.untilNs;
    if (step.atNs > scale.untilNs || next < scale.fromNs) return html``;
    const x = scale.x(Math.max(step.atNs, scale.fromNs));
    const width = Math.max(0.5, scale.x(Math.min(next, scale.untilNs)) - x);
    const name = isOfSeveral ? `${step.vm} ${step.phase}` : step.phase;
    const nameWidth = name.length * 6;
    const fits = width > nameWidth;
    const named = fits || x >= free;
    if (named && !fits) free = x + nameWidth;
    const label = html`<text x="${(x + 2).toFixed(1)}" y="${fits ? 12 : 24}" class="small">${name}</text>`;
    const detail = step.detail === '' ? '' : `, ${step.detail}`;
    return html`<g class="band band${i % 2}"><rect x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${height}"><title>${name}: ${duration(next - step.atNs)}${detail}</title></rect>${named ? label : ''}<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="0" y2="${height}"/></g>`;
  });
}

function curve(path: Curve, unit: string, kind: string, scale: Scale, top: number): Markup {
  const rates = path.overTime.rates(scale.fromNs, scale.untilNs, COLUMNS);
  const most = Math.max(...rates, 1);
  const highest = CURVE_HEIGHT - 8;
  const step = (WIDTH - LEFT - RIGHT) / COLUMNS;
  const bottom = top + CURVE_HEIGHT - 2;
  const points = rates.map((rate, i) => {
    const y = (bottom - (rate / most) * highest).toFixed(1);
    return `L${(LEFT + i * step).toFixed(1)},${y} L${(LEFT + (i + 1) * step).toFixed(1)},${y}`;
  });
  return html`<g class="curve ${kind}"><text x="0" y="${top + 16}" class="title">${path.name}</text><text x="0" y="${top + 29}" class="small">${unit}, at most ${Math.round(most).toLocaleString('en-US')}/s</text><path d="M${LEFT},${bottom} ${points.join(' ')} L${WIDTH - RIGHT},${bottom} Z"/></g>`;
}

function axis(scale: Scale, zeroNs: number, top: number): Markup {
  const span = scale.untilNs - scale.fromNs;
  const step = niceStep(span / 8);
  const ticks: Markup[] = [];
  for (let n = Math.ceil((scale.fromNs - zeroNs) / step); ; n++) {
    const at = zeroNs + n * step;
    if (at > scale.untilNs) break;
    const x = scale.x(at).toFixed(1);
    const label = n === 0 ? '0' : `${n < 0 ? '-' : '+'}${shortDuration(Math.abs(n * step))}`;
    ticks.push(
      html`<line class="tick" x1="${x}" x2="${x}" y1="${top}" y2="${top + 4}"/><text class="small" text-anchor="middle" x="${x}" y="${top + 16}">${label}</text>`,
    );
  }
  return html`<g>${ticks}</g>`;
}

/** 1, 2 or 5 times a power of ten, at least `ns`. */
function niceStep(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ns)));
  for (const times of [1, 2, 5, 10]) if (times * power >= ns) return times * power;
  return 10 * power;
}

function shortDuration(ns: number): string {
  if (ns >= 1e9) return `${ns / 1e9} s`;
  if (ns >= 1e6) return `${ns / 1e6} ms`;
  if (ns >= 1e3) return `${ns / 1e3} µs`;
  return `${ns} ns`;
}
