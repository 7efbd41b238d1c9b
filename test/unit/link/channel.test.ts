/** A channel alone: times, room, pauses. */
import { describe, expect, it } from 'vitest';
import { Channel, type LinkOptions, linkParameters } from '../../../src/link/channel.ts';
import { SECOND } from '../../../src/machine/machine.ts';

/** 1 Gbit/s and 1,000 ns: a frame of 101 bytes takes 1,000 ns, and is due after 2,000. */
const channelOf = (options: LinkOptions = {}) =>
  new Channel(linkParameters({ rateBitsPerSecond: 1e9, propagationNs: 1_000, ...options }));
const frameOf = (tag: number, lengthBytes = 101) => new Uint8Array(lengthBytes).fill(tag, 0, 1);

/** Offers frames with these tags; which found room. */
const offer = (channel: Channel, now: number, ...tags: number[]) =>
  tags.filter((tag) => channel.offer(frameOf(tag), false, tag, undefined, now));

/** All frames as they come: when, and the tag. */
function drain(channel: Channel): [number, number][] {
  const came: [number, number][] = [];
  let now = 0;
  while (channel.length > 0) {
    now = channel.nextDueNs(now);
    // Once it is that time, what starts until then has started.
    expect(channel.nextDueNs(now)).toBe(now);
    came.push([now, channel.shift()![0]!]);
    expect(channel.ordinal).toBe(came.at(-1)![1]);
  }
  return came;
}

describe('time', () => {
  it.each([
    // (frame + 24) x 8 bits at the rate, rounded up, then the delay. Short frames count 60 bytes.
    { rate: 10e9, delay: 500, bytes: 1500, due: 1_220 + 500 },
    { rate: 10e9, delay: 500, bytes: 60, due: 68 + 500 },
    { rate: 10e9, delay: 500, bytes: 14, due: 68 + 500 },
    { rate: 1e9, delay: 0, bytes: 60, due: 672 },
    { rate: 25e9, delay: 1, bytes: 2140, due: 693 + 1 },
    { rate: 1e3, delay: 7, bytes: 101, due: 1 * SECOND + 7 },
    { rate: Infinity, delay: 0, bytes: 1500, due: 0 },
  ])('$bytes bytes at $rate bit/s', ({ rate, delay, bytes, due }) => {
    const channel = channelOf({ rateBitsPerSecond: rate, propagationNs: delay });
    channel.offer(frameOf(1, bytes), false, 1, undefined, 0);
    expect(channel.nextDueNs(0)).toBe(due);
  });

  it('passes for one frame after the other, however many wait', () => {
    const channel = channelOf();
    const tags = Array.from({ length: 40 }, (_, i) => i + 1);
    expect(offer(channel, 0, ...tags)).toEqual(tags);
    expect(channel.length).toBe(40);
    expect(drain(channel)).toEqual(tags.map((tag) => [1_000 + tag * 1_000, tag]));
    expect(channel.nextDueNs(1e6)).toBe(Infinity);
    expect(channel.shift()).toBeUndefined();
  });

  it('refuses parameters that make no sense', () => {
    expect(() => linkParameters({ rateBitsPerSecond: 0 })).toThrow(RangeError);
    expect(() => linkParameters({ rateBitsPerSecond: Number.NaN })).toThrow(RangeError);
    expect(() => linkParameters({ propagationNs: 0.5 })).toThrow(RangeError);
    expect(() => linkParameters({ queueLimitBytes: -1 })).toThrow(RangeError);
  });
});

describe('room', () => {
  it('is for frames that wait, the one being sent not counted', () => {
    const channel = channelOf({ queueLimitBytes: 250 });
    expect(offer(channel, 0, 1, 2, 3, 4, 5)).toEqual([1, 2, 3]);
    // At 1,000 ns 2 has started.
    expect(offer(channel, 1_000, 6, 7)).toEqual([6]);
    expect(channel.waitingBytesMax).toBe(202);
    expect(drain(channel).map(([, tag]) => tag)).toEqual([1, 2, 3, 6]);
  });

  it('comes back when frames that wait are taken out', () => {
    const channel = channelOf({ queueLimitBytes: 101 });
    expect(offer(channel, 0, 1, 2)).toEqual([1, 2]);
    expect([channel.shift()![0], channel.shift()![0]]).toEqual([1, 2]);
    channel.reset(0);
    expect(offer(channel, 0, 3, 4, 5)).toEqual([3, 4]);
  });
});

describe('standing still', () => {
  it('lets the frame being sent finish, and the others wait for the later of pause and clog', () => {
    const channel = channelOf();
    offer(channel, 0, 1, 2);
    channel.pause(500, 5_000);
    channel.clog(500, 9_000);
    channel.clog(500, 7_000);
    offer(channel, 600, 3);
    expect(drain(channel)).toEqual([
      [2_000, 1],
      [11_000, 2],
      [12_000, 3],
    ]);
  });

  it('ends when it is released, a pause and a clog apart', () => {
    const channel = channelOf();
    channel.pause(0, Infinity);
    channel.clog(0, 9_000);
    offer(channel, 0, 1);
    expect(channel.nextDueNs(0)).toBe(Infinity);
    channel.release(4_000, true, false);
    expect(channel.nextDueNs(4_000)).toBe(11_000);
    channel.release(5_000, false, true);
    expect(channel.nextDueNs(5_000)).toBe(7_000);
  });

  it('ends with the link where it was a pause, and not where it was a clog', () => {
    const paused = channelOf();
    paused.pause(0, Infinity);
    paused.reset(100);
    offer(paused, 100, 1);
    expect(paused.nextDueNs(100)).toBe(2_100);
    const clogged = channelOf();
    clogged.clog(0, 9_000);
    clogged.reset(100);
    offer(clogged, 100, 1);
    expect(clogged.nextDueNs(100)).toBe(11_000);
  });
});

it('keeps each fate with its frame, on the wire and in the queue', () => {
  const channel = channelOf();
  const fateOf = (delayNs: number) => ({ drop: false, delayNs, copyAfterNs: undefined });
  for (let tag = 1; tag <= 9; tag++) {
    channel.offer(frameOf(tag), false, tag, tag % 2 === 0 ? fateOf(tag) : undefined, 0);
  }
  const fates: (number | undefined)[] = [];
  for (let now = 0; channel.length > 0; ) {
    now = channel.nextDueNs(now);
    channel.shift();
    fates.push(channel.fate?.delayNs);
  }
  expect(fates).toEqual([undefined, 2, undefined, 4, undefined, 6, undefined, 8, undefined]);
});
