/** Two guests' clocks beside ours, and how long a writer stood still by them. */
import { describe, expect, test } from 'vitest';
import { blackoutOf, onOurClock } from '../../../../src/live/move/guest-clocks.ts';
import type { WriterLeg } from '../../../../src/live/move/writer.ts';

/** A clock that was `offsetS` behind ours at 0 s and `laterS` behind at 10 s of its own. */
const clock = (offsetS: number, laterS = offsetS, uncertaintyNs = 1e6) => ({
  before: { guestNs: 0, offsetNs: offsetS * 1e9, uncertaintyNs },
  after: { guestNs: 10e9, offsetNs: laterS * 1e9, uncertaintyNs: 2 * uncertaintyNs },
});
const leg = (host: string, firstAckS?: number, lastAckS?: number) =>
  ({ host, firstAckS, lastAckS }) as WriterLeg;

test('a clock that goes faster than ours is followed', () => {
  expect(onOurClock(5e9, clock(3))).toBe(8e9);
  expect(onOurClock(5e9, clock(3, 4))).toBe(8.5e9);
});

describe('the blackout', () => {
  const clocks = [clock(1), clock(2)] as const;

  test('is from the last acknowledgement here to the first there', () => {
    expect(blackoutOf([leg('from', 1, 3), leg('to', 2.5, 4)], clocks)).toEqual({
      blackoutMs: 500,
      // The worse comparison of each.
      uncertaintyMs: 4,
    });
  });

  test('of a move that was rolled back is by one clock', () => {
    const { blackoutMs } = blackoutOf([leg('from', 1, 3), leg('from', 3.25, 4)], clocks);
    expect(blackoutMs).toBe(250);
  });

  test.each([
    ['nothing ran', []],
    ['it did not go on', [leg('from', 1, 3)]],
    ['nothing was acknowledged after it', [leg('from', 1, 3), leg('to')]],
  ])('is not known when %s', (_, legs) => {
    expect(blackoutOf(legs, clocks)).toEqual({ blackoutMs: undefined, uncertaintyMs: 4 });
  });
});
