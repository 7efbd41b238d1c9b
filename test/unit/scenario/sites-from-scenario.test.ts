/** Sites of a scenario: who stands where, and how long cables are. */
import { expect, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const SITES =
  'sites: [{ name: east }, { name: west, to: { east: { delayUs: 2500, gbps: 1 } } }]\nfabrics:';

/** The built-in scenario with its second host at another site. */
const apart = (text = TEXT): string =>
  text
    .replace('fabrics:', SITES)
    .replace('{ name: h2, ports: [A, B] }', '{ name: h2, site: west, ports: [A, B] }');

test('what says no site stands at the first, and a cable between two is as long as the way', () => {
  const { cables, distances, nodes, sites } = topologyOf(loadScenario(apart(), 'x.yaml'));
  expect(sites).toEqual([{ name: 'east' }, { name: 'west' }]);
  expect(distances).toEqual([
    { between: ['east', 'west'], delayNs: 2_500_000, rateBitsPerSecond: 1e9 },
  ]);
  expect(nodes.map(({ name, site }) => [name, site])).toEqual([
    ['fcf-A', 'east'],
    ['fcf-B', 'east'],
    ['h1', 'east'],
    ['h2', 'west'],
    ['array', 'east'],
    ['mover', undefined],
  ]);
  const far = cables.filter((cable) => cable.sites !== undefined);
  expect(far.map(({ link, name, sites: of }) => [name, link, of])).toEqual([
    ['h2.0-A', { rateBitsPerSecond: 1e9, propagationNs: 2_502_000 }, ['west', 'east']],
    ['h2.1-B', { rateBitsPerSecond: 1e9, propagationNs: 2_502_000 }, ['west', 'east']],
  ]);
});

test('a scenario without sites has none in its topology', () => {
  const topology = topologyOf(loadScenario(TEXT, 'x.yaml'));
  expect(topology.sites).toEqual([]);
  expect(topology).not.toHaveProperty('distances');
  expect(topology.nodes.some((node) => 'site' in node)).toBe(false);
});
