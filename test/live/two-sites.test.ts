/**
 * Two `serve` processes with a leg each and a witness, cut from each other while a client at each writes: what both wrote
 * down is judged as one. More of this, and a Linux guest: test/live/guests/alua-sites.test.ts.
 */
import { execFile } from 'node:child_process';
import { afterEach, expect, onTestFailed, test } from 'vitest';
import type { JointVerdict } from '../../src/audit/joint-history.ts';
import { inFull } from '../helpers/in-full.ts';
import { SITES, TwoSites } from './support/two-sites.ts';

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

let two: TwoSites | undefined;
afterEach(async () => {
  await two?.end();
  two?.remove();
  two = undefined;
});

async function started(lies: 'none' | 'both'): Promise<TwoSites> {
  const made = await TwoSites.start(lies);
  two = made;
  onTestFailed(() => {
    process.stderr.write(`${made.logs}\n`);
  });
  made.startClients();
  await made.written(SITES);
  return made;
}

/** The command on the histories of both. */
async function judged(sites: TwoSites): Promise<{ status: number; joint: JointVerdict }> {
  await sites.end();
  const histories = SITES.map((site) => sites.historyOf(site));
  const words = ['--import', 'tsx', 'src/cli/main.ts', 'replay', '--json', '--pair', ...histories];
  return new Promise((resolve) => {
    const done = (error: { code?: unknown } | null, stdout: string): void =>
      resolve({ status: Number(error?.code ?? 0), joint: JSON.parse(stdout) as JointVerdict });
    execFile(process.execPath, words, { maxBuffer: OUTPUT_BYTES_MAX }, done);
  });
}

test.runIf(inFull)('a sound pair that was cut and copied passes', async () => {
  const sites = await started('none');
  sites.witnessFor('west');
  sites.part('cut');
  await sites.stands('west', 'detached');
  await sites.written(['west'], 20);
  sites.heal();
  await sites.inSync();
  await sites.written(SITES);
  await sites.stopClients();
  const { joint, status } = await judged(sites);
  expect(joint).toMatchObject({
    oneClock: true,
    histories: [{ isWhole: true }, { isWhole: true }],
  });
  expect(
    joint.verdict.map(({ invariant, result }) => `${invariant} ${result}`),
    joint.verdict.map(({ detail }) => detail).join('\n'),
  ).toEqual(['I6 holds', 'I36 holds']);
  expect(status).toBe(0);
});

test('a witness that lets both go on is a split brain', async () => {
  const sites = await started('both');
  sites.part('cut');
  for (const site of SITES) await sites.stands(site, 'detached');
  await sites.written(SITES, 10);
  const { joint, status } = await judged(sites);
  expect(joint.verdict[1]).toMatchObject({ result: 'violated', breach: 'a split brain' });
  expect(status).toBe(1);
});
