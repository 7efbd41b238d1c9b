/** The report of a run: what one HTML file shows of it, and loads nothing. */
import type { FrameNote } from '../run/frame-comments.ts';
import type { Headline } from '../run/headline.ts';
import type { RunReport } from '../run/options.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { ladderOf } from './ladder.ts';
import { count, duration, html, Markup } from './markup.ts';
import {
  failureTable,
  figures,
  latencyTable,
  loginTable,
  pathTable,
  remedyOf,
  stepTable,
  verdictTables,
} from './parts.ts';
import type { RunRecord } from './record.ts';
import { STYLE } from './style.ts';
import { timelineOf } from './timeline.ts';
import { drawTopology } from './topology.ts';

/** What a page says beside what the run shows by itself. */
export interface ReportWords {
  /** What shows the same run again. */
  readonly command: string;
  readonly headline: Headline;
  /** What frames mean, by their number. */
  readonly notes?: ReadonlyMap<number, FrameNote>;
}

/** What a page is called. */
export const reportTitle = ({ scenario, seed, strategy }: RunReport): string =>
  `${scenario}, ${strategy}, seed ${seed}`;

/** A page without a script, with a trailing newline. */
export function renderReport(
  scenario: Scenario,
  report: RunReport,
  record: RunRecord,
  words: ReportWords,
): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${reportTitle(report)}</title><style>${new Markup(STYLE)}</style></head><body>
${reportBody(scenario, report, record, words)}
</body></html>
`;
  return page.text;
}

/** What a report says, for the body of a page. */
export function reportBody(
  scenario: Scenario,
  report: RunReport,
  record: RunRecord,
  { command, headline, notes }: ReportWords,
): Markup {
  const violated = report.verdict.filter((one) => one.result === 'violated');
  return html`<h1>${report.scenario}</h1>
<p>${report.strategy}, ${scenario.move.vm} to ${scenario.move.to}, seed ${report.seed}</p>
<p class="headline ${headline.kind === 'moved' ? 'holds' : 'violated'}">${headline.text}</p>
${scenario.description === '' ? '' : html`<p class="faint">${scenario.description}</p>`}
${figures(report)}
${violated.map((one) => html`<h3>${one.invariant}: ${one.sentence}</h3><p class="violated">${one.detail}</p>${remedyOf(one)}${ladderOf(record, one.frames, notes)}`)}
${failureTable(report)}
<h2>Verdict</h2>
${verdictTables(report.verdict)}
<h2>The move over time</h2>
<div class="scroll">${timelineOf(record)}</div>
<h2>Steps</h2>
${stepTable(report)}
<h2>Paths</h2>
<p class="faint">Before the stun, from the stun until the guest runs again, and after that.</p>
${pathTable('path of the I/O', 'I/Os', record.paths)}
${pathTable('cable', 'frames', record.taps)}
<h2>Latency of the guests' I/O</h2>
${latencyTable(record)}
<h2>Topology</h2>
<div class="scroll">${drawTopology(topologyOf(scenario))}</div>
<h2>Logins</h2>
${loginTable(record)}
<h2>Run it again</h2>
<pre>${command}</pre>
<p class="faint">${count(report.frames)} frames in ${duration(report.virtualTimeNs)} of virtual time, digest ${report.digest}</p>`;
}
