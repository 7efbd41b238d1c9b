/** Frames in order: what the window does with stamps that go back. */
import { describe, expect, it } from 'vitest';
import { Arrivals } from '../../../../src/audit/seen/arrivals.ts';
import { FramePlace } from '../../../../src/capture/index.ts';

const MS = 1_000_000n;
const EPOCH = 1_700_000_000_000_000_000n;

const frameAt = (timeNs: bigint, index: number) => ({
  index,
  timeNs,
  interfaceId: 0,
  interfaceName: undefined,
  linkType: 1,
  bytes: new Uint8Array(60),
  originalLength: 60,
});

/** The frames' numbers in the order in which they come out. */
function ordered(stamps: readonly bigint[]) {
  const order: number[] = [];
  const arrivals = new Arrivals(({ index }) => order.push(index));
  const place = new FramePlace();
  stamps.forEach((timeNs, i) => {
    place.moveTo(frameAt(timeNs, i + 1));
    arrivals.add(place);
  });
  const beforeEnd = order.length;
  arrivals.finish();
  return { order, beforeEnd, ...arrivals.counts };
}

describe('Arrivals', () => {
  it('sorts by stamp, and leaves those of one stamp as they are', () => {
    const { order, sorted, late } = ordered([0n, 3n, 1n, 3n, 2n].map((at) => EPOCH + at * MS));
    expect(order).toEqual([1, 3, 5, 2, 4]);
    expect({ sorted, late }).toEqual({ sorted: 2, late: 0 });
  });

  it('hands a frame on once nothing earlier can come', () => {
    const { beforeEnd } = ordered([0n, 10n, 21n, 30n].map((at) => EPOCH + at * MS));
    expect(beforeEnd).toBe(1);
  });

  it('leaves a frame that comes too late where the file has it', () => {
    const { order, late } = ordered([0n, 50n, 100n, 20n, 101n].map((at) => EPOCH + at * MS));
    expect(order).toEqual([1, 2, 4, 3, 5]);
    expect(late).toBe(1);
  });

  it('takes a clock that was set back for the new time', () => {
    const { order, late } = ordered([5_000n, 5_001n, 0n, 2n, 1n].map((at) => EPOCH + at * MS));
    expect(order).toEqual([1, 2, 3, 5, 4]);
    expect(late).toBe(1);
  });

  it('leaves frames without a stamp where they are', () => {
    const { order, sorted, late } = ordered([EPOCH, 0n, EPOCH + 2n * MS, 0n, EPOCH + 3n * MS]);
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect({ sorted, late }).toEqual({ sorted: 0, late: 0 });
  });

  it('holds a bounded number of frames', () => {
    const { beforeEnd } = ordered(Array.from({ length: 10_000 }, (_, i) => EPOCH + BigInt(i)));
    expect(beforeEnd).toBe(10_000 - 8192);
  });

  it('holds fewer behind many in order, and many again behind one that is not', () => {
    const stamps = Array.from({ length: 70_000 }, (_, i) => EPOCH + BigInt(i) * 10n);
    expect(ordered(stamps).beforeEnd).toBe(70_000 - 512);
    // So far back is sorted still, and the next one that far back as 5,000 frames is, too.
    const early = stamps[69_600]! - 5n;
    const more = Array.from({ length: 9_000 }, (_, i) => stamps.at(-1)! + BigInt(i) * 10n + 10n);
    const back = more[1_000]! + 5n;
    const shown = ordered([...stamps, early, ...more.slice(0, 6_000), back, ...more.slice(6_000)]);
    expect({ sorted: shown.sorted, late: shown.late }).toEqual({ sorted: 2, late: 0 });
    expect(shown.beforeEnd).toBe(79_002 - 8192);
    // What those that do not wait any more are too late for is said.
    expect(ordered([...stamps, stamps[65_000]!])).toMatchObject({ sorted: 0, late: 1 });
  });
});
