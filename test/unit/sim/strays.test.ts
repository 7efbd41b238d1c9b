import { expect, it } from 'vitest';
import { EventQueue } from '../../../src/sim/event-queue.ts';
import { Strays } from '../../../src/sim/strays.ts';
import { TransitEvent } from '../../../src/sim/transit-parts.ts';
import { pair } from '../../helpers/sim-machines.ts';

function rig() {
  const queue = new EventQueue();
  const [there, back] = pair().link.lanes;
  const strays = new Strays(queue);
  const sentOf = (ordinal: number) => ({
    frame: Uint8Array.of(ordinal),
    given: false,
    ordinal,
    fate: undefined,
  });
  /** The next event, and the stray that it is for. */
  const next = () => {
    const event = { timeNs: 0, kind: 0, a: 0, b: 0 };
    if (!queue.popInto(event)) return undefined;
    expect(event.kind).toBe(TransitEvent.STRAY);
    const { lane, sent } = strays.take(event.a);
    return [event.timeNs, lane.direction, sent.ordinal];
  };
  return { queue, strays, there, back, sentOf, next };
}

it('each arrives at its own time', () => {
  const { strays, there, back, sentOf, next } = rig();
  strays.add(there, sentOf(1), 300);
  strays.add(back, sentOf(2), 100);
  strays.add(there, sentOf(3), 100);
  expect([there.strays, back.strays]).toEqual([2, 1]);
  expect([next(), next(), next(), next()]).toEqual([
    [100, 'b-to-a', 2],
    [100, 'a-to-b', 3],
    [300, 'a-to-b', 1],
    undefined,
  ]);
  expect([there.strays, back.strays]).toEqual([0, 0]);
});

it('those of a lane that is lost do not arrive, and the others do', () => {
  const { queue, strays, there, back, sentOf, next } = rig();
  for (const ordinal of [1, 2]) strays.add(there, sentOf(ordinal), 100);
  strays.add(back, sentOf(3), 200);
  expect(strays.takeAll(there)).toEqual([sentOf(1), sentOf(2)]);
  expect(strays.takeAll(there)).toEqual([]);
  expect([there.strays, back.strays, queue.size]).toEqual([0, 1, 1]);
  expect([next(), next()]).toEqual([[200, 'b-to-a', 3], undefined]);
});
