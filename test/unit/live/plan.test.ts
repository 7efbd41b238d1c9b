/** A server without a scenario. */

import { describe, expect, test } from 'vitest';
import { ListenError, parseListenAddress } from '../../../src/live/listen-address.ts';
import { arrayOf, defaultPlan, ownersOf } from '../../../src/live/plan.ts';
import { streams } from '../../../src/machine/random.ts';
import { buildArray } from '../../../src/scenario/build-array.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';

const random = () => streams(1).stream('any');
const LISTEN = ['east=unix:a.sock', 'west=unix:b.sock', 'east=unix:c.sock'].map(parseListenAddress);
const LUNS = [
  { kind: 'memory', bytes: 8192 },
  { kind: 'file', path: 'd.img', bytes: undefined },
] as const;

describe('the plan without a scenario', () => {
  const plan = defaultPlan({ listen: LISTEN, luns: LUNS, vlan: 7 });

  test('has a switch and a target port for each fabric that is named, once', () => {
    expect(nodesOf(plan.topology, 'switch').map((one) => one.fabric)).toEqual(['east', 'west']);
    expect(arrayOf(plan).ports.map((one) => one.fabric)).toEqual(['east', 'west']);
    expect(plan.topology.cables.map(({ ends, vlan }) => [vlan, ...ends])).toEqual([
      [7, { node: 'array', port: 0 }, { node: 'fcf-east', port: 0 }],
      [7, { node: 'array', port: 1 }, { node: 'fcf-west', port: 0 }],
    ]);
    expect(ownersOf(plan).get(0x5006_0160_0000_0002n)).toBe('array port 1');
  });

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(plan.topology))).toEqual(plan.topology);
  });

  test('gives an array that shows everybody all', () => {
    const stores = [new MemoryMedium(16), new MemoryMedium(16)];
    const array = buildArray(arrayOf(plan), stores, random());
    expect([...array.device.masks.defaultView.keys()]).toEqual([0, 1]);
  });

  test('has one fabric where none is named, untagged', () => {
    const one = defaultPlan({ listen: [parseListenAddress('unix:a.sock')], luns: [] });
    expect(one.topology.fabrics).toEqual([{ name: 'A', vlan: 0 }]);
    expect(arrayOf(one).ports[0]).toMatchObject({ vlanDiscovery: false });
    expect(one.units).toEqual([{ name: 'lun0', source: { kind: 'memory', bytes: 67_108_864 } }]);
  });

  test('needs somewhere to listen', () => {
    expect(() => defaultPlan({ listen: [], luns: [] })).toThrow(ListenError);
  });
});
