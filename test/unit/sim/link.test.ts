import { describe, expect, it } from 'vitest';
import { pair, tagged } from '../../helpers/sim-machines.ts';

describe('link timing', () => {
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
