/** Units of a stream whose bytes come in order: a unit here is a byte of length, then that many bytes less one. */
import { describe, expect, test } from 'vitest';
import {
  type Framer,
  StreamBudget,
  UNIT_BYTES_MAX,
  UnitReader,
} from '../../../../src/codecs/stream/index.ts';

/** Head: 2 bytes, A5h and a length. */
const framer: Framer = {
  headBytes: 2,
  lengthAt: (bytes, at) => (bytes[at] === 0xa5 && bytes[at + 1]! >= 2 ? bytes[at + 1]! : undefined),
  begins: (bytes, at, end) => end - at >= 2 && bytes[at] === 0xa5,
};
const unit = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length).fill(7);
  bytes.set([0xa5, length]);
  return bytes;
};

function reader(inSync = true, by = framer, budget = new StreamBudget(1 << 30)) {
  const units: { kept: number; of: number; first: number; frameAt: number | undefined }[] = [];
  const skipped: number[] = [];
  const made = new UnitReader(
    by,
    budget,
    {
      unit: ({ at, end, lengthBytes, firstFrame, frameAt }) =>
        units.push({ kept: end - at, of: lengthBytes, first: firstFrame, frameAt }),
      skipped: (bytes) => skipped.push(bytes),
    },
    inSync,
  );
  return { made, units, skipped };
}

test('several in one piece, each where it lies', () => {
  const { made, units } = reader();
  const bytes = Uint8Array.of(9, ...unit(3), ...unit(5));
  made.take(bytes, 1, bytes.length, 4, 0);
  expect(units).toEqual([
    { kept: 3, of: 3, first: 4, frameAt: 1 },
    { kept: 5, of: 5, first: 4, frameAt: 4 },
  ]);
});

test('one in pieces of a byte belongs to the frame of its first', () => {
  const { made, units } = reader();
  const bytes = unit(6);
  for (let i = 0; i < 6; i++) made.take(bytes, i, i + 1, 10 + i, 0);
  expect(units).toEqual([{ kept: 6, of: 6, first: 10, frameAt: undefined }]);
});

describe('bytes that are missing', () => {
  test('within a unit cut it, and the next is read', () => {
    const { made, units, skipped } = reader();
    made.take(unit(10), 0, 4, 1, undefined);
    made.miss(6, false);
    made.take(unit(3), 0, 3, 2, undefined);
    expect(units.map(({ kept, of }) => [kept, of])).toEqual([
      [4, 10],
      [3, 3],
    ]);
    expect(skipped).toEqual([]);
  });

  test('over the end of a unit: nothing is read until one begins', () => {
    const { made, units, skipped } = reader();
    made.take(unit(10), 0, 4, 1, undefined);
    made.miss(8, false);
    made.take(Uint8Array.of(1, 2, 3), 0, 3, 2, undefined);
    made.take(unit(3), 0, 3, 3, undefined);
    expect(units.map(({ kept, of }) => [kept, of])).toEqual([
      [4, 10],
      [3, 3],
    ]);
    expect(skipped).toEqual([3]);
  });

  test('in a head: what is there of it is skipped', () => {
    const { made, units, skipped } = reader();
    made.take(unit(4), 0, 1, 1, undefined);
    made.miss(1, false);
    made.take(unit(4), 0, 4, 2, undefined);
    expect(units).toHaveLength(1);
    expect(skipped).toEqual([1]);
  });
});

test('what is of no unit is skipped, and told at the end', () => {
  const { made, units, skipped } = reader();
  made.take(Uint8Array.of(1, 2, 3, 4), 0, 4, 1, undefined);
  made.take(unit(9), 0, 5, 2, undefined);
  expect(skipped).toEqual([4]);
  made.finish();
  expect(units).toEqual([]);
  expect(skipped).toEqual([4, 5]);
});

const large: Framer = {
  headBytes: 1,
  lengthAt: () => 3 * UNIT_BYTES_MAX,
  begins: () => true,
};

test('of a unit longer than what is kept the beginning is there', () => {
  const { made, units } = reader(true, large);
  const piece = new Uint8Array(UNIT_BYTES_MAX / 2);
  for (let i = 0; i < 6; i++) made.take(piece, 0, piece.length, i, undefined);
  expect(units.map(({ kept, of }) => [kept, of])).toEqual([[UNIT_BYTES_MAX, 3 * UNIT_BYTES_MAX]]);
});

test('no more is held than the budget gives, which gets all of it back', () => {
  const budget = new StreamBudget(10_000);
  const { made, units } = reader(true, large, budget);
  const piece = new Uint8Array(UNIT_BYTES_MAX);
  for (let i = 0; i < 3; i++) made.take(piece, 0, piece.length, i, undefined);
  expect(units[0]!.kept).toBeLessThanOrEqual(10_000);
  made.finish();
  expect(budget.take(10_000)).toBe(true);
});
