/** The table of `sanmotion zoo`, row by row as ways of moving come to their end. */
import pc from 'picocolors';
import type { Protocol } from '../scenario/protocols.ts';
import type { Scenario } from '../scenario/schema.ts';
import { Columns } from './columns.ts';
import { count, duration } from './output.ts';
import { type Cell, type CellResult, fateOf } from './zoo-cells.ts';

/** What the old and the new attachment are known by, where a protocol leaves no choice. */
const IDENTITIES: Readonly<Partial<Record<Protocol, string>>> = { nfs: 'its own address' };
/** Clients of NFS version 4.1: each host's own, or one on both. */
const OWNERS: Readonly<Record<string, string>> = {
  'wwpn-pair': 'other-owner',
  'same-wwpn': 'same-owner',
};
/** What the first columns tell of a way; behind them blackout, count and what breaks. */
const WAYS = {
  profiles: ['profile', 'drain', 'defences', 'setting'],
  protocols: ['protocol', 'identity', 'defence', 'trips'],
} as const;
const ENDS = ['blackout', 'hold', 'break'];
/** A duration, or how a move ended instead. */
const BLACKOUT_WIDTH = 'rolled-back'.length;
/** What breaks has at least this, and the room that is left; it goes on below. */
const BREAK_WIDTH = 16;

/** Prints rows whose columns are as wide as what is known beforehand needs. */
export class ZooTable {
  readonly #columns: Columns;
  readonly #head: readonly string[];
  #begun = false;

  /** `columns`: the width of the terminal, where it is not to be asked for. */
  constructor(
    planned: readonly { readonly cell: Cell; readonly scenario: Pick<Scenario, 'move'> }[],
    columns?: number,
  ) {
    const way = planned.some(({ cell }) => cell.protocol !== undefined) ? 'protocols' : 'profiles';
    this.#head = [...WAYS[way], ...ENDS];
    const known = planned.map(({ cell, scenario }) => knownCells(cell, scenario.move));
    const widest = (column: number): number =>
      Math.max(this.#head[column]!.length, ...known.map((row) => row[column]!.length));
    const ways = WAYS[way].map((_, i) => widest(i));
    const widths = [...ways, BLACKOUT_WIDTH, 'hold'.length, BREAK_WIDTH];
    // Blackout and counts.
    const right = [...(way === 'protocols' ? [3] : []), ways.length, ways.length + 1];
    this.#columns = new Columns(widths, right, columns);
  }

  /** The row of a result, behind the head when it is the first; with its end of line. */
  row(result: CellResult): string {
    const head = this.#begun ? '' : `${this.#columns.row(this.#head.map(pc.dim))}\n`;
    this.#begun = true;
    return `${head}${this.#columns.row(cellsOf(result))}\n`;
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
      `${count(results.length)} ways to move, ${count(runs)} runs: ${parts.join(', ')}`,
      ...(left === 0
        ? []
        : [
            pc.yellow(
              `interrupted: ${count(left)} ways are left; --profile NAME tries those of one`,
            ),
          ]),
      ...errors.map(({ error, replay }) => pc.red(`no end: ${replay}: ${error}`)),
      ...(example === undefined ? [] : [`one of them again: ${example.replay}`]),
      '--json has the command of each',
      '',
    ].join('\n');
  }
}

function knownCells(
  { nfsVersion, profile, protocol, setting, strategy = '' }: Cell,
  { defences, drain }: Pick<CellResult, 'defences' | 'drain'>,
  trips = '',
): string[] {
  const defence = defences.join(', ') || 'none';
  if (protocol === undefined) return [profile ?? '', drain, defence, setting ?? ''];
  return nfsVersion === undefined
    ? [protocol, IDENTITIES[protocol] ?? strategy, defence, trips]
    : [`${protocol} ${nfsVersion}`, OWNERS[strategy] ?? strategy, defence, trips];
}

function cellsOf(result: CellResult): string[] {
  const { blackoutNs, breaks, cell, error, holds, outcome, roundTrips } = result;
  const broken = error === undefined ? breaksText(breaks) : error;
  return [
    ...knownCells(cell, result, roundTrips === undefined ? '' : `${roundTrips}`),
    outcome === 'moved' ? duration(blackoutNs) : outcome,
    `${holds}`,
    broken === '' ? pc.green('-') : pc.red(broken),
  ];
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
