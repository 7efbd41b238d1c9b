/** The plain data behind every machine: what the shape has room for, and how it is asked. */
import { expect, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import {
  cablesAt,
  nodesOf,
  portAt,
  type SwitchNode,
  type Topology,
} from '../../../src/scenario/topology.ts';
import { TEXT } from '../../helpers/scenario.ts';

test('the shape has room for sites, two switches in a fabric, and cables between them', () => {
  const base = topologyOf(loadScenario(TEXT, 'x.yaml'));
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
