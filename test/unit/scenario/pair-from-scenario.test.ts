/** The second array of a scenario, and what the two have for each other. */
import { expect, test } from 'vitest';
import { streams } from '../../../src/machine/random.ts';
import { buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const topology = topologyOf(scenarioOf({}, 'stretched-move'));
const [first, second] = nodesOf(topology, 'array');

test('both have one identity of each unit, and ports that are numbered on', () => {
  const { arrays } = buildWorld(topology, (name) => streams(1).stream(name));
  const [one, other] = [...arrays.values()].map(({ device }) => device);
  expect(other!.units[0]!.luName).toBe(one!.units[0]!.luName);
  expect(other!.units[0]!.serial).toBe(one!.units[0]!.serial);
  expect(new Set([...one!.units, ...other!.units].map(({ luName }) => luName)).size).toBe(12);
  const ids = [one, other].map((device) =>
    device!.ports.map(({ isElsewhere, relativeId }) => (isElsewhere ? -relativeId : relativeId)),
  );
  // Reservations are of ports of both.
  expect(ids).toEqual([
    [1, 2, -3, -4],
    [3, 4, -1, -2],
  ]);
  expect(one!.groups.map(({ id, relativePortIds }) => [id, relativePortIds])).toEqual([
    [1, [1, 2]],
    [2, [3, 4]],
  ]);
});

test('each is an initiator of the other, by a port on a fabric of it', () => {
  expect([first!.pair!.ports, second!.pair!.ports]).toEqual([1, 1]);
  expect([first!.ports.at(-1)!.fabric, second!.ports.at(-1)!.fabric]).toEqual(['W', 'E']);
  expect(second!.masks.at(-1)).toEqual({
    initiator: '50:06:01:60:00:01:00:00',
    luns: [2, 3, 4, 5, 6].map((unit, lun) => ({ lun, unit })),
  });
  const [east] = nodesOf(topology, 'switch');
  expect(east!.options.zoning!.zones.at(-1)).toEqual({
    name: 'pair',
    members: ['50:06:01:60:00:01:01:00', '50:06:01:60:00:00:00:01', '50:06:01:60:00:00:00:02'],
  });
});

test('what only the two see is no unit of its own for who judges', () => {
  expect(second!.units.map(({ name, pair }) => [name, pair?.role])).toEqual([
    ['system', 'hosts'],
    ['data', 'hosts'],
    ['records at mirror', 'record'],
    ['system (leg at mirror)', 'leg'],
    ['system (by mirror)', 'forward'],
    ['data (leg at mirror)', 'leg'],
    ['data (by mirror)', 'forward'],
  ]);
});

test('a cut between sites is one of all cables between them', () => {
  const [event] = topologyOf(scenarioOf({}, 'partition-silent')).events;
  expect(event!.deed).toEqual({
    do: 'partition',
    between: ['east', 'west'],
    cables: ['array.2-W', 'mirror.2-E', 'h1.1-W', 'h2.0-E'],
    silent: true,
    forNs: 300_000_000,
  });
});
