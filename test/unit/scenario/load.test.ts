import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { complaint, TEXT } from '../../helpers/scenario.ts';

describe('loadScenario', () => {
  test('fills in what a file leaves open', () => {
    const scenario = loadScenario(TEXT, 'two-host-move.yaml');
    expect(scenario.fabrics.map((one) => one.rATovMs)).toEqual([10_000, 10_000]);
    expect(scenario.move).toMatchObject({
      vm: 'vm1',
      to: 'h2',
      strategy: 'wwpn-pair',
      drain: 'wait',
    });
    expect(scenario.timing.guestTimeoutMs).toBe(60_000);
  });

  test('options of the command line win', () => {
    const scenario = loadScenario(TEXT, 'x.yaml', {
      seed: 9,
      strategy: 'same-wwpn',
      drain: 'abort',
    });
    expect([scenario.seed, scenario.move.strategy, scenario.move.drain]).toEqual([
      9,
      'same-wwpn',
      'abort',
    ]);
  });

  test('an unknown strategy is named with what is allowed', () => {
    const { message, at } = complaint(TEXT.replace('strategy: wwpn-pair', 'strategy: teleport'));
    expect(message).toMatch(
      /^x\.yaml:\d+:\d+: move\.strategy is "teleport"; allowed: wwpn-pair, same-wwpn, proxy, cold, handoff, other-isid, same-isid, random-isid, in-guest$/,
    );
    expect(at).toMatch(/^teleport/);
  });

  test.each([
    ['an unknown key', TEXT.replace('queueDepth: 8', 'queDepth: 8'), /has no queDepth/, /^8/],
    [
      'a wrong type',
      TEXT.replace('vlan: 1002', 'vlan: many'),
      /vlan is "many"; needs a number from 0 to 4094/,
      /^many/,
    ],
    [
      'a number out of range',
      TEXT.replace('vlan: 1002', 'vlan: 5000'),
      /is 5000; the most is 4094/,
      /^5000/,
    ],
    ['a missing part', TEXT.replace(/array:[\s\S]*?vms:/, 'vms:'), /array is missing/, /^name/],
    [
      'a host that is not there',
      TEXT.replace('to: h2', 'to: h9'),
      /there is no host h9; there is h1, h2/,
      /^h9/,
    ],
    ['a move to the same host', TEXT.replace('to: h2', 'to: h1'), /vm1 is on h1 already/, /^h1/],
    [
      'a fabric that is not there',
      TEXT.replace('ports: [A, A, B, B]', 'ports: [A, A, C, B]'),
      /there is no fabric C/,
      /^C/,
    ],
    [
      'a range beyond the disk',
      TEXT.replace('rangeBlocks: 1024', 'rangeBlocks: 9999'),
      /rangeBlocks is 9999, but/,
      /^9999/,
    ],
    [
      'two hosts of one name',
      TEXT.replace('name: h2', 'name: h1'),
      /the name h1 is there twice/,
      /^h1/,
    ],
    [
      'a pair without a second WWPN',
      TEXT.replace(
        'host: h1\n',
        'host: h1\n    wwpns: { A: ["c0:50:76:00:00:00:01:00"], B: ["c0:50:76:00:00:00:01:02"] }\n',
      ),
      /strategy wwpn-pair needs a second WWPN for vm1 on fabric A/,
      /^\["c0/,
    ],
    [
      'a zone that names nobody',
      TEXT.replace('domain: 1 }', 'domain: 1, zones: [{ name: z, members: [array, ghost] }] }'),
      /ghost names nobody/,
      /^ghost/,
    ],
    ['no YAML', 'name: [1, 2', /not YAML/, /^/],
    ['nothing', '', /a scenario is a mapping/, /^/],
  ])('%s is refused with its place', (_what, text, message, at) => {
    const found = complaint(text);
    expect(found.message).toMatch(message);
    expect(found.message).toMatch(/^x\.yaml:\d+:\d+: /);
    expect(found.message).not.toContain('\n');
    expect(found.at).toMatch(at);
  });
});
