import { describe, expect, it } from 'vitest';
import { GroupScheduler } from '../../../src/link/group-scheduler.ts';

const only = (heads: Record<number, number>) =>
  [...Array(8).keys()].map((group) => heads[group] ?? 0);

/** Bytes by group of so many frames. */
function serve(bandwidth: readonly (number | 'strict')[], heads: readonly number[], frames = 5000) {
  const scheduler = new GroupScheduler(bandwidth);
  const bytes = new Array<number>(8).fill(0);
  for (let i = 0; i < frames; i++) {
    const group = scheduler.choose(heads)!;
    bytes[group]! += heads[group]!;
  }
  return bytes;
}

describe('deficit round robin', () => {
  it.each([
    [70, 30, 1500, 1500],
    [50, 50, 9000, 64],
    [95, 5, 2200, 9216],
  ])('gives %d and %d percent whatever the frames are', (one, other, oneBytes, otherBytes) => {
    const bandwidth = [one, other, 0, 0, 0, 0, 0, 0];
    const bytes = serve(bandwidth, only({ 0: oneBytes, 1: otherBytes }), 20_000);
    expect(bytes[0]! / (bytes[0]! + bytes[1]!)).toBeCloseTo(one / 100, 2);
  });

  it('gives all to who is alone, and what one does not use to the others', () => {
    expect(serve([70, 30, 0, 0, 0, 0, 0, 0], only({ 1: 100 }))[1]).toBe(500_000);
    const bytes = serve([60, 20, 20, 0, 0, 0, 0, 0], only({ 1: 100, 2: 100 }));
    expect(bytes[1]).toBeCloseTo(bytes[2]!, -4);
  });

  it('lets strict groups go first, the higher number before the lower', () => {
    const scheduler = new GroupScheduler([100, 'strict', 'strict', 0, 0, 0, 0, 0]);
    expect(scheduler.choose(only({ 0: 100, 1: 100, 2: 100 }))).toBe(2);
    expect(scheduler.choose(only({ 0: 100, 1: 100 }))).toBe(1);
    expect(scheduler.choose(only({ 0: 100 }))).toBe(0);
  });

  it('gives a group without a percentage what is left, and none where nothing waits', () => {
    const scheduler = new GroupScheduler([100, 0, 0, 0, 0, 0, 0, 0]);
    expect(scheduler.choose(only({ 1: 100 }))).toBe(1);
    expect(scheduler.choose(only({ 0: 100, 1: 100 }))).toBe(0);
    expect(scheduler.choose(only({}))).toBeUndefined();
  });
});
