/** Where nodes and ports are, and what is declared of a world. */

import { expect, test } from 'vitest';
import { type IdentitiesDeclared, PlaceIndex } from '../../../src/history/index.ts';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import { streams } from '../../../src/machine/random.ts';
import { declarationsOf, placesOf } from '../../../src/run/places.ts';
import { buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const topology = topologyOf(loadScenario(TEXT.replaceAll(/\bh1\b/g, 'fcf.1'), 'x.yaml'));
const places = new PlaceIndex(placesOf(topology));

test('a node is what the topology says, whatever it is called', () => {
  expect(places.kindOf('fcf.1')).toBe('host');
  expect(places.kindOf('fcf-A')).toBe('switch');
  expect([places.fabricOf('fcf-B'), places.fabricOf('fcf.1')]).toEqual(['B', '']);
});

test('a cable has its two ends in order, and target ports their names', () => {
  for (const { ends, name } of topology.cables) {
    expect(places.endsOf(name).map(({ node, port }) => ({ node, port }))).toEqual(ends);
  }
  const targets = placesOf(topology).ports.filter(({ target }) => target !== undefined);
  expect(targets.map(({ node }) => node)).toEqual(['array', 'array', 'array', 'array']);
  for (const { port, target } of targets)
    expect(places.placeOf(target!)).toMatchObject({ node: 'array', port });
});

test('zones, access states and the names of guests are declared, those of the destination too', () => {
  const world = buildWorld(topology, (name) => streams(1).stream(name));
  const entries = declarationsOf(world, 5);
  expect(entries.map(({ at, event, node }) => [at, node, event.type])).toEqual([
    [5, 'fcf-A', 'zone-change'],
    [5, 'fcf-B', 'zone-change'],
    ...world.array.device.units.map(() => [5, 'array', 'access']),
    [5, '', 'identities'],
  ]);
  expect(entries[2]!.event).toMatchObject({ group: 1, targetPorts: [1, 2, 3, 4], state: 0 });
  const names = entries.at(-1);
  const { plan } = world;
  const wanted = new Set(vhbasOf([...plan.source, ...plan.destination]).map(({ wwpn }) => wwpn))
    .size;
  expect(new Set((names!.event as IdentitiesDeclared).initiators).size).toBe(wanted);
});
