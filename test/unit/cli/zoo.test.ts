/** `sanmotion zoo`: its table, and that the words it gives make the same run again. */
import { expect, test } from 'vitest';
import { moveCommand } from '../../../src/cli/move.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { zooCommand } from '../../../src/cli/zoo.ts';
import { testFolder } from '../../helpers/folder.ts';
import { inFull } from '../../helpers/in-full.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('zoo');

interface Cell {
  readonly cell: { readonly profile: string; readonly drain?: string };
  readonly breaks: readonly { readonly invariant: string; readonly late: string }[];
  readonly runs: readonly { readonly late?: string; readonly digest: string }[];
  readonly replay: string;
}

test('every cell can be run again by its words', async () => {
  const zoo = await said(() => zooCommand(undefined, { profile: 'npv', json: true }));
  const cells = JSON.parse(zoo.stdout) as Cell[];
  expect(cells).toHaveLength(1);
  const [plain] = cells;
  // Its persistent FC IDs are used again at once.
  expect(plain!.breaks).toEqual([{ invariant: 'I13', late: '' }]);
  expect(zoo.status).toBe(1);
  expect(plain!.replay).toBe('sanmotion move zoo --seed 1 --profile npv');
  const pcap = folder.path('move.pcapng');
  const move = await said(() =>
    moveCommand('scenarios/zoo.yaml', {
      seed: '1',
      profile: 'npv',
      late: 'commands',
      json: true,
      pcap,
    }),
  );
  const digest = plain!.runs.find((one) => one.late === 'commands')!.digest;
  expect((JSON.parse(move.stdout) as { digest: string }).digest).toBe(digest);
  expect(move.status).toBe(1);
}, 120_000);

test('a profile that is meant to be safe, and is, gives status 0 and a line', async () => {
  const { status, stdout } = await said(() => zooCommand(undefined, { profile: 'safe-pair' }));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^safe-pair +wait +logo-acknowledged +\d+\.\d+ ms +\d+ +-$/m);
  expect(stdout).toMatch(/1 way to move, 6 runs: 1 safe, 0 unsafe/);
}, 120_000);

test.skipIf(!inFull)(
  'the number of workers changes nothing',
  async () => {
    const texts: string[] = [];
    for (const workers of ['1', '3']) {
      const { stdout } = await said(() => zooCommand(undefined, { profile: 'npv', workers }));
      texts.push(stdout);
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain('one of them again: sanmotion move zoo --seed 1');
  },
  120_000,
);

test('a profile that does not exist is named with those that do', async () => {
  const refusal = zooCommand(undefined, { profile: 'xen' });
  await expect(refusal).rejects.toThrow(UsageError);
  await expect(refusal).rejects.toThrow(/allowed are powervm, hyper-v,/);
});

test('a way of a LAN can be run again by its words', async () => {
  const options = { strategy: 'handoff', lan: 'vdp', order: 'together', announcement: 'RARP' };
  const { status, stdout } = await said(() => moveCommand('zoo-lan', { ...options, json: true }));
  expect(status).toBe(0);
  const { lan } = JSON.parse(stdout) as { lan: { apartNs: number; toGuest: { lost: number } } };
  expect(lan.toGuest.lost).toBeLessThan(50);
  expect(lan.apartNs).toBeLessThan(50_000_000);
  await expect(zooCommand(undefined, { lan: true, protocols: true })).rejects.toThrow(/two tables/);
  await expect(zooCommand(undefined, { lan: true, full: true })).rejects.toThrow(
    /leave it out with --lan/,
  );
}, 120_000);
