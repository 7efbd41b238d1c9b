/** `sanmotion campaign --shard` and `merge`: the bytes of one machine; and a budget. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { campaignCommand } from '../../../src/cli/campaign.ts';
import { campaignMergeCommand } from '../../../src/cli/campaign-merge.ts';
import type { CampaignOptions } from '../../../src/cli/campaign-options.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('merge');

function campaign(out: string, options: CampaignOptions, file?: string) {
  const common = { workers: '1', ios: '1', out: folder.path(out), shrink: false, faults: '1' };
  return said(() => campaignCommand(file, { ...common, ...options }, '1.2.3'));
}

const read = (name: string): string => readFileSync(folder.path(name), 'utf8');
const merge = (out: string, ...shares: string[]) =>
  said(() =>
    campaignMergeCommand(
      shares.map((one) => folder.path(one)),
      { out: folder.path(out), shrink: false },
    ),
  );

describe('shares of a campaign', () => {
  const seeds = '1..5';

  test('are put together to what one machine writes, in whatever order they come', async () => {
    await campaign('whole', { seeds });
    for (const n of [1, 2, 3]) await campaign(`s${n}`, { seeds, shard: `${n}/3` });
    expect(JSON.parse(read('s2').split('\n')[1]!)).toMatchObject({ run: 2, seed: 2 });
    const { status, stdout } = await merge('merged', 's3', 's1', 's2');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^5 runs of 3 shares put together in /m);
    expect(read('merged')).toBe(read('whole'));
  }, 120_000);

  test('of which one is missing, or twice there, or of another campaign, or not done', async () => {
    await expect(merge('m2', 's1', 's3')).rejects.toThrow('share 2/3 is missing');
    await expect(merge('m2', 's1')).rejects.toThrow('shares 2 to 3 of 3 are missing');
    await expect(merge('m2', 's1', 's2', 's2', 's3')).rejects.toThrow(/is share 2\/3, as /);
    await campaign('other', { seeds: '1..6', shard: '2/3' });
    await expect(merge('m2', 's1', 'other', 's3')).rejects.toThrow('is of another campaign than');
    folder.file('cut', read('s2').split('\n').slice(0, 2).join('\n').concat('\n'));
    await expect(merge('m2', 's1', 'cut', 's3')).rejects.toThrow(
      /share 2\/3 lacks run 5; go on with it by --resume first$/,
    );
  }, 120_000);

  test.each(['0/3', '4/3', '1', '1/0', 'a/b'])('--shard %s is none', async (shard) => {
    await expect(campaign('none', { shard })).rejects.toThrow(`--shard ${shard}: give I/N`);
  });
});

test('a budget ends a campaign, which then goes on to the same bytes', async () => {
  const first = await campaign('budget', { budget: '0.001s', seeds: '1..3' });
  expect(first.status).toBe(0);
  expect(first.stdout).toMatch(/^the budget is used up: [123] runs are left; .*--resume goes on$/m);
  await campaign('budget', { seeds: '1..3', resume: true });
  await campaign('all', { seeds: '1..3' });
  expect(read('budget')).toBe(read('all'));
  await expect(campaign('none', { budget: '30' })).rejects.toThrow('--budget 30: give a time');
}, 120_000);
