/** Near ports of hosts, and what a write takes by the distances. */
import { expect, test } from 'vitest';
import { forecastOf, forecastWriteNs, nearPaths } from '../../../src/scenario/near-paths.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const follows = scenarioOf({}, 'stretched-follows-io');
const stays = scenarioOf({}, 'stretched-move');

test('ports on fabrics of the own site are near, where the host takes those first', () => {
  const of = (scenario: typeof stays) => scenario.hosts.map((host) => nearPaths(scenario, host));
  expect(of(follows)).toEqual([{ nearPorts: [0] }, { nearPorts: [1] }]);
  expect(of(scenarioOf({}, 'stretched-follows-hosts'))[1]).toEqual({
    nearPorts: [1],
    claims: true,
  });
  expect(of(stays)).toEqual([{}, {}]);
});

test('a write takes round trips to who leads, and from there to the other leg', () => {
  // Two round trips of 4 us to the array and of 504 us to its mirror, 400 us each.
  expect(forecastWriteNs(stays, 'h1')).toBe(4 * (4000 + 504_000) + 800_000);
  // And of 504 us from the other site.
  expect(forecastWriteNs(stays, 'h2')).toBe(4 * (504_000 + 504_000) + 800_000);
  expect(forecastWriteNs(follows, 'h2')).toBe(forecastWriteNs(stays, 'h1'));
});

test('without a second leg it is the way to the array; with first burst one round trip', () => {
  const { stretched: _, ...array } = stays.array;
  const alone = { ...stays, array: { ...array, firstBurst: true } };
  expect(forecastWriteNs(alone, 'h2')).toBe(2 * 504_000 + 400_000);
});

test('only a declared bound is handed to the mover', () => {
  expect(forecastOf(stays, 'h2')).toEqual({});
  expect(forecastOf(scenarioOf({}, 'stretched-too-far'), 'h2')).toEqual({
    forecast: { writeNs: 4_832_000, boundNs: 3_000_000 },
  });
});
