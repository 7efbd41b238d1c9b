import { describe, expect, it } from 'vitest';
import { hit, log } from '../../helpers/held-write.ts';

describe('attempts and their frames', () => {
  it('are found again by the exchange, at the time they were sent', () => {
    const all = log();
    all.conclude([hit], [3]);
    const [first, second] = all.attempts;
    expect(first!.frames.map(({ number }) => number)).toEqual([1, 3]);
    expect(second!.frames.map(({ number }) => number)).toEqual([2]);
    expect(first!.applied).toHaveLength(1);
    expect(all.attemptOf(all.frames[3]!)).toBeUndefined();
  });

  it('concern a violation: its frames, what the fault held, and writes over the same blocks', () => {
    const all = log();
    all.conclude([hit], [3]);
    expect(all.frames.map((one) => all.concerns(one))).toEqual([true, true, true, false]);
    expect(all.isHeld(all.frames[2]!)).toBe(true);
    expect(all.addresses()).toEqual(['010101']);
    expect(all.comesFromSwitch(all.frames[0]!)).toBe(false);
  });
});
