/** Where nodes and ports are, and what is declared of a world. */
import { expect, it } from 'vitest';
import { PlaceIndex } from '../../../src/history/index.ts';
import { streams } from '../../../src/machine/random.ts';
import { declarationsOf, placesOf } from '../../../src/run/places.ts';
import { buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const topology = topologyOf(scenarioOf({}));

it('every end of every cable has its place, and every target port its name', () => {
  const { nodes, ports } = placesOf(topology);
  expect(nodes.map(({ name }) => name)).toEqual(topology.nodes.map(({ name }) => name));
  expect(ports).toHaveLength(topology.cables.length * 2);
  const index = new PlaceIndex({ nodes, ports });
  for (const { name, fabric } of topology.cables) {
    const ends = index.endsOf(name);
    expect(ends.map((end) => [end.fabric, end.link])).toEqual([
      [fabric, name],
      [fabric, name],
    ]);
    expect(ends.filter(({ node }) => index.kindOf(node) === 'switch')).toHaveLength(1);
    const arrays = ends.filter(({ node }) => index.kindOf(node) === 'array');
    for (const end of arrays) expect(index.placeOf(end.target!)).toBe(end);
  }
});

it('zones and names are declared before anything happens', () => {
  const random = streams(1);
  const world = buildWorld(topology, (name) => random.stream(name));
  const told = declarationsOf(world, 7);
  const types = told.map(({ event }) => event.type);
  expect(types.filter((type) => type === 'zone-change')).toHaveLength(world.switches.size);
  expect(types.filter((type) => type === 'identities')).toHaveLength(world.vms.length);
  expect(new Set(told.map(({ at }) => at))).toEqual(new Set([7]));
});
