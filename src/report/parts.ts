/** The parts of a page about a run: figures, tables and what is violated, all escaped. */
import { explanationOf } from '../audit/explanations.ts';
import type { Verdict } from '../audit/verdict.ts';
import { formatWwn } from '../codecs/layout/index.ts';
import { unitText } from '../history/index.ts';
import type { RunReport } from '../run/options.ts';
import { count, duration, html, type Markup, tableOf } from './markup.ts';
import { hex24, type LoginRecord, type PathRecord, type RunRecord, STAGES } from './record.ts';

/** A result in words for people. */
const RESULTS = {
  holds: 'holds',
  violated: 'violated',
  'not-observable': 'not observable',
} as const;

/** What to do about a violation. */
export function remedyOf({ invariant }: Verdict): Markup | '' {
  const remedy = explanationOf(invariant)?.remedy;
  return remedy === undefined ? '' : html`<p class="faint">${remedy}</p>`;
}

/** I/Os that failed, and why; nothing where none did. */
export function failureTable({ failures, timeline, units }: RunReport): Markup | '' {
  if (failures.length === 0) return '';
  const start = timeline[0]?.atNs ?? 0;
  const since = (at: number): string =>
    `${at < start ? '-' : '+'}${duration(Math.abs(at - start))}`;
  return html`<h2>I/Os that failed</h2>${tableOf(
    ['I/Os', '', 'on', 'reason', 'first', 'last'],
    failures.map((one) => [
      count(one.count),
      `${one.op} of ${one.vm}`,
      unitText(
        one.luName,
        units.find(({ luName }) => luName === one.luName),
      ),
      one.reason,
      since(one.firstAtNs),
      since(one.lastAtNs),
    ]),
    [0],
  )}`;
}

/** How many invariants are violated and hold, the blackout, and what became of the I/Os. */
export function figures(report: RunReport): Markup {
  const { io, verdict } = report;
  const violated = verdict.filter((one) => one.result === 'violated').length;
  const holding = verdict.filter((one) => one.result === 'holds').length;
  const unseen = verdict.length - holding - violated;
  // No I/O on the new ports has ended well.
  const noBlackout = report.moves[0]?.outcome === 'moved' ? 'not over' : 'none';
  const one = (value: string, name: string, kind = ''): Markup =>
    html`<div class="figure"><b class="${kind}">${value}</b><span>${name}</span></div>`;
  return html`<div class="figures">${[
    one(String(violated), 'invariants violated', violated === 0 ? 'holds' : 'violated'),
    one(String(holding), 'invariants hold'),
    one(String(unseen), 'not observable'),
    one(report.blackoutNs > 0 ? duration(report.blackoutNs) : noBlackout, 'blackout'),
    one(count(io.submitted), 'I/Os submitted'),
    one(count(io.completed), 'completed'),
    one(count(io.requeued), 'sent again'),
    one(count(io.failed), 'failed', io.failed === 0 ? '' : 'violated'),
    one(count(io.dropped), 'dropped', io.dropped === 0 ? 'holds' : 'violated'),
  ]}</div>`;
}

/** What is violated is open to see, and what was suffered by somebody else's doing; the rest is folded. */
export function verdictTables(verdict: readonly Verdict[]): Markup {
  const told = verdict.filter((one) => one.result === 'violated' || one.excused !== undefined);
  const parts = (['holds', 'not-observable'] as const).map((result) => {
    const some = verdict.filter((one) => one.result === result);
    if (some.length === 0) return '';
    const names = some.map(({ invariant }) => invariant).join(' ');
    return html`<details><summary><span class="${result}">${RESULTS[result]}</span> ${names}</summary>${verdictTable(some)}</details>`;
  });
  return html`${told.length === 0 ? '' : verdictTable(told)}${parts}`;
}

