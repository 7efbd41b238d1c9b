/** The logical units of a plan by name, LUN and identity. */
import { expect, it } from 'vitest';
import { streams } from '../../../src/machine/random.ts';
import { buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { unitsOf, unitsOfArray } from '../../../src/scenario/units.ts';
import { scenarioOf } from '../../helpers/moves.ts';

it('they have the identities that the built array answers with', () => {
  const topology = topologyOf(scenarioOf({}));
  const random = streams(1);
  const world = buildWorld(topology, (name) => random.stream(name));
  const built = [...world.arrays.values()].flatMap(({ device }) => device.units);
  const units = unitsOf(topology);
  expect(units.map(({ luName }) => luName)).toEqual(built.map(({ luName }) => luName));
  expect(new Set(units.map(({ name }) => name)).size).toBe(units.length);
});

it('LUNs are those of every mask', () => {
  const [array] = nodesOf(topologyOf(scenarioOf({})), 'array');
  const masks = [
    { initiator: 'a', luns: [{ lun: 5, unit: 0 }] },
    { initiator: 'b', luns: [{ lun: 3, unit: 0 }] },
  ];
  const [first] = unitsOfArray({ ...array!, defaultMask: [{ lun: 5, unit: 0 }], masks });
  expect(first!.luns).toEqual([3, 5]);
});
