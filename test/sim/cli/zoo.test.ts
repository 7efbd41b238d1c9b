/** `sanmotion zoo`: its table, and that the words it gives make the same run again. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { moveCommand } from '../../../src/cli/move.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { zooCommand } from '../../../src/cli/zoo.ts';

afterEach(() => vi.restoreAllMocks());

/** Exit status, and what the command said. */
async function said(command: () => number | Promise<number>) {
  const parts: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    parts.push(String(text));
    return true;
  });
  const status = await command();
  spy.mockRestore();
  return { status, text: parts.join('') };
}

interface Cell {
  readonly cell: { readonly profile: string; readonly drain?: string };
  readonly breaks: readonly { readonly invariant: string; readonly late: string }[];
  readonly runs: readonly { readonly late?: string; readonly digest: string }[];
  readonly replay: string;
}

test('every cell can be run again by its words', async () => {
  const zoo = await said(() => zooCommand(undefined, { profile: 'npv', json: true }));
  const cells = JSON.parse(zoo.text) as Cell[];
  expect(cells).toHaveLength(1);
  const [plain] = cells;
  // Its persistent FC IDs are used again at once.
  expect(plain!.breaks).toEqual([{ invariant: 'I13', late: '' }]);
  expect(plain!.replay).toBe('sanmotion move scenarios/zoo.yaml --seed 1 --profile npv');
  const pcap = join(mkdtempSync(join(tmpdir(), 'zoo-')), 'move.pcapng');
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
  expect((JSON.parse(move.text) as { digest: string }).digest).toBe(digest);
  expect(move.status).toBe(1);
});

test('a profile that is meant to be safe, and is, gives status 0 and a line', async () => {
  const { status, text } = await said(() => zooCommand(undefined, { profile: 'safe-pair' }));
  expect(status).toBe(0);
  expect(text).toMatch(
    /^safe-pair +wait +logo-acknowledged +\d+\.\d+ ms +\d+ +- +--profile safe-pair$/m,
  );
  expect(text).toMatch(/1 ways to move, 6 runs: 1 safe, 0 unsafe/);
});

test('a profile that does not exist is named with those that do', () => {
  expect(() => zooCommand(undefined, { profile: 'xen' })).toThrow(UsageError);
  expect(() => zooCommand(undefined, { profile: 'xen' })).toThrow(/allowed are powervm, hyper-v,/);
});
