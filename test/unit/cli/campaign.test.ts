/** `sanmotion campaign` as a person uses it: results, going on with them, replay, wrong options. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { campaignCommand } from '../../../src/cli/campaign.ts';
import type { CampaignOptions } from '../../../src/cli/campaign-options.ts';
import { UsageError } from '../../../src/cli/output.ts';

let folder = '';
let printed = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-campaign-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const results = (): string => join(folder, 'r.jsonl');

function campaign(options: CampaignOptions): Promise<number> {
  const common = { workers: '1', ios: '1', out: results(), shrink: false };
  return campaignCommand(undefined, { ...common, ...options }, '1.2.3');
}

test('an interrupted campaign goes on where it stopped, to the same bytes', async () => {
  const options = { seeds: '1..4', faults: '1' };
  expect(await campaign(options)).toBe(0);
  expect(printed).toMatch(/4 runs on 1 worker in .*: no violation/);
  const whole = readFileSync(results(), 'utf8');
  const lines = whole.trimEnd().split('\n');
  expect(lines.length).toBe(5);
  expect(JSON.parse(lines[0]!)).toMatchObject({ sanmotion: '1.2.3', iosPerStep: 1 });
  expect(lines.slice(1).map((line) => JSON.parse(line).run)).toEqual([1, 2, 3, 4]);

  // Two runs are done and the third was being written.
  writeFileSync(results(), `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 40)}`);
  expect(await campaign({ ...options, resume: true })).toBe(0);
  expect(readFileSync(results(), 'utf8')).toBe(whole);

  await expect(campaign({ ...options, seeds: '1..5', resume: true })).rejects.toThrow(
    'they are of another campaign',
  );
});

describe('is refused in one line', () => {
  test.each<[CampaignOptions, string]>([
    [{ seeds: '5..1' }, '--seeds 5..1: give A..B'],
    [{ seeds: 'x' }, '--seeds x'],
    [{ workers: '0' }, '--workers 0: a whole number from 1'],
    [{ faults: '99' }, '--faults 99'],
    [{ exhaustive: true, pairs: '3' }, '--exhaustive and --pairs exclude each other'],
    [{ exhaustive: true, faults: '3' }, '--faults is for random faults'],
  ])('%j', async (options, words) => {
    const refusal = campaign(options);
    await expect(refusal).rejects.toThrow(words);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
  });
});
