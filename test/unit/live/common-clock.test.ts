/** The clock of this machine: two readings of one moment say the same. */
import { expect, test } from 'vitest';
import { commonClock } from '../../../src/live/common-clock.ts';

test.runIf(process.platform === 'linux')('two clocks of one machine have one zero', () => {
  const [one, other] = [1000, 2000].map((ms) => {
    const originNs = process.hrtime.bigint() - BigInt(ms * 1e6);
    const clock = commonClock(() => Number(process.hrtime.bigint() - originNs))!;
    return { ...clock, offNs: Number(clock.zeroNs - originNs) };
  });
  expect(one!.machine).toMatch(/^CLOCK_MONOTONIC [0-9a-f-]{36} time:\[\d+\]$/);
  expect(one!.machine).toBe(other!.machine);
  for (const { offNs, withinNs } of [one!, other!]) {
    expect(Math.abs(offNs)).toBeLessThanOrEqual(withinNs);
  }
});
