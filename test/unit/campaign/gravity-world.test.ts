/** The world of policies: what is far, and what each port of the array shows. */
import { expect, it } from 'vitest';
import { apart, gravityScenario, isLong } from '../../../src/campaign/gravity-world.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { scenarioOf } from '../../helpers/moves.ts';

it('puts a node of storage at each site, and a way between sites that is long', () => {
  const scenario = gravityScenario(scenarioOf({}, 'zoo'), 'distributed', 8);
  const topology = apart(topologyOf(scenario), 8);
  const long = topology.cables.filter(isLong);
  const near = topology.cables.filter((one) => !isLong(one));
  // Each of two hosts reaches two other sites.
  expect(long).toHaveLength(4);
  for (const { link } of long) expect(link!.propagationNs).toBeGreaterThanOrEqual(4e6);
  for (const { link } of near) expect(link?.propagationNs ?? 0).toBeLessThan(1e6);
  const [array] = nodesOf(topology, 'array');
  for (const { luns } of array!.masks)
    expect(luns.map(({ ports, unit }) => [unit, ports])).toEqual([0, 1, 2].map((n) => [n, [n]]));
});
