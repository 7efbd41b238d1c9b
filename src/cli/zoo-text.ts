/** The table of `sanmotion zoo`, row by row as ways of moving come to their end. */
import pc from 'picocolors';
import type { LanOrder } from '../mobility/plan.ts';
import type { Scenario } from '../scenario/schema.ts';
import { Columns } from './columns.ts';
import { count, counted, duration, table } from './output.ts';
import { readsAs } from './small-captures.ts';
import { type Cell, type CellResult, fateOf, identityOf } from './zoo-cells.ts';

/** What the first columns tell of a way; behind them blackout, count and what breaks. */
const WAYS = {
  profiles: ['profile', 'drain', 'defences', 'setting'],
  protocols: ['protocol', 'identity', 'defence', 'trips'],
  lan: ['lan', 'said', 'design'],
} as const;
/** What the last columns tell of how it ended. */
const ENDS = {
  profiles: ['blackout', 'hold', 'break'],
  protocols: ['blackout', 'hold', 'break'],
  lan: ['I/O pause', 'lost', 'LAN pause', 'apart', 'break'],
} as const;
type Way = keyof typeof WAYS;
/** Designs by when the LAN goes. */
const DESIGNS: Readonly<Record<LanOrder, string>> = {
  'lan-first': 'the LAN first',
  together: 'clean sheet',
  'san-first': 'in a vacuum',
};
/** The widest of numbers. */
const COUNT_WIDTH = 5;
const DURATION_WIDTH = '123.456 ms'.length;
/** A duration, or how a move ended instead. */
const BLACKOUT_WIDTH = 'rolled-back'.length;
/** What breaks has at least this, and the room that is left; it goes on below. */
const BREAK_WIDTH = 16;
const BREAK_WIDTH_LAN = 'I37 I38'.length;

/** Prints rows whose columns are as wide as what is known beforehand needs. */
export class ZooTable {
  readonly #columns: Columns;
  readonly #head: readonly string[];
  readonly #way: Way;
  #begun = false;

  /** `columns`: the width of the terminal, where it is not to be asked for. */
  constructor(
    planned: readonly { readonly cell: Cell; readonly scenario: Pick<Scenario, 'move'> }[],
    columns?: number,
  ) {
    const way = wayOf(planned.map(({ cell }) => cell));
    this.#way = way;
    this.#head = [...WAYS[way], ...ENDS[way]];
    const known = planned.map(({ cell, scenario }) => knownCells(cell, scenario.move));
    const widest = (column: number): number =>
      Math.max(this.#head[column]!.length, ...known.map((row) => row[column]!.length));
    const ways = WAYS[way].map((_, i) => widest(i));
    const ends =
      way === 'lan'
        ? [BLACKOUT_WIDTH, COUNT_WIDTH, DURATION_WIDTH, DURATION_WIDTH, BREAK_WIDTH_LAN]
        : [BLACKOUT_WIDTH, 'hold'.length, BREAK_WIDTH];
    const widths = [...ways, ...ends];
    // Durations and counts.
    const right = [
      ...(way === 'protocols' ? [3] : []),
      ...ends.slice(0, -1).map((_, i) => ways.length + i),
    ];
    this.#columns = new Columns(widths, right, columns);
  }

  /** The row of a result, behind the head when it is the first; with its end of line. */
  row(result: CellResult): string {
    const head = this.#begun ? '' : `${this.#columns.row(this.#head.map(pc.dim))}\n`;
    this.#begun = true;
    return `${head}${this.#columns.row(cellsOf(result))}\n`;
  }

  /** How fewer ways are tried, where that can be said. */
  get #advice(): string {
    return this.#way === 'profiles' ? '; --profile NAME tries those of one' : '';
  }

