/**
 * The field oracle: every field that tshark 4.0.17 and we both name, in value and in position,
 * over all captures at hand and over frames that our own encoders make.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFull } from '../helpers/in-full.ts';
import { compareCapture, type FileReport } from './support/compare.ts';
import { compareGenerated } from './support/generated.ts';
import { mergeCounts, mismatchText, totalsOf } from './support/report.ts';
import { tsharkVersion } from './support/tshark.ts';
import { tsharkFaults } from './support/tshark-faults.ts';

const FIXTURES = 'fixtures';
const SHARED = '../shared/captures';
/** Between them they show every fault of tshark that is known. */
const SEEDS = [1, 9] as const;
const MISMATCHES_SHOWN_MAX = 10;

/** Fields that agreed when this was written, rounded down: fewer mean that coverage was lost. */
const COMPARED_AT_LEAST = { fixtures: 260_000, shared: 432_000, generated: 300_000 } as const;

const hasTshark = tsharkVersion() !== undefined;
if (!hasTshark) console.warn('skipped: tshark is not installed');
const hasShared = existsSync(SHARED);
if (!hasShared) console.warn(`skipped: ${SHARED} is absent`);

/** Captures that show faults of tshark that frames of our own encoders do not. */
const SHOWING_FAULTS = [
  'wireshark-gaps.pcap',
  'field/15-scsi-short-answers.pcap',
  'field/17-fip-odd.pcap',
  'field/28-fcp-variety.pcap',
  'iscsi/late-data-out-two-sessions-tgt.pcap',
];

const capturesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => join(folder, name))
    .sort();

async function compareAll(paths: readonly string[]): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const path of paths) reports.push(await compareCapture(path));
  return reports;
}

/** Checks that all fields agree and none is left out, and says how much was compared. */
function expectAgreement(what: keyof typeof COMPARED_AT_LEAST, reports: readonly FileReport[]) {
  const { files, frames, compared, documented } = totalsOf(reports);
  const undocumented = reports.flatMap(({ file, mismatches }) =>
    mismatches
      .filter((one) => one.documented === undefined)
      .map((one) => `${file}: ${mismatchText(one)}`),
  );
  console.log(
    `${what}: ${files} files, ${frames} frames, ${compared} fields agree, ` +
      `${documented} differ where tshark is known to be wrong, ${undocumented.length} mismatched`,
  );
  expect(undocumented.slice(0, MISMATCHES_SHOWN_MAX)).toEqual([]);
  expect(mergeCounts(reports, (one) => one.unmapped)).toEqual([]);
  expect(mergeCounts(reports, (one) => one.elsewhere)).toEqual([]);
  expect(compared).toBeGreaterThanOrEqual(COMPARED_AT_LEAST[what]);
}

/** Of 1,000 fields compared, this many may be explained by faults of tshark. */
const DOCUMENTED_PER_MILLE_MAX = 8;

describe.skipIf(!hasTshark)('fields agree with tshark', () => {
  it('in the fixtures', async () => {
    expectAgreement('fixtures', await compareAll(capturesIn(FIXTURES)));
  });

  it.skipIf(!hasShared || !inFull)('in captures of real systems', async () => {
    expectAgreement('shared', await compareAll(capturesIn(SHARED)));
  });

  it.skipIf(!inFull)(
    'in frames made by our encoders; every known fault of tshark shows, and explains little',
    async () => {
      const reports: FileReport[] = [];
      for (const seed of SEEDS) reports.push(await compareGenerated({ seed }));
      expectAgreement('generated', reports);
      reports.push(...(await compareAll(SHOWING_FAULTS.map((name) => join(FIXTURES, name)))));
      const seen = new Set(mergeCounts(reports, ({ faults }) => faults).map(([name]) => name));
      expect(tsharkFaults.filter(({ name }) => !seen.has(name)).map(({ name }) => name)).toEqual(
        [],
      );
      const { compared, documented } = totalsOf(reports);
      expect((documented / compared) * 1000).toBeLessThan(DOCUMENTED_PER_MILLE_MAX);
    },
  );
});
