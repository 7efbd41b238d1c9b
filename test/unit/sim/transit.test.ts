import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/link/faults.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import type { FrameRecord } from '../../../src/sim/trace.ts';
import { accounted, pair, Recorder, tagged } from '../../helpers/sim-machines.ts';

/** Sends frames 1..6 at once through one rule; a frame takes 1,000 ns and 1,000 ns of delay. */
function through(rule: FaultRule, tags = [1, 2, 3, 4, 5, 6]) {
  const world = pair();
  const records: FrameRecord[] = [];
  world.simulator.observe({ frame: (record) => records.push(record) });
  const fault = world.simulator.addFault(rule);
  world.sendAt(0, tags);
  world.simulator.run();
  const stats = world.link.stats('a-to-b');
  expect(accounted(stats)).toBe(stats.sent + stats.duplicated);
  expect(stats.inFlight).toBe(0);
  const faulted = records.filter(({ what }) => what === 'faulted');
  expect(faulted).toHaveLength(fault.applied);
  return { ...world, fault, stats, faulted };
}

describe('actions', () => {
  it('drop loses the frame and moves no other', () => {
    const { right, stats, faulted } = through({ nth: 2, action: { kind: 'drop' } });
    expect(right.tags).toEqual([1, 3, 4, 5, 6]);
    expect(right.times).toEqual([2_000, 4_000, 5_000, 6_000, 7_000]);
    expect(stats.faultDropped).toBe(1);
    expect(faulted[0]).toMatchObject({
      timeNs: 0,
      link: 'wire',
      direction: 'a-to-b',
      ordinal: 2,
      fault: { name: 'drop 1', kind: 'drop' },
    });
  });

  it('delay lets later frames overtake', () => {
    const { right } = through({ nth: 1, action: { kind: 'delay', delayNs: 2_500 } });
    expect(right.tags).toEqual([2, 3, 1, 4, 5, 6]);
    expect(right.times).toEqual([3_000, 4_000, 4_500, 5_000, 6_000, 7_000]);
  });

  it('duplicate delivers the frame again', () => {
    const { right, stats } = through({ nth: 5, action: { kind: 'duplicate', afterNs: 700 } });
    expect(right.tags).toEqual([1, 2, 3, 4, 5, 5, 6]);
    expect(right.times).toEqual([2_000, 3_000, 4_000, 5_000, 6_000, 6_700, 7_000]);
    expect(stats).toMatchObject({ sent: 6, duplicated: 1, delivered: 7 });
  });

  it('duplicate works on a delayed frame too', () => {
    const { simulator, right, sendAt } = pair();
    simulator.addFault({ action: { kind: 'delay', delayNs: 10_000 } });
    simulator.addFault({ action: { kind: 'duplicate', afterNs: 0 } });
    sendAt(0, [1]);
    simulator.run();
    expect(right.times).toEqual([12_000, 12_000]);
  });

  it('reorder swaps the frame with the next', () => {
    const { right } = through({ nth: 2, action: { kind: 'reorder' } });
    expect(right.tags).toEqual([1, 3, 2, 4, 5, 6]);
    expect(right.times).toEqual([2_000, 3_000, 4_000, 5_000, 6_000, 7_000]);
  });

  it('reorder of every frame swaps them in pairs', () => {
    const { right, fault } = through({ action: { kind: 'reorder' } });
    expect(right.tags).toEqual([2, 1, 4, 3, 6, 5]);
    expect(fault.applied).toBe(3);
  });

  it('reorder holds each frame for its own time', () => {
    const { simulator, right, sendAt } = pair();
    simulator.addFault({ action: { kind: 'reorder', withinNs: 10_000 } });
    sendAt(0, [1, 2]);
    sendAt(5_000, [3]);
    simulator.run();
    expect(right.tags).toEqual([2, 1, 3]);
    expect(right.times).toEqual([2_000, 3_000, 17_000]);
  });

  it('reorder gives up when no next frame comes', () => {
    const { right } = through({ action: { kind: 'reorder', withinNs: 9_000 } }, [1]);
    expect(right.times).toEqual([11_000]);
    const standard = through({ action: { kind: 'reorder' } }, [1]);
    expect(standard.right.times).toEqual([1_002_000]);
  });

  it('corrupt flips the bits stated, on a copy', () => {
    const { simulator, left, right } = pair();
    simulator.addFault({ action: { kind: 'corrupt', offsetBytes: 100, mask: 0x81 } });
    const frame = tagged(1);
    left.outputs.push({ port: 0, send: frame, given: false });
    simulator.run();
    expect(frame).toEqual(tagged(1));
    const expected = tagged(1);
    expected[100] = 0x81;
    expect(right.received[0]!.frame).toEqual(expected);
  });

  it.each([
    { bits: undefined, offsetBytes: undefined, flips: 1 },
    { bits: 3, offsetBytes: undefined, flips: 3 },
    { bits: 5, offsetBytes: 4, flips: 5 },
    { bits: 20, offsetBytes: 4, flips: 8 },
  ])('corrupt flips $bits random bits at $offsetBytes', ({ bits, offsetBytes, flips }) => {
    const action = {
      kind: 'corrupt' as const,
      ...(bits === undefined ? {} : { bits }),
      ...(offsetBytes === undefined ? {} : { offsetBytes }),
    };
    const { right, faulted } = through({ action });
    for (const [i, { frame }] of right.received.entries()) {
      const original = tagged(i + 1);
      const changed = [...frame].map((byte, at) => byte ^ original[at]!);
      const count = changed.reduce(
        (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
        0,
      );
      expect(count).toBe(flips);
      if (offsetBytes !== undefined) expect(changed.filter((byte) => byte !== 0)).toHaveLength(1);
      if (offsetBytes !== undefined) expect(changed[offsetBytes]).not.toBe(0);
      expect(faulted[i]!.frame).toBe(frame);
    }
  });

  it('clog holds the frame and all behind it, then lets them go in order', () => {
    for (const action of [
      { kind: 'clog', untilNs: 80_000 },
      { kind: 'clog', forNs: 80_000 },
    ] as const) {
      const { right } = through({ nth: 3, action });
      // 1 was being sent; 2 had to wait for it and is held with the others.
      expect(right.tags).toEqual([1, 2, 3, 4, 5, 6]);
      expect(right.times).toEqual([2_000, 82_000, 83_000, 84_000, 85_000, 86_000]);
    }
  });

  it('cut takes the link down and all frames with it', () => {
    const { simulator, left, right, link, sendAt } = pair();
    simulator.addFault({ nth: 3, action: { kind: 'cut', forNs: 5_000 } });
    sendAt(0, [1]);
    sendAt(2_500, [2, 3, 4]);
    sendAt(7_499, [5]);
    sendAt(7_500, [6]);
    simulator.run();
    // The call at 7,500 came before the link went up at that instant.
    expect(right.tags).toEqual([1]);
    expect(left.links.map(({ up, now }) => [up, now])).toEqual([
      [false, 2_500],
      [true, 7_500],
    ]);
    expect(link.stats('a-to-b')).toMatchObject({ sent: 6, delivered: 1, linkDropped: 5 });
  });

  it('a cut loses held, delayed and copied frames as well', () => {
    const { simulator, right, link, sendAt } = pair();
    const first = (tag: number) => (frame: Uint8Array) => frame[0] === tag;
    simulator.addFault({ matches: first(1), action: { kind: 'delay', delayNs: 50_000 } });
    simulator.addFault({ matches: first(2), action: { kind: 'duplicate', afterNs: 50_000 } });
    simulator.addFault({ matches: first(3), action: { kind: 'reorder' } });
    sendAt(0, [1, 2, 3]);
    simulator.run({ untilNs: 10_000 });
    expect(link.stats('a-to-b').inFlight).toBe(3);
    link.cut(1_000);
    expect(link.stats('a-to-b')).toMatchObject({ inFlight: 0, linkDropped: 3 });
    simulator.run();
    expect(right.tags).toEqual([2]);
  });

  it('several rules act on one frame', () => {
    const { simulator, right, sendAt } = pair();
    simulator.addFault({ nth: 1, action: { kind: 'delay', delayNs: 1_000 } });
    simulator.addFault({ nth: 1, action: { kind: 'delay', delayNs: 500 } });
    simulator.addFault({ nth: 1, action: { kind: 'corrupt', offsetBytes: 0, mask: 0x80 } });
    sendAt(0, [1]);
    simulator.run();
    expect(right.tags).toEqual([0x81]);
    expect(right.times).toEqual([3_500]);
  });
});

describe('matching', () => {
  const drop = { kind: 'drop' } as const;

  it('counts the frames that fit: nth and times', () => {
    expect(through({ nth: 3, action: drop }).right.tags).toEqual([1, 2, 4, 5, 6]);
    expect(through({ nth: 3, times: 2, action: drop }).right.tags).toEqual([1, 2, 5, 6]);
    expect(through({ times: 2, action: drop }).right.tags).toEqual([3, 4, 5, 6]);
    expect(through({ nth: 3, times: Infinity, action: drop }).right.tags).toEqual([1, 2]);
    expect(through({ action: drop }).right.tags).toEqual([]);
    const odd = (frame: Uint8Array) => frame[0]! % 2 === 1;
    expect(through({ matches: odd, nth: 2, action: drop }).right.tags).toEqual([1, 2, 4, 5, 6]);
  });

  it('goes by link, direction and window of time', () => {
    expect(through({ link: 'wire', direction: 'a-to-b', action: drop }).right.tags).toEqual([]);
    expect(through({ direction: 'b-to-a', action: drop }).right.tags).toHaveLength(6);
    const { simulator, right, sendAt } = pair();
    simulator.addFault({ fromNs: 10_000, untilNs: 20_000, action: drop });
    for (const [i, time] of [9_999, 10_000, 19_999, 20_000].entries()) sendAt(time, [i]);
    simulator.run();
    expect(right.tags).toEqual([0, 3]);
    expect(() => simulator.addFault({ link: 'other', action: drop })).toThrow(TypeError);
  });

  it('leaves other links alone', () => {
    const simulator = new Simulator();
    const left = new Recorder();
    simulator.addNode('x', left);
    simulator.addNode('y', new Recorder());
    const first = simulator.connect({ node: 'x', port: 0 }, { node: 'y', port: 0 });
    const second = simulator.connect({ node: 'x', port: 1 }, { node: 'y', port: 1 });
    simulator.addFault({ link: first.name, action: drop });
    left.outputs.push(
      { port: 0, send: tagged(1), given: false },
      { port: 1, send: tagged(2), given: false },
    );
    simulator.run();
    expect(first.stats('a-to-b').delivered).toBe(0);
    expect(second.stats('a-to-b').delivered).toBe(1);
  });

  it('hits by chance, alike for one seed and name, whatever other rules there are', () => {
    const tags = Array.from({ length: 200 }, (_, i) => i);
    const survivors = (seed: number, others: number) => {
      const { simulator, right, sendAt } = pair({ seed });
      for (let i = 0; i < others; i++) {
        simulator.addFault({ chance: 0.5, action: { kind: 'delay', delayNs: 1 } });
      }
      simulator.addFault({ name: 'loss', chance: 0.3, action: drop });
      sendAt(0, tags);
      simulator.run();
      return right.tags;
    };
    expect(survivors(5, 0)).toEqual(survivors(5, 2));
    expect(survivors(5, 0)).not.toEqual(survivors(6, 0));
    expect(survivors(5, 0).length).toBeGreaterThan(110);
    expect(survivors(5, 0).length).toBeLessThan(170);
  });
});

describe('heal', () => {
  it('leaves down a link that a rule and then its owner cut', () => {
    const { simulator, link, sendAt } = pair();
    simulator.addFault({ action: { kind: 'cut', forNs: 10_000 } });
    sendAt(0, [1]);
    simulator.call(1_000, () => link.cut());
    simulator.call(2_000, () => simulator.heal());
    simulator.run();
    expect(link.up).toBe(false);
  });

  it('ends rules, clogs and cuts by rules, and nothing else', () => {
    const { simulator, right, link, sendAt } = pair();
    const other = new Recorder();
    simulator.addNode('other', other);
    const cut = simulator.connect({ node: 'left', port: 1 }, { node: 'other', port: 1 });
    const owners = simulator.connect({ node: 'left', port: 2 }, { node: 'other', port: 2 });
    owners.cut();
    simulator.addFault({ link: cut.name, action: { kind: 'cut', forNs: 10 ** 12 } });
    simulator.addFault({ link: 'wire', action: { kind: 'clog', forNs: 10 ** 12 } });
    other.outputs.push({ port: 1, send: tagged(2), given: false });
    sendAt(0, [1]);
    simulator.run({ untilNs: 50_000 });
    expect([link.up, cut.up, owners.up]).toEqual([true, false, false]);
    expect(right.tags).toEqual([]);
    simulator.heal();
    expect([link.up, cut.up, owners.up]).toEqual([true, true, false]);
    sendAt(60_000, [3]);
    simulator.run({ untilNs: 100_000 });
    expect(right.tags).toEqual([1, 3]);
    expect(right.times).toEqual([52_000, 62_000]);
  });
});
