/** What a capture shows of its world: fabrics with their timers, and the ports that logged in. */
import { expect, test } from 'vitest';
import { surveyCapture } from '../../../src/cli/init-survey.ts';

test('timers of advertisement and FLOGI accept, and every login with its ENode', async () => {
  const { fabrics, ports } = await surveyCapture('fixtures/fabric-move-same.pcap');
  expect(fabrics).toEqual([
    { key: '', vlan: 0, fkaAdvPeriodMs: 8000, eDTovMs: 2000, rATovMs: 10_000 },
  ]);
  expect(ports.map(({ by, enode, wwpn }) => [by, enode, wwpn])).toEqual([
    ['FLOGI', '52:54:00:aa:00:01', '20:00:52:54:00:aa:00:01'],
    ['FLOGI', '52:54:00:cc:00:01', '20:00:52:54:00:cc:00:01'],
    ['FDISC', '52:54:00:aa:00:01', '20:01:52:54:00:aa:00:01'],
    ['FDISC', '52:54:00:cc:00:01', '20:01:52:54:00:aa:00:01'],
  ]);
});

test('frames that a snap length cut, and a file that is none', async () => {
  const { fabrics } = await surveyCapture('fixtures/read-3frame-t11.pcap');
  expect(fabrics).toEqual([]);
  await expect(surveyCapture('package.json')).rejects.toThrow(/no pcap or pcapng/);
});
