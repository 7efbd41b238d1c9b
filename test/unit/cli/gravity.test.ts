/** `sanmotion gravity`: its table, its JSON, its drawing, and what is refused. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type GravityOptions, gravityCommand } from '../../../src/cli/gravity.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('gravity');
const gravity = (options: GravityOptions) => said(async () => gravityCommand('zoo', options));

test('policies side by side, with a drawing', async () => {
  const svg = folder.path('deep/gravity.svg');
  const policies = 'leave,mirror-move,cache-back-carried';
  const { status, stdout } = await gravity({ rtt: '4', dirty: '10', policies, svg });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ {2}leave the data +4\.\d\d +4\.\d\d +[+-]\d\.\d % +8\.\d\d +8\.\d\d /m);
  expect(stdout).toMatch(/^ {2}cache, write-back, carried .* 0\.10 +0\.10 .* holds$/m);
  // What brings the disk over, by formula and by run.
  expect(stdout).toMatch(/^mirror-move +4 +10 +0\.\d+ +0\.\d+ +[+-]?\d\.\d % +0\.00 +0\.00 /m);
  expect(readFileSync(svg, 'utf8')).toContain('cache-back-carried');
}, 120_000);

test.each<[GravityOptions, string]>([
  [{ rtt: 'x' }, '--rtt x: numbers from 0.1 to 1000'],
  [{ rtt: '1,,2' }, '--rtt 1,,2'],
  [{ dirty: '-1' }, '--dirty -1: numbers from 0'],
  [{ rtt: Array.from({ length: 17 }, (_, i) => i + 1).join() }, '--rtt: 16 values at most'],
  [{ routed: '50' }, '--routed: fcoe is not routed'],
  [{ routed: '50,100', protocol: 'iscsi' }, '--routed 50,100: microseconds of a hop from 0'],
  [{ policies: 'leave,go' }, '--policies go: allowed are leave, mirror-move'],
  [
    { policies: 'leave,stretched', protocol: 'nfs' },
    '--policies stretched: over nfs a disk is at one',
  ],
])('%j is refused', async (options, words) => {
  const refusal = gravity(options);
  await expect(refusal).rejects.toThrow(words);
  await expect(refusal).rejects.toBeInstanceOf(UsageError);
});
