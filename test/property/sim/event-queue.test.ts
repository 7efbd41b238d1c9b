import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventQueue } from '../../../src/sim/event-queue.ts';

/** The simplest queue there is: a list searched for its least element. */
class Model {
  readonly pending: { timeNs: number; sequence: number; a: number }[] = [];
  #sequence = 0;

  schedule(timeNs: number, a: number): void {
    this.pending.push({ timeNs, sequence: this.#sequence++, a });
    this.pending.sort((x, y) => x.timeNs - y.timeNs || x.sequence - y.sequence);
  }

  remove(a: number): boolean {
    const at = this.pending.findIndex((event) => event.a === a);
    if (at >= 0) this.pending.splice(at, 1);
    return at >= 0;
  }

  pop(untilNs: number): number | undefined {
    const first = this.pending[0];
    if (first === undefined || first.timeNs > untilNs) return undefined;
    this.pending.shift();
    return first.a;
  }
}

/** Delays of every size, many of them equal, many at the edges of powers of two. */
const delay = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 5_000 }),
  fc.integer({ min: 0, max: 4_000_000_000 }),
  fc
    .tuple(fc.integer({ min: 0, max: 51 }), fc.integer({ min: -1, max: 1 }))
    .map(([bit, off]) => Math.max(0, 2 ** bit + off)),
);

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('schedule' as const), delay }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), pick: fc.nat(), delay }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pop' as const), delay }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pop any' as const) }) },
);

it('does what a sorted list does', () => {
  const run = fc.property(fc.array(command, { maxLength: 300, size: 'max' }), (commands) => {
    const queue = new EventQueue(1);
    const model = new Model();
    const handles: number[] = [];
    const event = { timeNs: 0, kind: 0, a: -1, b: 0 };
    let now = 0;
    const pop = (untilNs: number) => {
      const popped = queue.popInto(event, untilNs) ? event.a : undefined;
      if (popped !== undefined) now = event.timeNs;
      expect(popped).toBe(model.pop(untilNs));
    };
    for (const step of commands) {
      const timeNs = 'delay' in step ? Math.min(now + step.delay, Number.MAX_SAFE_INTEGER) : 0;
      const a = 'pick' in step && handles.length > 0 ? step.pick % handles.length : 0;
      if (step.do === 'schedule') {
        model.schedule(timeNs, handles.length);
        handles.push(queue.schedule(timeNs, 0, handles.length, 0));
      } else if (step.do === 'pop' || step.do === 'pop any') {
        pop(step.do === 'pop' ? timeNs : Infinity);
      } else if (handles.length > 0 && step.do === 'cancel') {
        expect(queue.cancel(handles[a]!)).toBe(model.remove(a));
      } else if (handles.length > 0 && step.do === 'move') {
        const moved = queue.reschedule(handles[a]!, timeNs);
        expect(moved !== undefined).toBe(model.remove(a));
        if (moved !== undefined) {
          model.schedule(timeNs, a);
          handles[a] = moved;
        }
      }
      expect(queue.size).toBe(model.pending.length);
    }
    while (model.pending.length > 0) pop(Infinity);
    expect(queue.popInto(event)).toBe(false);
  });
  fc.assert(run, { seed: 20260101, numRuns: 500 });
});

it('orders thousands of events of one microsecond and of many days', () => {
  const times = fc.array(fc.oneof(fc.nat(1_000), fc.nat(10 ** 15)), {
    minLength: 2_000,
    maxLength: 5_000,
    size: 'max',
  });
  const run = fc.property(times, (list) => {
    const queue = new EventQueue();
    for (const [i, time] of list.entries()) queue.schedule(time, 0, i, 0);
    const order: number[] = [];
    const event = { timeNs: 0, kind: 0, a: 0, b: 0 };
    while (queue.popInto(event)) order.push(event.a);
    const sorted = [...list.keys()].sort((x, y) => list[x]! - list[y]! || x - y);
    expect(order).toEqual(sorted);
  });
  fc.assert(run, { seed: 20260102, numRuns: 20 });
});
