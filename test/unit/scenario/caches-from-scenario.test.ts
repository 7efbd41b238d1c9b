/** Hosts whose caches keep each other equal: a port, a cable and a bridge more; and nothing where nobody asks for it. */
import { expect, it, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';

const text = (cache: string, fabric = 'A'): string => `
name: v
sites: [{ name: e }, { name: w, to: { e: { delayUs: 500 } } }]
fabrics: [{ name: ${fabric} }]
hosts: [{ name: h1, ports: [${fabric}] }, { name: h2, ports: [${fabric}], site: w }]
array: { ports: [${fabric}], luns: [{ name: a, blocks: 100 }, { name: b, blocks: 100 }] }
vms:
  - name: vm1
    host: h1
    luns: [a]
    volumes: [{ name: v, kind: cached, on: [a], cache: ${cache} }]
    workload: { rangeBlocks: 64 }
move: { vm: vm1, to: h2 }
`;
const load = (...parts: Parameters<typeof text>) => loadScenario(text(...parts), 'v.yaml');

it('joins hosts by their last ports, as far apart as their sites', () => {
  const topology = topologyOf(load('{ atMove: coherent, leaseMs: 50, blocks: 16 }'));
  const hosts = nodesOf(topology, 'host');
  expect(hosts.map(({ options }) => options.cachePort?.peers.length)).toEqual([1, 1]);
  expect(hosts[0]!.options.cachePort).toMatchObject({
    own: { address: '172.31.0.1' },
    peers: [hosts[1]!.options.cachePort!.own],
    units: [{ leaseNs: 50e6, blocks: 16 }],
  });
  const cables = topology.cables.filter(({ kind }) => kind === 'lan');
  expect(cables.map(({ ends }) => ends[0])).toEqual([
    { node: 'h1', port: 1 },
    { node: 'h2', port: 1 },
  ]);
  const [near, far] = cables.map(({ link }) => link!.propagationNs!);
  expect(far! - near!).toBe(500_000);
  expect(nodesOf(topology, 'bridge').map(({ name, ports }) => [name, ports.length])).toEqual([
    ['bridge-caches', 2],
  ]);
});

it('adds nothing to other caches', () => {
  const topology = topologyOf(load('{ atMove: carried }'));
  expect(nodesOf(topology, 'bridge')).toEqual([]);
  expect(topology.cables.every(({ kind }) => kind === 'fcoe')).toBe(true);
});

test.each([
  [
    '{ atMove: coherent, writes: write-back }',
    'A',
    /that other hosts have a part in is write-through/,
  ],
  ['{ atMove: coherent }', 'caches', /caches is what the LAN between hosts' caches is called/],
])('refuses %s on %s', (cache, fabric, why) => {
  expect(() => load(cache, fabric)).toThrow(why);
});
