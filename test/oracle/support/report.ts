/** What a comparison brought, for people and as JSON. */
import type { FileReport, Mismatch, Tally } from './compare.ts';
import { tsharkFaults } from './tshark-faults.ts';

/** Mismatches printed of each file. */
const SHOWN_MAX = 20;

export interface ReportOptions {
  readonly unmapped: boolean;
  /** Show documented mismatches too. */
  readonly documented: boolean;
}

/** Sums of several files. */
export interface Totals extends Tally {
  files: number;
  frames: number;
  unmapped: number;
  elsewhere: number;
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, one) => total + one, 0);

/** Adds up files. */
export function totalsOf(reports: readonly FileReport[]): Totals {
  const totals: Totals = {
    files: reports.length,
    frames: 0,
    compared: 0,
    mismatched: 0,
    documented: 0,
    unmapped: 0,
    elsewhere: 0,
  };
  for (const { frames, total, unmapped, elsewhere } of reports) {
    totals.frames += frames;
    totals.compared += total.compared;
    totals.mismatched += total.mismatched;
    totals.documented += total.documented;
    totals.unmapped += sum(unmapped);
    totals.elsewhere += sum(elsewhere);
  }
  return totals;
}

/** Adds up counts by name over several files, most frequent first. */
export function mergeCounts(
  reports: readonly FileReport[],
  pick: (report: FileReport) => ReadonlyMap<string, number>,
): [name: string, count: number][] {
  const merged = new Map<string, number>();
  for (const report of reports) {
    for (const [name, count] of pick(report)) merged.set(name, (merged.get(name) ?? 0) + count);
  }
  return [...merged].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

const tallyText = ({ compared, mismatched, documented }: Tally): string =>
  `${String(compared).padStart(8)} agree ${String(mismatched).padStart(5)} mismatched ${String(documented).padStart(5)} documented`;

/** One mismatch in one line. */
export const mismatchText = ({ frame, field, what, theirs, ours, documented }: Mismatch): string =>
  `frame ${frame} ${field} (${what}): tshark ${theirs}, ours ${ours}` +
  (documented === undefined ? '' : ` [${documented}]`);

function fileLines(report: FileReport, options: ReportOptions): string[] {
  const lines = [`${report.file}: ${report.frames} frames, ${tallyText(report.total).trim()}`];
  for (const [protocol, tally] of [...report.protocols].sort(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(`  ${protocol.padEnd(10)} ${tallyText(tally)}`);
  const shown = report.mismatches.filter(
    ({ documented }) => documented === undefined || options.documented,
  );
  for (const one of shown.slice(0, SHOWN_MAX)) lines.push(`  ${mismatchText(one)}`);
  if (shown.length > SHOWN_MAX) lines.push(`  … and ${shown.length - SHOWN_MAX} more`);
  return lines;
}

/** The report a person reads. */
export function reportText(reports: readonly FileReport[], options: ReportOptions): string {
  const lines = reports.flatMap((one) => fileLines(one, options));
  for (const [name, count] of mergeCounts(reports, ({ faults }) => faults)) {
    const reason = tsharkFaults.find((one) => one.name === name)?.reason ?? '';
    lines.push(`documented ${name} (${count}): ${reason}`);
  }
  if (options.unmapped) {
    for (const [name, count] of mergeCounts(reports, ({ unmapped }) => unmapped))
      lines.push(`unmapped ${name} (${count})`);
    for (const [name, count] of mergeCounts(reports, ({ elsewhere }) => elsewhere))
      lines.push(`not in the frame ${name} (${count})`);
  }
  const { files, frames, unmapped, elsewhere, ...tally } = totalsOf(reports);
  lines.push(
    `${files} ${files === 1 ? 'file' : 'files'}, ${frames} frames, ${tallyText(tally).trim()}; ` +
      `${unmapped} unmapped, ${elsewhere} not in the frame`,
  );
  return lines.join('\n');
}

/** The report as one JSON document. */
export function reportJson(reports: readonly FileReport[]): string {
  const files = reports.map(({ file, frames, total, protocols, mismatches, elsewhere }) => ({
    file,
    frames,
    ...total,
    elsewhere: Object.fromEntries(elsewhere),
    protocols: Object.fromEntries(protocols),
    mismatches,
  }));
  return JSON.stringify({
    files,
    total: totalsOf(reports),
    faults: Object.fromEntries(mergeCounts(reports, ({ faults }) => faults)),
    unmapped: Object.fromEntries(mergeCounts(reports, ({ unmapped }) => unmapped)),
  });
}
