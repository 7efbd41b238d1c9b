/** Routers on the cables of hosts at other sites, and routes to them. */
import { expect, it, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';

const text = (protocol: string, strategy = 'wwpn-pair'): string => `
name: v
protocol: ${protocol}
sites: [{ name: e }, { name: w, to: { e: { delayUs: 500, routed: { hopUs: 20, mtu: 1280 } } } }]
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A], site: w }]
array: { ports: [A], luns: [{ name: a, blocks: 100 }] }
vms: [{ name: vm1, host: h1, luns: [a], workload: { rangeBlocks: 64 } }]
move: { vm: vm1, to: h2, strategy: ${strategy} }
`;
const load = (...parts: Parameters<typeof text>) => loadScenario(text(...parts), 'v.yaml');

it('are there for hosts at the other site, and known to both sides', () => {
  const topology = topologyOf(load('iscsi'));
  const [router, ...others] = nodesOf(topology, 'router');
  expect(others).toEqual([]);
  expect(router!.options).toMatchObject({
    ...{ name: 'router-h2.0-A', hopNs: 20_000, mtu: 1280, tells: true },
    ends: [{ address: '10.0.200.2' }, { address: '10.0.208.2' }],
  });
  const routes = (kind: 'host' | 'array') =>
    nodesOf(topology, kind).map(({ ports }) =>
      ports.flatMap((one) => (one.kind === 'ip' ? (one.routes ?? []) : [])),
    );
  expect(routes('host')).toEqual([[], [{ to: 'everybody', by: '10.0.200.2' }]]);
  expect(routes('array')).toEqual([[{ to: '10.0.0.2', by: '10.0.208.2' }]]);
  const [near, far] = ['h2.0-A', 'h2.0-A-routed'].map(
    (name) => topology.cables.find((one) => one.name === name)!,
  );
  expect(near!.ends[1]).toEqual({ node: 'router-h2.0-A', port: 0 });
  expect(far).toMatchObject({
    isTrunk: true,
    ends: [{ node: 'router-h2.0-A', port: 1 }, { node: 'bridge-A' }],
  });
  // The way between the sites is there once.
  expect(far!.link!.propagationNs).toBeUndefined();
});

test.each([
  ['fcoe', 'wwpn-pair', /fcoe is not routed/],
  ['iscsi', 'in-guest', /strategy in-guest takes an address along/],
])('are refused over %s with %s', (protocol, strategy, why) => {
  expect(() => load(protocol, strategy)).toThrow(why);
});
