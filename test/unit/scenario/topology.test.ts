/** The plain data behind every machine: what a scenario gives, and what the shape has room for. */
import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import {
  cablesAt,
  nodesOf,
  portAt,
  type SwitchNode,
  type Topology,
} from '../../../src/scenario/topology.ts';
import { TEXT, withMove } from '../../helpers/scenario.ts';

const of = (text: string, overrides = {}) => topologyOf(loadScenario(text, 'x.yaml', overrides));

describe('the topology of a scenario', () => {
  const topology = of(TEXT);

  test('is plain data: JSON keeps all of it', () => {
    expect(JSON.parse(JSON.stringify(topology))).toEqual(topology);
  });

  test('says what each node is, and what a switch belongs to', () => {
    expect(
      topology.nodes.map((node) => [node.name, node.kind, 'fabric' in node ? node.fabric : '']),
    ).toEqual([
      ['fcf-A', 'switch', 'A'],
      ['fcf-B', 'switch', 'B'],
      ['h1', 'host', ''],
      ['h2', 'host', ''],
      ['array', 'array', ''],
      ['mover', 'mover', ''],
    ]);
  });

  test('says of each cable what it joins, and the fabric and VLAN it carries', () => {
    expect(topology.cables).toHaveLength(8);
    const link = { rateBitsPerSecond: 10e9, propagationNs: 2000 };
    expect(topology.cables[2]).toEqual({
      name: 'array.2-B',
      kind: 'fcoe',
      fabric: 'B',
      vlan: 1003,
      ends: [
        { node: 'array', port: 2 },
        { node: 'fcf-B', port: 0 },
      ],
      link,
    });
    const used = new Set(
      topology.cables.flatMap((one) => one.ends.map((end) => JSON.stringify(end))),
    );
    expect(used.size).toBe(16);
  });

  test('every port has a fabric; a switch has one for each cable', () => {
    for (const { name, ports } of nodesOf(topology, 'switch')) {
      expect(cablesAt(topology, name)).toHaveLength(ports.length);
    }
    const [host] = nodesOf(topology, 'host');
    expect(host!.ports.map(({ fabric, kind, vlan, wwpn }) => [kind, fabric, vlan, wwpn])).toEqual([
      ['enode', 'A', 1002, '21:00:00:25:b5:00:01:00'],
      ['enode', 'B', 1003, '21:00:00:25:b5:00:01:01'],
    ]);
  });

  test('zones and masks are of names that the machines know', () => {
    const [first] = nodesOf(topology, 'switch');
    expect(first!.options.zoning!.zones).toEqual([
      {
        name: 'vm1',
        members: [
          'c0:50:76:00:00:00:01:00',
          'c0:50:76:00:00:00:01:01',
          '50:06:01:60:00:00:00:01',
          '50:06:01:60:00:00:00:02',
        ],
      },
    ]);
    const [array] = nodesOf(topology, 'array');
    expect(array!.masks.map((one) => one.wwpn)).toEqual(
      topology.guests[0]!.names.map((one) => one.wwpn),
    );
  });

  test('what the file says goes to the machine that it is about', () => {
    const text = TEXT.replace(
      'domain: 1 }',
      'domain: 9, rATovMs: 500, zones: [{ name: z, members: [array, "10:00:00:00:00:00:00:0A"] }] }',
    )
      .replace(
        'array:\n',
        'array:\n  name: disks\n  writeCache: volatile\n  masks: [{ for: "10:00:00:00:00:00:00:0A", luns: { "5": data } }]\n  targetPortGroups: [{ id: 4, ports: [0, 1] }, { id: 5, ports: [2, 3], state: standby }]\n',
      )
      .replace('{ name: h2, ports: [A, B] }', '{ name: h2, ports: [A, B], npiv: false }');
    const { nodes } = of(
      `${text}links: { gbps: 1, delayUs: 3.5 }\ntiming: { lateWriteWaitMs: 7 }\n`,
    );
    const [fcf] = nodesOf({ nodes }, 'switch');
    expect(fcf!.options).toMatchObject({ domain: 9, rATovMs: 500, eDTovMs: 2000 });
    expect(fcf!.options.zoning!.zones[0]!.members.at(-1)).toBe('10:00:00:00:00:00:00:0a');
    const [array] = nodesOf({ nodes }, 'array');
    expect(array!.name).toBe('disks');
    expect(array!.units.map((one) => one.writeCache)).toEqual(['volatile', 'volatile']);
    expect(array!.masks).toEqual([
      { wwpn: '10:00:00:00:00:00:00:0a', luns: [{ lun: 5, unit: 1 }] },
    ]);
    expect(array!.options.targetPortGroups).toMatchObject([
      { id: 4, relativePortIds: [1, 2], state: 0 },
      { id: 5, relativePortIds: [3, 4], state: 2 },
    ]);
    const hosts = nodesOf({ nodes }, 'host');
    expect(hosts.map((one) => one.options.npiv)).toEqual([true, false]);
    expect(hosts[0]!.options.policy.lateWriteWaitNs).toBe(7e6);
  });

  test('a proxy move has the switches give the names that are known', () => {
    const text = withMove('strategy: proxy');
    const [fcf] = nodesOf(of(text), 'switch');
    expect(fcf!.options.virtualWwpns).toEqual([
      { wwpn: 'c0:50:76:00:00:00:01:00', to: '21:02:00:25:00:01:01:00' },
    ]);
  });

  test('a reservation has the second name of each fabric succeed the first', () => {
    const { guests } = of(TEXT, { defences: ['preempt-and-abort'] });
    expect(guests[0]!.reservation).toMatchObject({
      key: '1000',
      successors: [
        ['c0:50:76:00:00:00:01:00', 'c0:50:76:00:00:00:01:01'],
        ['c0:50:76:00:00:00:01:02', 'c0:50:76:00:00:00:01:03'],
      ],
    });
  });
});

test('the shape has room for sites, two switches in a fabric, and cables between them', () => {
  const base = of(TEXT);
  const [first] = nodesOf(base, 'switch');
  const second: SwitchNode = {
    ...first!,
    name: 'fcf-A-2',
    site: 'south',
    ports: [{ kind: 'vf-port', fabric: 'A' }],
  };
  const topology: Topology = {
    ...base,
    sites: [{ name: 'north' }, { name: 'south' }],
    nodes: [
      ...base.nodes,
      second,
      { ...nodesOf(base, 'array')[0]!, name: 'mirror', site: 'south' },
    ],
    cables: [
      ...base.cables,
      {
        name: 'trunk',
        kind: 'fcoe',
        fabric: 'A',
        vlan: 1002,
        ends: [
          { node: 'fcf-A', port: 4 },
          { node: 'fcf-A-2', port: 0 },
        ],
      },
    ],
    moves: [...base.moves, { ...base.moves[0]!, mover: 'mover-2' }],
  };
  expect(JSON.parse(JSON.stringify(topology))).toEqual(topology);
  expect(nodesOf(topology, 'switch').filter((one) => one.fabric === 'A')).toHaveLength(2);
  const [trunk] = cablesAt(topology, 'fcf-A-2');
  expect([portAt(trunk!, 'fcf-A'), portAt(trunk!, 'h1')]).toEqual([4, undefined]);
});
