/**
 * The report of a run: one HTML file that holds everything it shows and loads nothing.
 */
import { explanationOf } from '../audit/explanations.ts';
import type { Verdict } from '../audit/verdict.ts';
import { formatWwn } from '../codecs/layout/index.ts';
import { unitText } from '../history/index.ts';
import type { FrameNote } from '../run/frame-comments.ts';
import type { Headline } from '../run/headline.ts';
import type { RunReport } from '../run/options.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { ladderOf } from './ladder.ts';
import { count, duration, html, Markup, tableOf } from './markup.ts';
import { hex24, type LoginRecord, type PathRecord, type RunRecord, STAGES } from './record.ts';
import { STYLE } from './style.ts';
import { timelineOf } from './timeline.ts';
import { drawTopology } from './topology.ts';

/** A result in words for people. */
const RESULTS = {
  holds: 'holds',
  violated: 'violated',
  'not-observable': 'not observable',
} as const;

/** What a page says beside what the run shows by itself. */
export interface ReportWords {
  /** What shows the same run again. */
  readonly command: string;
  readonly headline: Headline;
  /** What frames mean, by their number. */
  readonly notes?: ReadonlyMap<number, FrameNote>;
}

/** The page, with a trailing newline. */
export function renderReport(
  scenario: Scenario,
  report: RunReport,
  record: RunRecord,
  { command, headline, notes }: ReportWords,
): string {
  const title = `${report.scenario}, ${report.strategy}, seed ${report.seed}`;
  const violated = report.verdict.filter((one) => one.result === 'violated');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Markup(STYLE)}</style></head><body>
<h1>${report.scenario}</h1>
<p>${report.strategy}, ${scenario.move.vm} to ${scenario.move.to}, seed ${report.seed}</p>
<p class="headline ${headline.kind === 'moved' ? 'holds' : 'violated'}">${headline.text}</p>
${scenario.description === '' ? '' : html`<p class="faint">${scenario.description}</p>`}
${figures(report, violated.length)}
${violated.map((one) => html`<h3>${one.invariant}: ${one.sentence}</h3><p class="violated">${one.detail}</p>${remedyOf(one)}${ladderOf(record, one.frames, notes)}`)}
${failureTable(report)}
<h2>Verdict</h2>
${verdictTables(report.verdict)}
<h2>The move over time</h2>
${timelineOf(record)}
<h2>Steps</h2>
${stepTable(report)}
<h2>Paths</h2>
<p class="faint">Before the stun, from the stun until the guest runs again, and after that.</p>
${pathTable('path of the I/O', 'I/Os', record.paths)}
${pathTable('cable', 'frames', record.taps)}
<h2>Latency of the guests' I/O</h2>
${latencyTable(record)}
<h2>Topology</h2>
${drawTopology(topologyOf(scenario))}
<h2>Logins</h2>
${loginTable(record)}
<h2>Run it again</h2>
<pre>${command}</pre>
<p class="faint">${count(report.frames)} frames in ${duration(report.virtualTimeNs)} of virtual time, digest ${report.digest}</p>
</body></html>
`;
  return page.text;
}

/** What to do about a violation. */
function remedyOf({ invariant }: Verdict): Markup | '' {
  const remedy = explanationOf(invariant)?.remedy;
  return remedy === undefined ? '' : html`<p class="faint">${remedy}</p>`;
}

function failureTable({ failures, timeline, units }: RunReport): Markup | '' {
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

function figures(report: RunReport, violated: number): Markup {
  const { io, verdict } = report;
  const holding = verdict.filter((one) => one.result === 'holds').length;
  const unseen = verdict.length - holding - violated;
  // No I/O on the new ports has ended well.
  const isBlackoutOpen = report.blackoutNs === 0 && report.result.outcome === 'moved';
  const one = (value: string, name: string, kind = ''): Markup =>
    html`<div class="figure"><b class="${kind}">${value}</b><span>${name}</span></div>`;
  return html`<div class="figures">${[
    one(String(violated), 'invariants violated', violated === 0 ? 'holds' : 'violated'),
    one(String(holding), 'invariants hold'),
    one(String(unseen), 'not observable'),
    one(isBlackoutOpen ? 'not over' : duration(report.blackoutNs), 'blackout'),
    one(count(io.submitted), 'I/Os submitted'),
    one(count(io.completed), 'completed'),
    one(count(io.requeued), 'sent again'),
    one(count(io.failed), 'failed', io.failed === 0 ? '' : 'violated'),
    one(count(io.dropped), 'dropped', io.dropped === 0 ? 'holds' : 'violated'),
  ]}</div>`;
}

/** What is violated is open to see, and what was suffered by somebody else's doing; the rest is folded. */
function verdictTables(verdict: readonly Verdict[]): Markup {
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

/** The steps; of several moves, each with whose it is. */
function stepTable({ moves, timeline }: RunReport): Markup {
  const start = timeline[0]?.atNs ?? 0;
  const whose = (words: string): string[] => (moves.length > 1 ? [words] : []);
  return tableOf(
    ['at', 'took', ...whose('guest'), 'step', 'frames', 'I/Os done', ''],
    timeline.map((one) => [
      `+${duration(one.atNs - start)}`,
      duration(one.durationNs),
      ...whose(one.vm),
      one.phase,
      count(one.frames),
      count(one.completed),
      one.detail,
    ]),
    moves.length > 1 ? [0, 1, 4, 5] : [0, 1, 3, 4],
  );
}

function pathTable(name: string, what: string, paths: ReadonlyMap<string, PathRecord>): Markup {
  return tableOf(
    [name, ...STAGES.map((stage) => `${what} ${stage}`)],
    [...paths.values()].map((path) => [
      html`<span class="mono">${path.name}</span>`,
      ...STAGES.map((stage) => count(path.counts[stage])),
    ]),
    [1, 2, 3],
  );
}

function latencyTable({ latency }: RunRecord): Markup {
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

function loginTable({ logins, loginsLeftOut }: RunRecord): Markup {
  const rows = logins.map(({ at, fabric, link, event }) => [
    duration(at),
    wordsOf(event),
    fabric,
    html`<span class="mono">${formatWwn(event.wwpn)}</span>`,
    html`<span class="mono">${hex24(event.nPortId)}</span>`,
    html`<span class="mono">${link}</span>`,
  ]);
  return html`${tableOf(['at', '', 'fabric', 'WWPN', 'N_Port_ID', 'cable'], rows, [0])}${
    loginsLeftOut > 0 ? html`<p class="faint">and ${count(loginsLeftOut)} more</p>` : ''
  }`;
}

function wordsOf(event: LoginRecord['event']): string {
  if (event.type === 'login') return event.by;
  return event.type === 'logout' ? `logout: ${event.reason}` : 'handed over';
}
