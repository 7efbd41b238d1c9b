/** What a lane of the live driver keeps, and for how long; the rules' own test is that of `src/link`. */
import { expect, it } from 'vitest';
import { FaultPlan, type FaultRule } from '../../../src/link/faults.ts';
import { LiveLane } from '../../../src/live/lane.ts';
import { streams } from '../../../src/machine/random.ts';
import { Timers } from '../../../src/machine/timers.ts';

function rig(...rules: FaultRule[]) {
  let now = 0;
  const timers = new Timers();
  const delivered: number[] = [];
  const lane = new LiveLane({
    clock: () => now,
    at: (atNs, run) => timers.set(atNs, run),
    deliver: (frame) => delivered.push(frame[0]!),
    cut: () => {},
  });
  const plan = new FaultPlan(streams(1).stream);
  for (const rule of rules) plan.add(rule);
  lane.setRules(plan.rules);
  const send = (tag: number, lengthBytes = 4) =>
    lane.send(new Uint8Array(lengthBytes).fill(tag, 0, 1));
  const passTo = (atNs: number) => {
    now = atNs;
    timers.run(now);
  };
  return { lane, timers, delivered, send, passTo };
}

const clog = { nth: 1, action: { kind: 'clog', forNs: 50 } } as const;
const reorder = { nth: 1, action: { kind: 'reorder', withinNs: 50 } } as const;

it('frames that a rule holds back arrive also when it is in force no more', () => {
  for (const rule of [clog, reorder, { action: { kind: 'delay', delayNs: 50 } } as const]) {
    const { lane, delivered, send, passTo } = rig(rule);
    send(1);
    lane.setRules([]);
    expect(delivered).toEqual([]);
    passTo(50);
    expect(delivered, rule.action.kind).toEqual([1]);
  }
});

it('behind a clog there is room for 16 MiB; what comes then is lost', () => {
  const { delivered, send, passTo } = rig(clog);
  for (let tag = 1; tag <= 17; tag++) send(tag, 2 ** 20);
  passTo(50);
  expect(delivered).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});

it('has no timer once all has arrived or is lost', () => {
  const released = rig(reorder);
  released.send(1);
  released.send(2);
  expect(released.delivered).toEqual([2, 1]);
  expect(released.timers.deadline).toBeUndefined();
  const lost = rig(clog, { action: { kind: 'duplicate', afterNs: 100 } }, { ...reorder, nth: 2 });
  lost.send(1);
  lost.send(2);
  lost.passTo(50);
  lost.send(3);
  lost.lane.lose();
  expect(lost.timers.deadline).toBeUndefined();
  expect(lost.delivered[0]).toBe(1);
});
