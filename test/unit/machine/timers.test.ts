import { describe, expect, it } from 'vitest';

import { streams } from '../../../src/machine/random.ts';
import { type Timer, Timers } from '../../../src/machine/timers.ts';

describe('Timers', () => {
  it('run in the order of time, then of setting, whatever is cancelled', () => {
    const random = streams(3).stream('timers');
    const timers = new Timers();
    /** Timers pending: when, in which order set, and by which number. */
    let pending: { at: number; order: number; timer: Timer }[] = [];
    const ran: number[] = [];
    let order = 0;
    let now = 0;
    for (let step = 0; step < 5_000; step++) {
      const what = random.below(10);
      if (what < 6) {
        const at = now + random.below(50);
        const own = order++;
        pending.push({ at, order: own, timer: timers.set(at, () => ran.push(own)) });
      } else if (what < 8 && pending.length > 0) {
        const [gone] = pending.splice(random.below(pending.length), 1);
        gone!.timer.cancel();
        gone!.timer.cancel();
      } else {
        now += random.below(20);
        const due = pending
          .filter(({ at }) => at <= now)
          .sort((a, b) => a.at - b.at || a.order - b.order);
        pending = pending.filter(({ at }) => at > now);
        ran.length = 0;
        timers.run(now);
        expect(ran).toEqual(due.map((one) => one.order));
        for (const { timer } of due) timer.cancel();
      }
      const first = Math.min(...pending.map(({ at }) => at));
      expect(timers.deadline).toBe(first === Infinity ? undefined : first);
      expect(timers.pending).toBe(pending.length);
    }
  });

  it('run what is set for now while they run', () => {
    const timers = new Timers();
    const ran: string[] = [];
    timers.set(5, () => {
      ran.push('first');
      timers.set(5, () => ran.push('third'));
      timers.set(6, () => ran.push('later'));
    });
    timers.set(5, () => ran.push('second'));
    timers.run(5);
    expect(ran).toEqual(['first', 'second', 'third']);
    expect(timers.deadline).toBe(6);
  });

  it('that set each other for now without end are an error', () => {
    const timers = new Timers();
    const again = () => timers.set(5, again);
    again();
    expect(() => timers.run(5)).toThrow(/set each other for 5 without end/);
  });

  it('that are set and cancelled for ever take no more room than a few', () => {
    const timers = new Timers();
    const kept = timers.set(7, () => {});
    for (let i = 0; i < 100_000; i++) timers.set(1_000_000 - i, () => {}).cancel();
    expect(timers.pending).toBe(1);
    expect(timers.held).toBeLessThan(200);
    expect(timers.deadline).toBe(7);
    kept.cancel();
    kept.cancel();
    expect([timers.pending, timers.deadline]).toEqual([0, undefined]);
  });
});
