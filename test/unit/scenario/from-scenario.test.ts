/** What a scenario gives: nodes, cables and guests as plain data. */
import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { cablesAt, type EnodePortPlan, nodesOf } from '../../../src/scenario/topology.ts';
import { TEXT } from '../../helpers/scenario.ts';

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
    const ports = host!.ports as EnodePortPlan[];
    expect(ports.map(({ fabric, kind, vlan, wwpn }) => [kind, fabric, vlan, wwpn])).toEqual([
      ['enode', 'A', 1002, '21:00:00:25:b5:00:01:00'],
      ['enode', 'B', 1003, '21:00:00:25:b5:00:01:01'],
    ]);
  });

  test('a reservation has either name of each fabric succeed the other', () => {
    const { guests } = of(TEXT, { defences: ['preempt-and-abort'] });
    expect(guests[0]!.reservation).toMatchObject({
      key: '1000',
      successors: [
        ['c0:50:76:00:00:00:01:00', 'c0:50:76:00:00:00:01:01'],
        ['c0:50:76:00:00:00:01:01', 'c0:50:76:00:00:00:01:00'],
        ['c0:50:76:00:00:00:01:02', 'c0:50:76:00:00:00:01:03'],
        ['c0:50:76:00:00:00:01:03', 'c0:50:76:00:00:00:01:02'],
      ],
    });
  });

  test('what the file says of a host and of links goes to them', () => {
    const text = TEXT.replace(
      '{ name: h2, ports: [A, B] }',
      '{ name: h2, ports: [A, B], npiv: false }',
    );
    const { cables, nodes } = of(
      `${text}links: { gbps: 1, delayUs: 3.5 }\ntiming: { lateWriteWaitMs: 7 }\n`,
    );
    const hosts = nodesOf({ nodes }, 'host');
    expect(hosts.map((one) => one.options.npiv)).toEqual([true, false]);
    expect(hosts[0]!.options.policy.lateWriteWaitNs).toBe(7e6);
    expect(cables[0]!.link).toEqual({ rateBitsPerSecond: 1e9, propagationNs: 3500 });
  });
});
