/** Several FCFs in the Ethernet segment of a fabric: the nodes, and the cables that join them. */
import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { TEXT } from '../../helpers/scenario.ts';

const laidOut = (further: string) =>
  topologyOf(
    loadScenario(
      TEXT.replace('domain: 1 }', `domain: 1, fipPriority: 9, furtherFcfs: [${further}] }`),
      'x.yaml',
    ),
  );
const FURTHER = '{ domain: 3 }, { domain: 1, fabric: lab, vlan: 7, plugged: false }';

describe('a segment', () => {
  it('has a switch for each FCF, with names and addresses of its own and the fabric that it is of', () => {
    const switches = nodesOf(laidOut(FURTHER), 'switch');
    expect(switches.map(({ name, fabric, options }) => [name, fabric, options.domain])).toEqual([
      ['fcf-A', 'A', 1],
      ['fcf-A-2', 'A', 3],
      ['fcf-A-3', 'lab', 1],
      ['fcf-B', 'B', 2],
    ]);
    const [first, same, other] = switches.map(({ options }) => options);
    expect(same).toMatchObject({ fabricName: first!.fabricName, vlan: 1002, vlans: [1002] });
    expect(same!.zoning).toEqual(first!.zoning);
    expect([first!.fipPriority, same!.fipPriority]).toEqual([9, 128]);
    expect(other).toMatchObject({ fabricName: '20:00:02:00:fa:b1:00:01', vlan: 7, vlans: [7] });
    expect(other!.zoning).toMatchObject({ zones: [], defaultZone: 'deny' });
    for (const key of ['fcfMac', 'switchName', 'name'] as const)
      expect(new Set(switches.map(({ options }) => options[key])).size).toBe(4);
  });

  it('has a bridge that all its ports are plugged into, those of the switches last', () => {
    const { cables, fabrics, nodes } = laidOut(FURTHER);
    const bridge = nodes.find(({ name }) => name === 'bridge-A')!;
    expect(bridge.ports.map((one) => 'isOfEnode' in one && one.isOfEnode)).toEqual([
      ...Array(4).fill(true),
      ...Array(3).fill(false),
    ]);
    const trunks = cables.filter(({ isTrunk }) => isTrunk);
    expect(trunks.map(({ name, fabric, ends, isOut }) => [name, fabric, ends[0], isOut])).toEqual([
      ['fcf-A.0-A', 'A', { node: 'bridge-A', port: 4 }, undefined],
      ['fcf-A-2.0-A', 'A', { node: 'bridge-A', port: 5 }, undefined],
      ['fcf-A-3.0-A', 'lab', { node: 'bridge-A', port: 6 }, true],
    ]);
    const others = cables.filter(({ isTrunk }) => !isTrunk);
    expect(new Set(others.map(({ ends }) => ends[1].node))).toEqual(new Set(['bridge-A', 'fcf-B']));
    expect(fabrics).toContainEqual({ name: 'lab', vlan: 7 });
  });

  it('has a virtualizer in front of the hosts, its uplinks its first ports, each an adapter', () => {
    const { cables, nodes } = topologyOf(
      loadScenario(TEXT.replace('domain: 1 }', 'domain: 1, npv: { uplinks: 2 } }'), 'x.yaml'),
    );
    const npv = nodes.find(({ kind }) => kind === 'npv')!;
    expect(npv.name).toBe('npv-A');
    expect(npv.ports.map(({ kind }) => kind)).toEqual(['enode', 'enode', 'vf-port', 'vf-port']);
    const at = (node: string) =>
      cables.flatMap(({ ends, name }) =>
        ends.flatMap((end) => (end.node === node ? [[name, end.port]] : [])),
      );
    expect(at('npv-A')).toEqual([
      ['h1.0-A', 2],
      ['h2.0-A', 3],
      ['npv-A.0-A', 0],
      ['npv-A.1-A', 1],
    ]);
    expect(at('fcf-A').map(([name]) => name)).toEqual([
      'array.0-A',
      'array.1-A',
      'npv-A.0-A',
      'npv-A.1-A',
    ]);
  });

  it('has a virtualizer whose uplinks are in a segment with several FCFs', () => {
    const { cables } = laidOut('{ domain: 3 }], npv: {}, zones: [{ name: z, members: [array] }');
    const uplinks = cables.filter(({ name }) => name.startsWith('npv-A'));
    expect(uplinks.map(({ ends }) => ends[1].node)).toEqual(['bridge-A', 'bridge-A']);
  });

  it('is a switch alone where a fabric has one', () => {
    const { cables, nodes } = topologyOf(loadScenario(TEXT, 'x.yaml'));
    expect(nodes.filter(({ kind }) => kind === 'bridge')).toEqual([]);
    expect(cables.filter(({ isTrunk, isOut }) => isTrunk || isOut)).toEqual([]);
  });
});
