/** `sanmotion init`: what it writes is a scenario, and one from a capture makes the move that replay names. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { initCommand } from '../../../src/cli/init.ts';
import { moveCommand } from '../../../src/cli/move.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const FIXTURE = 'fixtures/fabric-move-same.pcap';
const folder = testFolder('init');

const init = (options: { from?: string }, path?: string) =>
  said(() => initCommand(path, options, '1.2.3'));

test('a scenario with comments, that names the schema of this version', async () => {
  const { status, stdout } = await init({});
  expect(status).toBe(0);
  expect(stdout.split('\n')[0]).toBe(
    '# yaml-language-server: $schema=https://unpkg.com/sanmotion@1.2.3/scenario.schema.json',
  );
  const scenario = loadScenario(stdout, 'init');
  expect(scenario.move).toMatchObject({ vm: 'vm1', to: 'h2', strategy: 'wwpn-pair' });
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
});

test('to a file; not over one that holds something', async () => {
  const path = folder.path('mine.yaml');
  expect(await init({}, path)).toMatchObject({ status: 0, stdout: '' });
  expect(loadScenario(readFileSync(path, 'utf8'), path).name).toBe('my-move');
  await expect(init({}, path)).rejects.toThrow(/^init \S+mine\.yaml: that file holds something/);
});

test('from a capture: fabric, timers, names, units; its move is the one that replay names', async () => {
  const { stdout } = await init({ from: FIXTURE });
  const scenario = loadScenario(stdout, 'init');
  expect(scenario.fabrics).toMatchObject([
    { name: 'A', vlan: 0, domain: 1, fkaAdvPeriodMs: 8000, eDTovMs: 2000, rATovMs: 10_000 },
  ]);
  expect(scenario.array.luns).toMatchObject([{ name: 'lun0', blocks: 32_768 }]);
  expect(stdout).toContain('# naa.6001405ab00000000000000000000000\n');
  const path = folder.file('captured.yaml', stdout);
  const pcap = folder.path('made.pcapng');
  await said(() => moveCommand(path, { pcap, json: true }));
  const moveIn = async (file: string) => {
    const report = JSON.parse((await said(() => replayCommand([file], { json: true }))).stdout);
    const [{ because, from, kind, to }] = report.moves;
    return { because, kind, from: from.wwpn, to: to.wwpn };
  };
  expect(await moveIn(pcap)).toEqual(await moveIn(FIXTURE));
}, 60_000);