function verdictTable(verdict: readonly Verdict[]): Markup {
  return tableOf(
    ['', 'result', 'what must hold, and what was found'],
    verdict.map(({ invariant, result, sentence, detail }) => [
      invariant,
      html`<span class="${result}">${RESULTS[result]}</span>`,
      html`${sentence}<br><span class="faint">${detail}</span>`,
    ]),
  );
}

/** The steps; of several moves, each with whose it is. With a LAN, both halves beside each other. */
export function stepTable({ lan, moves, timeline }: RunReport): Markup {
  const start = timeline[0]?.atNs ?? 0;
  const whose = (words: string): string[] => (moves.length > 1 ? [words] : []);
  const halves = (words: readonly string[]): readonly string[] => (lan === undefined ? [] : words);
  const hosts = (names: readonly string[] = []): string => names.join(' ') || '–';
  return tableOf(
    [
      'at',
      'took',
      ...whose('guest'),
      'step',
      'frames',
      'I/Os done',
      ...halves(['SAN', 'LAN', 'lost']),
      '',
    ],
    timeline.map((one) => [
      `+${duration(one.atNs - start)}`,
      duration(one.durationNs),
      ...whose(one.vm),
      one.phase,
      count(one.frames),
      count(one.completed),
      ...halves([hosts(one.lan?.san), hosts(one.lan?.lan), count(one.lan?.lost ?? 0)]),
      one.detail,
    ]),
    moves.length > 1 ? [0, 1, 4, 5] : [0, 1, 3, 4],
  );
}

/** Rows that stand open; more are folded. */
const ROWS_OPEN = 12;

/** A table whose rows beyond the first are folded. */
function foldedTable(
  head: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
  right: readonly number[],
): Markup {
  const open = tableOf(head, rows.slice(0, ROWS_OPEN), right);
  const rest = rows.slice(ROWS_OPEN);
  if (rest.length === 0) return open;
  return html`${open}<details><summary>${count(rest.length)} more</summary>${tableOf(head, rest, right)}</details>`;
}

/** What went each way, before, during and after the move; what the move used most comes first. */
export function pathTable(
  name: string,
  what: string,
  paths: ReadonlyMap<string, PathRecord>,
): Markup {
  const all = [...paths.values()];
  const sorted =
    all.length <= ROWS_OPEN ? all : all.toSorted((a, b) => b.counts.during - a.counts.during);
  return foldedTable(
    [name, ...STAGES.map((stage) => `${what} ${stage}`)],
    sorted.map((path) => [
      html`<span class="mono">${path.name}</span>`,
      ...STAGES.map((stage) => count(path.counts[stage])),
    ]),
    [1, 2, 3],
  );
}

/** Latency of I/O before, during and after the move. */
export function latencyTable({ latency }: RunRecord): Markup {
  return tableOf(
    ['', 'I/Os', '50 %', '90 %', '99 %', '99.9 %', 'slowest'],
    STAGES.map((stage) => {
      const one = latency[stage];
      return [
        stage,
        count(one.count),
        ...[50, 90, 99, 99.9].map((percent) => duration(one.percentile(percent))),
        duration(one.maxNs),
      ];
    }),
    [1, 2, 3, 4, 5, 6],
  );
}

/** Logins and logouts as the switches told them. */
export function loginTable({ logins, loginsLeftOut }: RunRecord): Markup {
  const rows = logins.map(({ at, fabric, link, event }) => [
    duration(at),
    wordsOf(event),
    fabric,
    html`<span class="mono">${formatWwn(event.wwpn)}</span>`,
    html`<span class="mono">${hex24(event.nPortId)}</span>`,
    html`<span class="mono">${link}</span>`,
  ]);
  return html`${foldedTable(['at', '', 'fabric', 'WWPN', 'N_Port_ID', 'cable'], rows, [0])}${
    loginsLeftOut > 0 ? html`<p class="faint">and ${count(loginsLeftOut)} more</p>` : ''
  }`;
}

function wordsOf(event: LoginRecord['event']): string {
  if (event.type === 'login') return event.by;
  return event.type === 'logout' ? `logout: ${event.reason}` : 'handed over';
}
