/** A scenario out of a capture: with little in it, and with all that a move of ours has. */
import { expect, test } from 'vitest';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { readFrames } from '../../../src/capture/index.ts';
import { initCommand } from '../../../src/cli/init.ts';
import { initText, PLAIN_PARTS } from '../../../src/cli/init-text.ts';
import { moveCommand } from '../../../src/cli/move.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('init-from');
const init = (options: { from?: string }) => said(() => initCommand(undefined, options, '1.2.3'));

test('a capture without a login gives a scenario all the same', async () => {
  const { stdout } = await init({ from: 'fixtures/read-3frame-t11.pcap' });
  expect(loadScenario(stdout, 'init').move.vm).toBe('vm1');
  expect(stdout).toContain('no move was seen');
});

test('its own pair of names comes back from the capture of its move', async () => {
  const path = folder.file('pair.yaml', initText(PLAIN_PARTS, '1'));
  const pcap = folder.path('pair.pcapng');
  await said(() => moveCommand(path, { pcap, json: true }));
  const { stdout } = await init({ from: pcap });
  const again = loadScenario(stdout, 'again');
  expect(again.fabrics.map(({ vlan }) => vlan)).toEqual([1002, 1003]);
  expect(again.hosts.slice(0, 2).map(({ ports }) => ports)).toEqual([
    ['A', 'B'],
    ['A', 'B'],
  ]);
  expect(again.vms[0]).toMatchObject({
    wwpns: {
      A: ['c0:50:76:00:00:00:01:00', 'c0:50:76:00:00:00:01:01'],
      B: ['c0:50:76:00:00:00:01:02', 'c0:50:76:00:00:00:01:03'],
    },
  });
  expect(again.move).toMatchObject({ strategy: 'wwpn-pair', to: 'h2' });
  const frames = [];
  for await (const { bytes, index, interfaceName, timeNs } of readFrames(pcap))
    frames.push({ bytes, number: index, tap: interfaceName ?? '', at: Number(timeNs) });
  expect(judgeSeen(frames).moves.map(({ kind }) => kind)).toContain('pair');
}, 60_000);