  /** What stands below the rows; `left` is how many were not tried. */
  end(results: readonly CellResult[], left = 0): string {
    const of = (fate: ReturnType<typeof fateOf>) => results.filter((one) => fateOf(one) === fate);
    const unsafe = of('unsafe');
    const errors = of('no end');
    const notMade = of('not made').length;
    const runs = results.reduce((sum, one) => sum + one.runs.length, 0);
    const parts = [
      `${count(of('safe').length)} safe`,
      `${count(unsafe.length)} unsafe`,
      ...(notMade === 0 ? [] : [`${count(notMade)} refused or undone`]),
      ...(errors.length === 0 ? [] : [`${count(errors.length)} without an end`]),
    ];
    const example = unsafe[0] ?? results[0];
    return [
      '',
      `${counted(results.length, 'way')} to move, ${counted(runs, 'run')}: ${parts.join(', ')}`,
      ...(left === 0
        ? []
        : [
            pc.yellow(
              `interrupted: ${counted(left, 'way')} ${left === 1 ? 'is' : 'are'} left${this.#advice}`,
            ),
          ]),
      ...errors.map(({ error, replay }) => pc.red(`no end: ${replay}: ${error}`)),
      ...captureLines(results),
      ...(example === undefined ? [] : [`one of them again: ${example.replay}`]),
      '--json has the command of each',
      '',
    ].join('\n');
  }
}

/** What is compared: the ways of vendors, protocols, or ways in which a LAN follows. */
function wayOf(cells: readonly Cell[]): Way {
  if (cells.some(({ lan }) => lan !== undefined)) return 'lan';
  return cells.some(({ protocol }) => protocol !== undefined) ? 'protocols' : 'profiles';
}

/** The captures of what broke, and how to read them. */
function captureLines(results: readonly CellResult[]): string[] {
  const captures = results.flatMap((one) => one.captures ?? []);
  if (captures.length === 0) return [];
  const rows = captures.map((one) => [one.path, one.invariant, `${one.frames}`, readsAs(one)]);
  return ['', table([['smallest capture', '', 'frames', ''].map(pc.dim), ...rows], [2]), ''];
}

function knownCells(
  cell: Cell,
  { defences, drain }: Pick<CellResult, 'defences' | 'drain'>,
  trips = '',
): string[] {
  const { announcement, lan, nfsVersion, order, profile, protocol, setting } = cell;
  const defence = defences.join(', ') || 'none';
  if (lan !== undefined)
    return [lan, announcement ?? '', order === undefined ? '' : DESIGNS[order]];
  if (protocol === undefined) return [profile ?? '', drain, defence, setting ?? ''];
  const version = nfsVersion === undefined ? '' : ` ${nfsVersion}`;
  return [`${protocol}${version}`, identityOf(cell), defence, trips];
}

function cellsOf(result: CellResult): string[] {
  const { blackoutNs, breaks, cell, error, holds, lan, outcome, roundTrips } = result;
  const broken = error === undefined ? breaksText(breaks) : error;
  return [
    ...knownCells(cell, result, roundTrips === undefined ? '' : `${roundTrips}`),
    outcome === 'moved' ? duration(blackoutNs) : outcome,
    ...(cell.lan === undefined ? [`${holds}`] : lanCells(lan)),
    broken === '' ? pc.green('-') : pc.red(broken),
  ];
}

/** Datagrams that were lost both ways, the longest pause to the guest, and how long the halves were apart. */
function lanCells(lan: CellResult['lan']): string[] {
  if (lan === undefined) return ['-', '-', '-'];
  const { apartNs, fromGuest, toGuest } = lan;
  const apart = apartNs === null ? 'to the end' : duration(apartNs);
  return [count(toGuest.lost + fromGuest.lost), duration(toGuest.pauseNs), apart];
}

/** `I13; late data: I7 I8`. */
function breaksText(breaks: CellResult['breaks']): string {
  const byLate = new Map<string, string[]>();
  for (const { invariant, late } of breaks) {
    byLate.set(late, [...(byLate.get(late) ?? []), invariant]);
  }
  const parts = [...byLate].sort(([a], [b]) => Number(a !== '') - Number(b !== ''));
  return parts
    .map(([late, names]) => `${late === '' ? '' : `late ${late}: `}${names.join(' ')}`)
    .join('; ');
}
