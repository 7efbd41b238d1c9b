/** What policies should cost, against numbers that were measured elsewhere. */
import { describe, expect, it } from 'vitest';
import {
  type CopyGiven,
  copyTimeOf,
  expectedOf,
  writeTripsOf,
} from '../../../src/campaign/gravity-formula.ts';

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
  // Both legs take their time, the far one the round trips of a host's write.
  expect(of('stretched-array')).toEqual([0.4, 21]);
  expect(of('distributed')).toEqual([10.4, 20.5]);
});

const copied: CopyGiven = {
  ...{ chunks: 100, chunkBytes: 1e6, windowChunks: 10, chunkMs: 2, rttMs: 10, writeTrips: 2 },
  ...{ linkMBs: 1000, writesMBs: 0, writeBytes: 1e5, workingChunks: 50, restChunks: 10, rounds: 8 },
};

it('knows what the way lets be under way, and how a new connection comes to that', () => {
  const long = {
    ...copied,
    chunks: 1000,
    rttMs: 100,
    windowChunks: 1000,
    chunkMs: 0,
    writeTrips: 1,
  };
  // 4 MB in each 100 ms are 40 MB/s for the 999 MB behind the first piece.
  const bound = { ...long, wayBytes: 4e6 };
  expect(copyTimeOf('mirror-move', bound).seconds).toBeCloseTo(0.1 + 999 / 40, 6);
  // 1, 1.5, 2.25 MB and so on: 3.42 round trips bring 6 MB, which is one and a half of full ones.
  const lost = Math.log(4) / Math.log(1.5) - 1.5;
  expect(copyTimeOf('mirror-move', { ...bound, firstBytes: 1e6 }).seconds).toBeCloseTo(
    0.1 + 999 / 40 + lost / 10,
    6,
  );
  // Nearby the link is less than that.
  const near = { ...bound, rttMs: 0.001, firstBytes: 1e6 };
  expect(copyTimeOf('mirror-move', near).seconds).toBeCloseTo(0.999, 3);
});

it('says how long a copy takes: what the window lets through, or the link', () => {
  // Ten turns of 22 ms, and the first ten go out one behind the other.
  expect(copyTimeOf('mirror-move', copied)).toEqual({
    ...{ seconds: 0.229, stopMs: 0, bytes: 1e8, ends: true },
  });
  const fast = { ...copied, windowChunks: 100, rttMs: 0 };
  expect(copyTimeOf('mirror-move', fast).seconds).toBeCloseTo(0.101, 3);
  // Three quarters of what is written are mirrored, and take their share of link and bytes.
  const busy = copyTimeOf('mirror-move', { ...fast, writesMBs: 800 });
  expect(busy.seconds).toBeCloseTo(0.2495, 3);
  expect(busy.bytes).toBeCloseTo(1e8 + 600e6 * busy.seconds, 0);
  expect(copyTimeOf('mirror-move', { ...fast, writesMBs: 2000 }).ends).toBe(false);
});

it('says how long rounds take, and where they come to no end', () => {
  expect(copyTimeOf('iterative-copy', copied)).toEqual(copyTimeOf('mirror-move', copied));
  // Nine chunks are written in the pass, and are the rest.
  const slow = copyTimeOf('iterative-copy', { ...copied, writesMBs: 4 });
  expect(slow.ends).toBe(true);
  expect(slow.stopMs).toBeCloseTo(30.1, 1);
  expect(slow.seconds).toBeCloseTo(0.229 + slow.stopMs / 1000, 6);
  expect(slow.bytes).toBeGreaterThan(108e6);
  // Further rounds, and then the rest.
  const rounds = copyTimeOf('iterative-copy', { ...copied, writesMBs: 15 });
  expect(rounds.ends).toBe(true);
  expect(rounds.seconds).toBeGreaterThan(slow.seconds + 0.03);
  expect(copyTimeOf('iterative-copy', { ...copied, writesMBs: 400 }).ends).toBe(false);
});
