/** Ticks of a pcapng interface as nanoseconds. */
import { describe, expect, it } from 'vitest';
import { TickClock, TSRESOL_DEFAULT, ticksPerSecondOf } from '../../../src/capture/pcapng-clock.ts';

const SECOND = 1_000_000_000n;

it.each([
  [TSRESOL_DEFAULT, 1_000_000n],
  [9, SECOND],
  [0, 1n],
  [0x80, 1n],
  [0x80 | 10, 1024n],
])('if_tsresol %i is %i ticks a second', (tsresol, ticks) => {
  expect(ticksPerSecondOf(tsresol)).toBe(ticks);
});

describe('a clock', () => {
  it.each([
    ['microseconds', 6, 5_000_001, 5_000_001_000n],
    ['nanoseconds', 9, 5, 5n],
    ['seconds', 0, 3, 3n * SECOND],
    ['picoseconds, of which parts are dropped', 12, 1999, 1n],
    ['parts of two', 0x80 | 2, 3, 750_000_000n],
  ])('of %s', (_, tsresol, ticks, ns) => {
    const clock = new TickClock(ticksPerSecondOf(tsresol), 0n);
    expect(clock.toNs(0, ticks)).toBe(ns);
  });

  it('puts two halves together, also when the upper one goes back', () => {
    const clock = new TickClock(SECOND, 0n);
    const times = [
      [0, 0xffff_ffff],
      [1, 0],
      [0xffff_ffff, 1],
      [1, 2],
      [0, 3],
    ] as const;
    expect(times.map(([high, low]) => clock.toNs(high, low))).toEqual([
      0xffff_ffffn,
      1n << 32n,
      (0xffff_ffffn << 32n) + 1n,
      (1n << 32n) + 2n,
      3n,
    ]);
  });

  it('is set by if_tsoffset, which may be negative', () => {
    expect(new TickClock(1_000_000n, 2n).toNs(0, 1)).toBe(2n * SECOND + 1000n);
    expect(new TickClock(1_000_000n, -1n).toNs(0, 0)).toBe(-SECOND);
  });
});
