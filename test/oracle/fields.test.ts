/**
 * The field oracle: every field that tshark 4.0.17 and we both name, in value and in position,
 * over all captures at hand.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCapture, type FileReport } from './support/compare.ts';
import { mergeCounts, mismatchText, totalsOf } from './support/report.ts';
import { tsharkVersion } from './support/tshark.ts';

const FIXTURES = 'fixtures';
const SHARED = '../shared/captures';
const MISMATCHES_SHOWN_MAX = 10;

/** Fields that agreed when this was written, rounded down: fewer mean that coverage was lost. */
const COMPARED_AT_LEAST = { fixtures: 194_000, shared: 328_000 } as const;

const hasTshark = tsharkVersion() !== undefined;
if (!hasTshark) console.warn('skipped: tshark is not installed');
const hasShared = existsSync(SHARED);
if (!hasShared) console.warn(`skipped: ${SHARED} is absent`);

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

/** Checks that all agree, and says how much was compared. */
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
  expect(undocumented.length).toBe(0);
  expect(compared).toBeGreaterThanOrEqual(COMPARED_AT_LEAST[what]);
}

describe.skipIf(!hasTshark)('fields agree with tshark', () => {
  it('in the fixtures', async () => {
    const reports = await compareAll(capturesIn(FIXTURES));
    expectAgreement('fixtures', reports);
    const unmapped = mergeCounts(reports, (one) => one.unmapped);
    expect(unmapped).toEqual([]);
  });

  it.skipIf(!hasShared)('in captures of real systems', async () => {
    const reports = await compareAll(capturesIn(SHARED));
    expectAgreement('shared', reports);
    const unmapped = mergeCounts(reports, (one) => one.unmapped);
    expect(unmapped).toEqual([]);
  });
});
