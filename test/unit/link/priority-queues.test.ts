import { describe, expect, it } from 'vitest';
import { PriorityQueues, type QueuedFrame } from '../../../src/link/priority-queues.ts';
import { GROUPS_DEFAULT } from '../../../src/link/qos-options.ts';

const CONFIGURATION = { ...GROUPS_DEFAULT, pfcEnabled: 8 };

function frame(priority: number, ordinal: number, bytes = 100, sinceNs = 0): QueuedFrame {
  const sent = { frame: new Uint8Array(bytes), given: true, ordinal, fate: undefined };
  return { sent, priority, sinceNs, wireBytes: bytes + 24 };
}
const ordinals = (queues: PriorityQueues): number[] => {
  const all: number[] = [];
  for (;;) {
    const next = queues.take();
    if (next === undefined) return all;
    all.push(next.sent.ordinal);
  }
};

describe('queues by priority', () => {
  it('keep the order of each priority; priorities of one group take turns', () => {
    const queues = new PriorityQueues(CONFIGURATION, 10_000);
    for (let i = 0; i < 3; i++) queues.push(frame(0, i));
    for (let i = 10; i < 13; i++) queues.push(frame(5, i));
    expect(queues.length).toBe(6);
    const taken = ordinals(queues);
    expect(taken.filter((one) => one < 10)).toEqual([0, 1, 2]);
    expect(taken.slice(0, 4).filter((one) => one < 10)).toHaveLength(2);
  });

  it('hold what is paused, and let control frames go first', () => {
    const queues = new PriorityQueues(CONFIGURATION, 10_000);
    queues.push(frame(3, 1));
    queues.push(frame(0, 2));
    queues.pausedMask = 8;
    queues.pushControl(frame(0, 3));
    expect(queues.isBacklogged(1)).toBe(false);
    expect(ordinals(queues)).toEqual([3, 2]);
    queues.pausedMask = 0;
    expect(ordinals(queues)).toEqual([1]);
  });

  it('have room for so many bytes of a priority', () => {
    const queues = new PriorityQueues(CONFIGURATION, 250);
    queues.push(frame(3, 1));
    queues.push(frame(3, 2));
    expect(queues.hasRoom(3, 100)).toBe(false);
    expect(queues.hasRoom(0, 250)).toBe(true);
    expect(queues.bytesMax).toBe(200);
  });

  it('say what has waited for too long, and give all up when the link goes', () => {
    const queues = new PriorityQueues(CONFIGURATION, 10_000);
    queues.push(frame(3, 1, 100, 5));
    queues.push(frame(3, 2, 100, 9));
    expect(queues.oldestNs).toBe(5);
    expect(queues.takeOlder(3, 4)).toBeUndefined();
    expect(queues.takeOlder(3, 5)?.sent.ordinal).toBe(1);
    queues.pausedMask = 8;
    expect(queues.clear().map(({ sent }) => sent.ordinal)).toEqual([2]);
    expect([queues.length, queues.pausedMask, queues.oldestNs]).toEqual([0, 0, Infinity]);
  });

  it('may be configured otherwise while frames wait', () => {
    const queues = new PriorityQueues(CONFIGURATION, 10_000);
    queues.push(frame(3, 1));
    queues.configuration = { ...CONFIGURATION, groups: [0, 0, 0, 7, 0, 0, 0, 0] };
    expect(queues.isBacklogged(1)).toBe(false);
    expect(queues.isBacklogged(7)).toBe(true);
    expect(ordinals(queues)).toEqual([1]);
  });
});
