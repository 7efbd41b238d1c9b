/** What I/Os take by the distance of their data, as an SVG drawing: plain text, the same for the same comparison. */
import { POLICIES } from '../run/policies.ts';
import type { GravityResult, GravityRow } from './gravity.ts';

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 220;
const TOP = 40;
const BOTTOM = 60;
/** Told apart by people who see colours differently, too. */
const COLOURS = [
  ...[
    '#0072b2',
    '#d55e00',
    '#999999',
    '#009e73',
    '#cc79a7',
    '#e69f00',
    '#56b4e9',
    '#000000',
    '#882255',
    '#44aa99',
    '#332288',
  ],
];

type Scale = (value: number) => string;

/** Draws the writes of each policy over the distance: the formula as a line, runs as dots. Both axes are logarithmic. */
export function gravitySvg({ protocol, rows, scenario }: GravityResult): string {
  const distances = rows.map(({ rttMs }) => rttMs);
  const times = rows.flatMap(({ formula, run }) => [formula.writeMs, run.writeMs]);
  const x = scale([Math.min(...distances), Math.max(...distances)], LEFT, WIDTH - RIGHT);
  const y = scale([Math.min(...times) / 1.2, Math.max(...times) * 1.2], HEIGHT - BOTTOM, TOP);
  const title = `${scenario} over ${protocol}: a write, by the distance of its data`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    '<title>What a write takes, by the distance of its data</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="16">${escaped(title)}</text>`,
    ...[...new Set(distances)].map(
      (ms) => `<text x="${x(ms)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${ms} ms</text>`,
    ),
    ...ticks(times).map(
      (ms) =>
        `<line x1="${LEFT}" y1="${y(ms)}" x2="${WIDTH - RIGHT}" y2="${y(ms)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(ms)}" text-anchor="end" dominant-baseline="middle">${ms} ms</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">round trip between the sites</text>`,
    ...POLICIES.map((policy, index) =>
      line(
        rows.filter((row) => row.policy === policy),
        index,
        x,
        y,
      ),
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** A logarithmic axis; a single value is in its middle. */
function scale([least, most]: readonly [number, number], from: number, to: number): Scale {
  const low = Math.log(Math.max(least, 1e-3));
  const span = Math.log(Math.max(most, 1e-3)) - low;
  const share = (value: number): number =>
    span <= 0 ? 0.5 : (Math.log(Math.max(value, 1e-3)) - low) / span;
  return (value) => (from + share(value) * (to - from)).toFixed(1);
}

/** Powers of ten between the least and the most. */
function ticks(times: readonly number[]): number[] {
  const least = Math.floor(Math.log10(Math.min(...times)));
  const most = Math.floor(Math.log10(Math.max(...times)));
  return Array.from({ length: most - least + 1 }, (_, i) =>
    Number((10 ** (least + i)).toFixed(3)),
  ).filter((one) => one >= Math.min(...times) / 1.2);
}

function line(rows: readonly GravityRow[], index: number, x: Scale, y: Scale): string {
  const [first] = rows;
  if (first === undefined) return '';
  const colour = COLOURS[index % COLOURS.length]!;
  const name = escaped(first.policy);
  const path = rows.map(({ formula, rttMs }) => `${x(rttMs)},${y(formula.writeMs)}`).join(' ');
  const legendY = TOP + 20 + index * 22;
  const at = WIDTH - RIGHT + 16;
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...rows.map(
      ({ rttMs, run }) =>
        `<circle cx="${x(rttMs)}" cy="${y(run.writeMs)}" r="3.5" fill="${colour}"><title>${name}: ${run.writeMs.toFixed(2)} ms at ${rttMs} ms</title></circle>`,
    ),
    `<line x1="${at}" y1="${legendY}" x2="${at + 24}" y2="${legendY}" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${at + 30}" y="${legendY}" dominant-baseline="middle">${name}</text>`,
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
