/** What Prometheus's own checker says of our metrics. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../helpers/live-bench.ts';
import { Managed } from '../helpers/managed.ts';
import { missing } from './support/debian.ts';

const PROMTOOL = '/usr/bin/promtool';
const without = missing(['prometheus', 'curl'], [PROMTOOL, '/usr/bin/curl']);

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const check = (text: string) =>
  spawnSync(PROMTOOL, ['check', 'metrics'], { input: text, encoding: 'utf8' });

test.skipIf(without !== undefined)('curl … /metrics | promtool check metrics', async () => {
  const { san } = await Managed.open(bench, { listen: [`unix:${bench.socket}`] });
  expect(await (await bench.host()).work(0xc050_7600_0000_0100n, 20)).toEqual([]);
  await san.ask({
    command: 'fault',
    action: 'add',
    kind: 'drop',
    name: 'a "quoted\\ name',
    frames: 'els',
  });
  const url = `http://${san.management.metrics}/metrics`;
  const { stdout } = await promisify(execFile)('/usr/bin/curl', ['-sS', '--noproxy', '*', url]);
  expect(stdout).toContain('sanmotion_link_frames_total');
  expect(stdout).toContain('rule="a \\"quoted\\\\ name"');
  const { status, stderr } = check(stdout);
  expect([stderr, status]).toEqual(['', 0]);
  // It would say so if something were wrong.
  expect(check(`${stdout}# TYPE sanmotion_defects_total gauge\n`).status).not.toBe(0);
});
