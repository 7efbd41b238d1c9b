/** Counts in bounded memory. */
import { describe, expect, test } from 'vitest';
import { LatencyHistogram, TimeHistogram } from '../../../src/report/histogram.ts';

describe('histograms', () => {
  test('percentiles are exact to a step of a sixty-fourth', () => {
    const latency = new LatencyHistogram();
    for (let ns = 1; ns <= 100_000; ns++) latency.add(ns);
    for (const percent of [50, 90, 99]) {
      const exact = percent * 1000;
      expect(latency.percentile(percent)).toBeGreaterThanOrEqual(exact);
      expect(latency.percentile(percent)).toBeLessThan(exact * 2 ** (1 / 32));
    }
    expect(latency.percentile(100)).toBe(100_000);
  });

  test('no event is lost when the time outgrows the room', () => {
    const events = new TimeHistogram();
    for (let i = 0; i < 1000; i++) events.add(i * 1_000_000);
    const untilNs = TimeHistogram.BUCKETS * events.bucketNs;
    const rates = events.rates(0, untilNs, 10);
    const sum = (rates.reduce((a, b) => a + b, 0) * untilNs) / 1e10;
    expect(sum).toBeCloseTo(1000, 6);
    // The events fill the time up to their last second, 1000 of them a second.
    for (const rate of rates.slice(0, 8)) expect(Math.abs(rate - 1000)).toBeLessThan(60);
  });

  test('none are there: every percentile and every rate is 0', () => {
    expect(new LatencyHistogram().percentile(99)).toBe(0);
    expect(new TimeHistogram().rates(0, 1e9, 4)).toEqual([0, 0, 0, 0]);
  });

  test('a part of the time that is asked for has its own events only', () => {
    const events = new TimeHistogram();
    for (const at of [10, 20, 3_000_000]) events.add(at * 1000);
    const [early, late] = events.rates(0, 4e9, 2);
    expect(early! * 2).toBeCloseTo(2, 6);
    expect(late! * 2).toBeCloseTo(1, 6);
  });
});
