import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/machine/machine.ts';
import { accounted, pair, tagged } from '../../helpers/sim-machines.ts';

describe('link timing', () => {
  it.each([
    // (frame + 24) x 8 bits at the rate, rounded up, then the delay. Short frames count 60 bytes.
    { rate: 10e9, delay: 500, bytes: 1500, due: 1_220 + 500 },
    { rate: 10e9, delay: 500, bytes: 60, due: 68 + 500 },
    { rate: 10e9, delay: 500, bytes: 14, due: 68 + 500 },
    { rate: 1e9, delay: 0, bytes: 60, due: 672 },
    { rate: 25e9, delay: 1, bytes: 2140, due: 693 + 1 },
    { rate: 1e3, delay: 7, bytes: 101, due: 1 * SECOND + 7 },
  ])('$bytes bytes at $rate bit/s', ({ rate, delay, bytes, due }) => {
    const { simulator, right, sendAt } = pair({ rateBitsPerSecond: rate, propagationNs: delay });
    sendAt(0, [1], bytes);
    simulator.run();
    expect(right.times).toEqual([due]);
  });

  it('sends one frame after the other, both directions at once', () => {
    const { simulator, left, right, sendAt } = pair();
    sendAt(0, [1, 2, 3]);
    sendAt(10_000, [4]);
    right.outputs.push({ port: 0, send: tagged(9), given: false });
    simulator.run();
    expect(right.times).toEqual([2_000, 3_000, 4_000, 12_000]);
    expect(right.tags).toEqual([1, 2, 3, 4]);
    expect(left.times).toEqual([2_000]);
  });

  it('hands on the very array, not a copy', () => {
    const { simulator, left, right } = pair();
    const frame = tagged(1);
    left.outputs.push({ port: 0, send: frame, given: false });
    simulator.run();
    expect(right.received[0]!.frame).toBe(frame);
    expect(right.received[0]!.port).toBe(0);
  });

  it('refuses parameters that make no sense', () => {
    expect(() => pair({ rateBitsPerSecond: 0 })).toThrow(RangeError);
    expect(() => pair({ rateBitsPerSecond: Number.NaN })).toThrow(RangeError);
    expect(() => pair({ propagationNs: 0.5 })).toThrow(RangeError);
    expect(() => pair({ queueLimitBytes: -1 })).toThrow(RangeError);
  });
});

describe('transmit queue', () => {
  it('drops at the tail what does not fit, the frame being sent not counted', () => {
    const { simulator, right, link, sendAt } = pair({ queueLimitBytes: 250 });
    const dropped: number[] = [];
    simulator.observe({
      frame: ({ what, reason, frame }) => {
        if (what === 'dropped' && reason === 'tail') dropped.push(frame[0]!);
      },
    });
    // 1 is sent; 2 and 3 wait (202 bytes); 4 and 5 would be too much.
    sendAt(0, [1, 2, 3, 4, 5]);
    // At 1,000 ns 2 has started: room for 6, not for 7.
    sendAt(1_000, [6, 7]);
    simulator.run();
    expect(right.tags).toEqual([1, 2, 3, 6]);
    expect(dropped).toEqual([4, 5, 7]);
    expect(link.stats('a-to-b')).toMatchObject({
      sent: 7,
      sentBytes: 707,
      delivered: 4,
      deliveredBytes: 404,
      tailDropped: 3,
      inFlight: 0,
      queueBytesMax: 202,
    });
  });

  it('takes a small frame where a large one did not fit', () => {
    const { simulator, right, left } = pair({ queueLimitBytes: 80 });
    for (const [tag, length] of [
      [1, 101],
      [2, 101],
      [3, 60],
    ] as const) {
      left.outputs.push({ port: 0, send: tagged(tag, length), given: false });
    }
    simulator.run();
    expect(right.tags).toEqual([1, 3]);
  });

  it('without room still sends what need not wait', () => {
    const { simulator, right, sendAt } = pair({ queueLimitBytes: 0 });
    sendAt(0, [1, 2]);
    sendAt(1_000, [3]);
    simulator.run();
    expect(right.tags).toEqual([1, 3]);
  });
});

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

describe('taps', () => {
  it('see at one end what it sends and what arrives there', () => {
    const { simulator, right, sendAt } = pair();
    const seen: string[] = [];
    for (const end of ['a', 'b'] as const) {
      simulator.tap('wire', end, (link, direction, timeNs, frame) => {
        seen.push(`${end} ${link.name} ${direction} ${timeNs} ${frame[0]}`);
      });
    }
    simulator.addFault({ link: 'wire', nth: 2, action: { kind: 'drop' } });
    sendAt(0, [1, 2]);
    simulator.call(5_000, () => {
      right.outputs.push({ port: 0, send: tagged(3), given: false });
      simulator.act('right', () => {});
    });
    simulator.run();
    expect(seen).toEqual([
      'a wire a-to-b 0 1',
      'a wire a-to-b 0 2',
      'b wire a-to-b 2000 1',
      'b wire b-to-a 5000 3',
      'a wire b-to-a 7000 3',
    ]);
  });
});
