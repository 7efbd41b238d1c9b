import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/sim/event-queue.ts';

/** Takes out everything, as [time, a]. */
function drain(queue: EventQueue, untilNs?: number): [number, number][] {
  const event = { timeNs: 0, kind: 0, a: 0, b: 0 };
  const out: [number, number][] = [];
  while (queue.popInto(event, untilNs)) out.push([event.timeNs, event.a]);
  return out;
}

describe('EventQueue', () => {
  it('gives events by time, those of one time in the order they went in', () => {
    const queue = new EventQueue();
    for (const [i, time] of [5, 3, 5, 0, 3, 9_000_000_000, 5].entries()) {
      queue.schedule(time, 1, i, 0);
    }
    expect(queue.size).toBe(7);
    expect(drain(queue)).toEqual([
      [0, 3],
      [3, 1],
      [3, 4],
      [5, 0],
      [5, 2],
      [5, 6],
      [9_000_000_000, 5],
    ]);
    expect(queue.size).toBe(0);
  });

  it('keeps kind, a and b as 32-bit integers', () => {
    const queue = new EventQueue();
    queue.schedule(7, 3, -1, 0x7fff_ffff);
    const event = { timeNs: 0, kind: 0, a: 0, b: 0 };
    expect(queue.popInto(event)).toBe(true);
    expect(event).toEqual({ timeNs: 7, kind: 3, a: -1, b: 0x7fff_ffff });
    expect(queue.popInto(event)).toBe(false);
    expect(event.timeNs).toBe(7);
  });

  it('stops at the time it is told, that time included', () => {
    const queue = new EventQueue();
    for (const time of [10, 20, 21]) queue.schedule(time, 0, time, 0);
    expect(drain(queue, 9)).toEqual([]);
    expect(drain(queue, 20)).toEqual([
      [10, 10],
      [20, 20],
    ]);
    expect(drain(queue)).toEqual([[21, 21]]);
  });

  it('takes events before one it has already looked for', () => {
    const queue = new EventQueue();
    queue.schedule(90_000_000_000, 0, 1, 0);
    expect(drain(queue, 50_000_000_000)).toEqual([]);
    queue.schedule(60_000_000_000, 0, 2, 0);
    queue.schedule(50_000_000_001, 0, 3, 0);
    queue.schedule(1, 0, 4, 0);
    expect(drain(queue).map(([, a]) => a)).toEqual([4, 3, 2, 1]);
  });

  it('orders the largest times there are', () => {
    const queue = new EventQueue();
    const last = Number.MAX_SAFE_INTEGER;
    const times = [last, last - 1, 2 ** 52, 2 ** 50 + 1, 2 ** 50, 2 ** 32, 2 ** 32 - 1, 2 ** 31, 0];
    for (const time of times) queue.schedule(time, 0, 0, 0);
    expect(drain(queue).map(([time]) => time)).toEqual(times.toReversed());
  });

  it('cancels near and far events, once', () => {
    const queue = new EventQueue();
    const near = queue.schedule(1, 0, 1, 0);
    queue.schedule(2, 0, 2, 0);
    const far = queue.schedule(3_000_000_000, 0, 3, 0);
    const farToo = queue.schedule(3_000_000_000, 0, 4, 0);
    expect(drain(queue, 0)).toEqual([]);
    expect([near, far].map((handle) => queue.cancel(handle))).toEqual([true, true]);
    expect([near, far].map((handle) => queue.cancel(handle))).toEqual([false, false]);
    expect(queue.isPending(farToo)).toBe(true);
    expect(queue.size).toBe(2);
    expect(drain(queue)).toEqual([
      [2, 2],
      [3_000_000_000, 4],
    ]);
    expect(queue.isPending(farToo)).toBe(false);
  });

  it('does not take an old handle for the new event in its place', () => {
    const queue = new EventQueue();
    const old = queue.schedule(1, 0, 1, 0);
    drain(queue);
    const fresh = queue.schedule(2, 0, 2, 0);
    expect(old).not.toBe(fresh);
    expect(queue.cancel(old)).toBe(false);
    expect(queue.cancel(Number.NaN)).toBe(false);
    expect(queue.cancel(-1)).toBe(false);
    expect(drain(queue)).toEqual([[2, 2]]);
  });

  it('reschedules behind the events already due then', () => {
    const queue = new EventQueue();
    const moved = queue.schedule(1, 7, 1, 11);
    queue.schedule(5, 0, 2, 0);
    const handle = queue.reschedule(moved, 5)!;
    expect(queue.reschedule(moved, 6)).toBeUndefined();
    expect(queue.isPending(handle)).toBe(true);
    expect(drain(queue)).toEqual([
      [5, 2],
      [5, 1],
    ]);
  });

  it('survives a timer that is set and cancelled again and again before it is due', () => {
    const queue = new EventQueue(1);
    queue.schedule(500, 0, 1, 0);
    queue.schedule(400, 0, 2, 0);
    // The first look brings the horizon past the timers: these cancellations are in the heap.
    expect(drain(queue, 1)).toEqual([]);
    for (let i = 0; i < 300_000; i++) queue.cancel(queue.schedule(i % 1000, 0, 99, 0));
    expect(queue.size).toBe(2);
    expect(drain(queue)).toEqual([
      [400, 2],
      [500, 1],
    ]);
  });

  it('refuses times that are no nanoseconds and capacities that are none', () => {
    const queue = new EventQueue();
    for (const time of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => queue.schedule(time, 0, 0, 0)).toThrow(RangeError);
    }
    expect(queue.size).toBe(0);
    for (const capacity of [0, 1.5, 2 ** 25]) {
      expect(() => new EventQueue(capacity)).toThrow(RangeError);
    }
  });
});
