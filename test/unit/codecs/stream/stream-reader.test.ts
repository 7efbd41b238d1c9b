/** Segments of one direction: in order, twice, late, cut, lost. A unit is two bytes: its place in the stream. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Framer,
  StreamBudget,
  StreamReader,
  WAITING_MAX,
} from '../../../../src/codecs/stream/index.ts';

const pairs: Framer = { headBytes: 2, lengthAt: () => 2, begins: (_, at, end) => end - at >= 2 };
/** The n-th unit is `n`, big-endian. */
const STREAM = Uint8Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0 : i >> 1));
const ISN = 0xffff_ffe0;

function reader() {
  const units: number[] = [];
  const frames: number[] = [];
  const told: string[] = [];
  const made = new StreamReader(pairs, new StreamBudget(1 << 24), {
    unit: ({ bytes, at, end }, frame) => {
      units.push(end - at === 2 ? bytes[at + 1]! : -1);
      frames.push(frame);
    },
    lost: (bytes) => told.push(`lost ${bytes}`),
    skipped: (bytes) => told.push(`skipped ${bytes}`),
  });
  let frame = 0;
  /** A segment of the stream, of which the capture kept so much. */
  const take = (from: number, end: number, kept = end - from): void =>
    made.take({
      sequence: (ISN + 1 + from) >>> 0,
      bytes: STREAM,
      at: from,
      end: from + kept,
      lengthBytes: end - from,
      frame: ++frame,
    });
  return { made, units, frames, told, take };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('from its SYN on', () => {
  test('over the end of the numbers, twice, and with bytes that are known', () => {
    const { made, units, told, take } = reader();
    made.begin(ISN, 0);
    take(0, 10);
    take(0, 10);
    take(6, 20);
    made.begin(ISN, 0);
    take(20, 64);
    expect(units).toEqual(upTo(32));
    expect(told).toEqual([]);
  });

  test('a segment that is late is waited for; its units belong to the frame that brought it', () => {
    const { made, units, frames, told, take } = reader();
    made.begin(ISN, 0);
    take(0, 4);
    take(8, 12);
    take(4, 8);
    expect(units).toEqual(upTo(6));
    expect(frames).toEqual([1, 1, 3, 3, 3, 3]);
    expect(told).toEqual([]);
  });

  test('what the other end acknowledged and nobody captured is lost', () => {
    const { made, units, told, take } = reader();
    made.begin(ISN, 0);
    take(0, 4);
    take(8, 12);
    expect(told).toEqual([]);
    made.acknowledged((ISN + 1 + 12) >>> 0, 3);
    expect(told).toEqual(['lost 4']);
    expect(units).toEqual([0, 1, 4, 5]);
  });

  test('an acknowledgment of what is in front of the gap says nothing', () => {
    const { made, told, take } = reader();
    made.begin(ISN, 0);
    take(8, 12);
    made.acknowledged((ISN + 1) >>> 0, 3);
    expect(told).toEqual([]);
  });

  test('a segment that the capture cut', () => {
    const { made, units, told, take } = reader();
    made.begin(ISN, 0);
    take(0, 6, 3);
    take(6, 8);
    // A byte of unit 1 is there, too little to tell its length: the next segment begins one.
    expect(units).toEqual([0, 3]);
    expect(told).toEqual(['lost 3', 'skipped 1']);
  });

  test('so many segments wait, and no more', () => {
    const { made, told, take } = reader();
    made.begin(ISN, 0);
    for (let i = 0; i <= WAITING_MAX; i++) take(2 + (i % 90), 3 + (i % 90));
    expect(told).toEqual([]);
    const apart = reader();
    apart.made.begin(ISN, 0);
    for (let i = 0; i <= WAITING_MAX; i++)
      apart.made.take({
        sequence: (ISN + 11 + 4 * i) >>> 0,
        bytes: STREAM,
        at: 0,
        end: 2,
        lengthBytes: 2,
        frame: i,
      });
    expect(apart.told.length).toBeGreaterThan(0);
  });

  test('the end of the capture gives up what is waited for', () => {
    const { made, units, told, take } = reader();
    made.begin(ISN, 0);
    take(4, 8);
    made.finish(9);
    expect(told).toEqual(['lost 4']);
    expect(units).toEqual([2, 3]);
  });
});

test('in the middle: from the first segment that begins with a unit', () => {
  const { units, told, take } = reader();
  take(11, 12);
  take(12, 16);
  expect(units).toEqual([6, 7]);
  expect(told).toEqual(['skipped 1']);
});

test('however segments are cut, doubled and put in another order: the same units once each', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 199 }), { maxLength: 30 });
  const swaps = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, swaps, fc.array(fc.nat(40), { maxLength: 10 }), (at, swapped, doubled) => {
      const ends = [0, ...at.sort((a, b) => a - b), 200];
      const segments = ends.slice(1).map((end, i) => [ends[i]!, end] as const);
      for (const i of doubled) segments.push(segments[i % segments.length]!);
      for (const [a, b] of swapped) {
        const [i, k] = [a % segments.length, b % segments.length];
        [segments[i], segments[k]] = [segments[k]!, segments[i]!];
      }
      const { made, units, told, take } = reader();
      made.begin(ISN, 0);
      for (const [from, end] of segments) take(from, end);
      made.finish(0);
      expect(units).toEqual(upTo(100));
      expect(told).toEqual([]);
    }),
    { seed: 14, numRuns: 300 },
  );
});
