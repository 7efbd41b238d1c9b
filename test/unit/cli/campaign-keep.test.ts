/** `sanmotion campaign keep`: failing runs with their commit, made again, and dropped when they are mended. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { campaignCommand } from '../../../src/cli/campaign.ts';
import { campaignKeepCommand } from '../../../src/cli/campaign-keep.ts';
import type { CampaignOptions } from '../../../src/cli/campaign-options.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('keep');

function campaign(out: string, options: CampaignOptions, file?: string) {
  const common = { workers: '1', out: folder.path(out), shrink: false, faults: '1' };
  return said(() => campaignCommand(file, { ...common, ...options }, '1.2.3'));
}

const read = (name: string): string => readFileSync(folder.path(name), 'utf8');

test('failing runs are kept with their commit, made again, and dropped when they are mended', async () => {
  const bad = folder.path('bad');
  await campaign('bad', { seeds: '1', ios: '4' }, 's-id-reuse');
  const [header, made] = read('bad').split('\n');
  // This scenario breaks I13 without any fault; nothing breaks I6 there any more.
  const line = { ...JSON.parse(made!), faults: [], frames: 9 };
  const lines = [
    { ...line, seed: 212, violated: [{ invariant: 'I13', detail: 'x' }] },
    { ...line, seed: 5, violated: [{ invariant: 'I6', detail: 'mended' }] },
  ];
  folder.file('bad', [header, ...lines.map((one) => JSON.stringify(one)), ''].join('\n'));
  const store = folder.path('seeds.jsonl');
  const keep = (...files: string[]) =>
    said(() => campaignKeepCommand(files, { store, commit: 'c0ffee' }, '1'));
  const first = await keep(bad);
  expect(first.status).toBe(1);
  expect(first.stdout).toMatch(/^new +I13 +c0ffee +212 +0 +s-id-reuse +x$/m);
  expect(first.stdout).toContain('again: sanmotion campaign s-id-reuse --replay ');
  const again = await keep();
  expect(again.status).toBe(1);
  expect(again.stdout).toMatch(/^fails +I13 /m);
  expect(again.stdout).toMatch(/^mended +I6 /m);
  const kept = read('seeds.jsonl').trim().split('\n');
  expect(kept).toHaveLength(1);
  expect(JSON.parse(kept[0]!)).toMatchObject({ commit: 'c0ffee', seed: 212, invariant: 'I13' });
  await expect(
    said(() => campaignKeepCommand([], { store: folder.path('none') }, '1')),
  ).rejects.toThrow(/nothing is kept in .*none yet/);
}, 60_000);
