/** What policies should cost, against numbers that were measured elsewhere. */
import { describe, expect, it } from 'vitest';
import { copyTimeOf, expectedOf, writeTripsOf } from '../../../src/campaign/gravity-formula.ts';

describe('round trips of a write', () => {
  it.each([
    // QEMU and tgt with 10 ms between them: 14.5, 24.1, 25.0, 39.0 and 63.2 ms (unasked 8 KiB there; 64 KiB here).
    ['iscsi', false, 4096, 1],
    ['iscsi', false, 65_536, 1],
    ['iscsi', false, 65_537, 2],
    ['iscsi', false, 1_048_576, 5],
    ['fcoe', false, 4096, 2],
    ['fc', true, 4096, 1],
    ['nfs', false, 1_048_576, 1],
  ] as const)('%s, first burst %s, %i bytes: %i', (protocol, firstBurst, bytes, trips) => {
    expect(writeTripsOf(protocol, firstBurst, bytes)).toBe(trips);
  });
});

const given = {
  ...{ readMs: 0.4, writeMs: 0.5, rttMs: 10, writeTrips: 2 },
  ...{ hitMs: 0.1, hitShare: 0.5, awayShare: 0.1 },
};

it('is what the table of policies says', () => {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  const of = (policy: Parameters<typeof expectedOf>[0]) =>
    Object.values(expectedOf(policy, given)).map(round);
  expect(of('leave')).toEqual([10.4, 20.5]);
  expect(of('mirror-move')).toEqual([0.4, 0.5]);
  expect(of('iterative-copy')).toEqual([0.4, 0.5]);
  expect(of('cache-through-carried')).toEqual([5.25, 20.5]);
  expect(of('cache-back-carried')).toEqual([5.25, 0.1]);
  expect(of('stretched')).toEqual([1.4, 20.5]);
  expect(of('distributed')).toEqual([10.4, 20.5]);
});

it('says how long a copy takes, and where it comes to no end', () => {
  const gigabyte = 1e9;
  expect(copyTimeOf('mirror-move', gigabyte, 100, 0, 5)).toMatchObject({ seconds: 10, stopMs: 5 });
  expect(copyTimeOf('mirror-move', gigabyte, 100, 100, 5)).toMatchObject({
    seconds: 20,
    bytes: 2e9,
  });
  expect(copyTimeOf('mirror-move', gigabyte, 100, 200, 5).ends).toBe(false);
  // Rounds of 10, 5, 2.5 … s: nine of them.
  expect(copyTimeOf('iterative-copy', gigabyte, 100, 50, 5).seconds).toBeCloseTo(19.96, 2);
  expect(copyTimeOf('iterative-copy', gigabyte, 100, 50, 5).stopMs).toBeCloseTo(44.06, 1);
  expect(copyTimeOf('iterative-copy', gigabyte, 100, 100, 5).ends).toBe(false);
});
