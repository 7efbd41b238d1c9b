/** `sanmotion quiesce`: the curve of safe waits, and options that are wrong. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/output.ts';
import { type QuiesceOptions, quiesceCommand } from '../../../src/cli/quiesce.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('quiesce');

test('a defence that makes late frames harmless needs no wait; text and drawing say so', async () => {
  const svg = folder.path('deep/curve.svg');
  const options = { with: ['oxid-epochs'], lifetimes: '100', workers: '1', svg };
  const { status, stdout } = await said(() => quiesceCommand(undefined, options));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^s-id-reuse, seed 1: waits that no schedule was found against$/m);
  expect(stdout).toMatch(/^oxid-epochs +100\.000 ms +0 ns +\d+\.\d+ ms +\d+ +nothing breaks$/m);
  expect(stdout).toContain(`drawing   ${svg}`);
  expect(readFileSync(svg, 'utf8')).toContain('<svg');
}, 120_000);

test.each<[QuiesceOptions, string]>([
  [{ with: ['hope'] }, '--with hope: allowed beside the wait are logo-acknowledged'],
  [{ with: ['wait-r-a-tov'] }, '--with wait-r-a-tov: allowed beside the wait'],
  [{ with: [], lifetimes: '0' }, '--lifetimes 0: a whole number from 1'],
  [{ with: [], lifetimes: '100,x' }, '--lifetimes x'],
  [{ with: [], workers: '65' }, '--workers 65: a whole number from 1 to 64'],
  [{ with: [], seed: '-1' }, '--seed -1'],
])('%j is refused', async (options, words) => {
  const refusal = said(() => quiesceCommand(undefined, { workers: '1', ...options }));
  await expect(refusal).rejects.toThrow(words);
  await expect(refusal).rejects.toBeInstanceOf(UsageError);
});
