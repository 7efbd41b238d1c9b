/** A quiesce curve as an SVG drawing: plain text, the same for the same curve. */
import type { QuiesceCurve } from './quiesce.ts';

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 80;
const RIGHT = 200;
const TOP = 40;
const BOTTOM = 60;
const TICKS = 5;
/** Told apart by people who see colours differently, too. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** Draws safe waits over lifetimes, a line for each set of defences. */
export function quiesceSvg(title: string, curves: readonly QuiesceCurve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const longest = Math.max(1, ...points.map((one) => one.lifetimeMs));
  const highest = Math.max(1, ...points.map((one) => one.waitMs ?? 0), longest);
  const x = (ms: number): string => (LEFT + (ms / longest) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (ms: number): string =>
    (HEIGHT - BOTTOM - (ms / highest) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    '<title>How long a move must wait, by how long frames live in the fabric</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="16">${escaped(title)}</text>`,
    ...Array.from({ length: TICKS + 1 }, (_, i) => grid(i / TICKS, longest, highest, x, y)),
    `<text x="${x(longest / 2)}" y="${HEIGHT - 16}" text-anchor="middle">longest life of a frame in the fabric</text>`,
    `<text x="20" y="${y(highest / 2)}" text-anchor="middle" transform="rotate(-90 20 ${y(highest / 2)})">smallest safe wait</text>`,
    ...curves.map((curve, index) => line(curve, index, x, y)),
    '</svg>',
    '',
  ].join('\n');
}

type Scale = (ms: number) => string;

function grid(share: number, longest: number, highest: number, x: Scale, y: Scale): string {
  const [across, up] = [share * longest, share * highest];
  return [
    `<line x1="${x(0)}" y1="${y(up)}" x2="${x(longest)}" y2="${y(up)}" stroke="#ddd"/>`,
    `<text x="${LEFT - 8}" y="${y(up)}" text-anchor="end" dominant-baseline="middle">${label(up)}</text>`,
    `<text x="${x(across)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${label(across)}</text>`,
  ].join('\n');
}

function line({ name, points }: QuiesceCurve, index: number, x: Scale, y: Scale): string {
  const colour = COLOURS[index % COLOURS.length]!;
  const safe = points.filter((one) => one.waitMs !== undefined);
  const path = safe.map((one) => `${x(one.lifetimeMs)},${y(one.waitMs!)}`).join(' ');
  const legendY = TOP + 20 + index * 22;
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...safe.map(
      (one) =>
        `<circle cx="${x(one.lifetimeMs)}" cy="${y(one.waitMs!)}" r="3.5" fill="${colour}"><title>${escaped(name)}: ${label(one.lifetimeMs)} needs ${label(one.waitMs!)}</title></circle>`,
    ),
    `<line x1="${WIDTH - RIGHT + 16}" y1="${legendY}" x2="${WIDTH - RIGHT + 40}" y2="${legendY}" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${WIDTH - RIGHT + 46}" y="${legendY}" dominant-baseline="middle">${escaped(name)}</text>`,
  ].join('\n');
}

const label = (ms: number): string =>
  ms >= 1000 ? `${Number((ms / 1000).toFixed(2))} s` : `${Number(ms.toFixed(1))} ms`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
