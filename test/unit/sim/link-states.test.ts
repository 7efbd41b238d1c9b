/** Links that pause, go down and come up. */
import { describe, expect, it } from 'vitest';
import { accounted, pair, tagged } from '../../helpers/sim-machines.ts';

describe('pause', () => {
  it('lets the frame being sent finish and holds those behind it until the time', () => {
    const { simulator, right, link, sendAt } = pair();
    sendAt(0, [1, 2, 3]);
    simulator.call(1_500, () => link.pause('a-to-b', 50_000));
    simulator.run();
    // 2 started at 1,000; 3 starts at 50,000.
    expect(right.times).toEqual([2_000, 3_000, 52_000]);
    expect(right.tags).toEqual([1, 2, 3]);
  });

  it('lasts until resumed where no time is given, and only in its direction', () => {
    const { simulator, left, right, link, sendAt } = pair();
    link.pause('a-to-b');
    sendAt(0, [1, 2]);
    right.outputs.push({ port: 0, send: tagged(9), given: false });
    expect(simulator.run().why).toBe('idle');
    expect(right.times).toEqual([]);
    expect(left.times).toEqual([2_000]);
    expect(link.stats('a-to-b').inFlight).toBe(2);
    simulator.run({ untilNs: 70_000 });
    link.resume('a-to-b');
    simulator.run();
    expect(right.times).toEqual([72_000, 73_000]);
  });

  it('can be shortened, prolonged and renewed', () => {
    const { simulator, right, link, sendAt } = pair();
    simulator.call(0, () => link.pause('a-to-b', 90_000));
    sendAt(10, [1]);
    simulator.call(20_000, () => link.pause('a-to-b', 30_000));
    sendAt(40_000, [2, 3]);
    simulator.call(40_500, () => link.pause('a-to-b', 60_000));
    simulator.call(50_000, () => link.pause('a-to-b', 70_000));
    simulator.run();
    expect(right.times).toEqual([32_000, 42_000, 72_000]);
    expect(() => link.pause('a-to-b', Number.NaN)).toThrow(RangeError);
  });
});

describe('cut', () => {
  it('loses what is in flight, tells both machines, and takes frames again when it is over', () => {
    const { simulator, left, right, link, sendAt } = pair();
    sendAt(0, [1, 2, 3]);
    simulator.call(2_500, () => link.cut(10_000));
    sendAt(5_000, [4]);
    sendAt(12_501, [5]);
    const links: string[] = [];
    simulator.observe({ link: ({ what, timeNs }) => links.push(`${what} ${timeNs}`) });
    simulator.run();
    expect(right.tags).toEqual([1, 5]);
    expect(right.times).toEqual([2_000, 14_501]);
    const told = [
      { port: 0, up: false, now: 2_500 },
      { port: 0, up: true, now: 12_500 },
    ];
    expect(left.links).toEqual(told);
    expect(right.links).toEqual(told);
    expect(links).toEqual(['down 2500', 'up 12500']);
    expect(link.stats('a-to-b')).toMatchObject({ sent: 5, delivered: 2, linkDropped: 3 });
  });

  it('lasts until restored where no time is given', () => {
    const { simulator, right, link, sendAt } = pair();
    link.cut();
    sendAt(1_000, [1]);
    simulator.run({ untilNs: 5_000 });
    expect(link.up).toBe(false);
    link.restore();
    expect(link.up).toBe(true);
    sendAt(6_000, [2]);
    simulator.run();
    expect(right.tags).toEqual([2]);
    expect(right.links.map(({ up, now }) => [up, now])).toEqual([
      [false, 0],
      [true, 5_000],
    ]);
  });

  it('is prolonged, never shortened, by another cut', () => {
    const { simulator, right, link } = pair();
    simulator.call(0, () => link.cut(10_000));
    simulator.call(5_000, () => link.cut(20_000));
    simulator.call(6_000, () => link.cut(1_000));
    simulator.run();
    expect(right.links.map(({ up, now }) => [up, now])).toEqual([
      [false, 0],
      [true, 25_000],
    ]);
    expect(() => link.cut(0)).toThrow(RangeError);
  });

  it('leaves transmitter and queue empty', () => {
    const { simulator, right, link, sendAt } = pair({ queueLimitBytes: 202 });
    sendAt(0, [1, 2, 3]);
    simulator.call(100, () => link.cut());
    simulator.call(200, () => link.restore());
    sendAt(200, [4, 5, 6]);
    simulator.run();
    expect(right.tags).toEqual([4, 5, 6]);
    expect(right.times).toEqual([2_200, 3_200, 4_200]);
  });

  it('forgets a pause', () => {
    const { simulator, right, link, sendAt } = pair();
    link.pause('a-to-b');
    sendAt(0, [1]);
    simulator.call(1_000, () => link.cut(1_000));
    sendAt(3_000, [2]);
    simulator.run();
    expect(right.tags).toEqual([2]);
    expect(accounted(link.stats('a-to-b'))).toBe(2);
  });
});
