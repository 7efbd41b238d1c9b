import { describe, expect, it } from 'vitest';
import { Percentiles } from '../../../../src/audit/told/percentiles.ts';

describe('percentiles', () => {
  it('are exact within one part in 32, from nanoseconds to hours', () => {
    for (const scale of [1, 997, 1e6, 1e9, 3.6e12]) {
      const times = new Percentiles();
      for (let i = 1000; i >= 1; i--) times.add(i * scale);
      for (const share of [0.01, 0.5, 0.95, 0.99, 1]) {
        const exact = Math.ceil(1000 * share) * scale;
        expect(times.at(share)).toBeGreaterThanOrEqual(exact);
        expect(times.at(share)).toBeLessThanOrEqual(Math.ceil(exact * (1 + 1 / 32)) + 1);
      }
      expect([times.count, times.maxNs, times.at(1)]).toEqual([1000, 1000 * scale, 1000 * scale]);
    }
  });

  it('of nothing are 0, and none is longer than the longest', () => {
    const times = new Percentiles();
    expect(times.at(0.5)).toBe(0);
    times.add(0);
    expect(times.at(0.5)).toBe(0);
    times.add(1001);
    expect([times.at(0.99), times.maxNs]).toEqual([1001, 1001]);
  });
});
