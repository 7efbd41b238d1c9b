/** `sanmotion trace`: the chain of a block before and after a move, and what is refused. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/output.ts';
import { traceCommand } from '../../../src/cli/trace.ts';
import { said } from '../../helpers/said.ts';

const trace = (block: string, file: string, options = {}) =>
  said(async () => traceCommand(block, file, { at: [], ...options }));

test('a striped volume keeps its chain, and every level says so', async () => {
  const { status, stdout } = await trace('fast:40', 'volumes');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^block 40 of stripe volume fast of sql01$/m);
  expect(stdout).toMatch(/^host +esx-1 +esx-2$/m);
  expect(stdout).toMatch(/^block +LBA 24 of s0 +LBA 24 of s0$/m);
  expect(stdout).toMatch(/^LUN +0, which is s0 +0, which is s0$/m);
  expect(stdout).toMatch(/^I51 holds: \d+ chains/m);
});

test('where stripes have changed places it shows them, in JSON too, with status 1', async () => {
  const { status, stdout } = await trace('sql01/fast:40', 'volumes-by-lun', { json: true });
  expect(status).toBe(1);
  const { moments, verdict } = JSON.parse(stdout) as {
    moments: { host: string; legs: { unit: string; lba: number }[] }[];
    verdict: { result: string };
  };
  expect(moments.map(({ host, legs }) => [host, legs[0]!.unit, legs[0]!.lba])).toEqual([
    ['esx-1', 's0', 24],
    ['esx-2', 's1', 24],
  ]);
  expect(verdict.result).toBe('violated');
});

test('a guest without volumes has logical units; an LBA alone is of the first', async () => {
  const { status, stdout } = await trace('100', 'zoo', { at: ['5', 'stun', 'roll back'] });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^block 100 of logical unit/m);
  expect(stdout).toContain('roll back: never');
  expect(stdout).toContain('I51 is about volumes: no guest here has one');
});

test.each([
  ['x', [], 'block x: an LBA, DISK:LBA or VM/DISK:LBA'],
  [
    'fsat:1',
    [],
    'block fsat:1: sql01 has no disk fsat; there is sql01/fast, sql01/safe, sql01/slim',
  ],
  ['fast:512', [], 'block fast:512: fast has LBA 0 to 511'],
  ['fast:1', ['stunn'], '--at stunn: milliseconds, or one of preflight'],
  ['fast:1', ['-1'], '--at -1: milliseconds'],
])('%s %j is refused', async (block, at, words) => {
  const refusal = trace(block, 'volumes', { at });
  await expect(refusal).rejects.toThrow(words);
  await expect(refusal).rejects.toBeInstanceOf(UsageError);
});

test('of a stretched unit it names both legs, each by its array, with the same data in the end', async () => {
  const { status, stdout } = await trace('40', 'stretched-move');
  expect(status).toBe(0);
  for (const array of ['array', 'mirror'])
    expect(stdout).toMatch(new RegExp(`^leg +${array}, block 40 +${array}, block 40$`, 'm'));
  const data = stdout.match(/^data .*$/gm)!;
  expect(data).toHaveLength(2);
  expect(data[1]).toBe(data[0]);
});
