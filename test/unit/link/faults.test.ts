/** Fault rules: which frames they hit, what damage they do, which make no sense. */
import { describe, expect, it } from 'vitest';
import { FaultPlan, type FaultRule } from '../../../src/link/faults.ts';
import { streams } from '../../../src/machine/random.ts';

const plan = (seed = 1) => new FaultPlan(streams(seed).stream);
const drop = { kind: 'drop' } as const;
const frameOf = (tag: number, lengthBytes = 101) => new Uint8Array(lengthBytes).fill(tag, 0, 1);

/** Which of the frames 1 to 6 a rule hits, all at one time. */
const hitsOf = (rule: FaultRule, now = 0) => {
  const active = plan().add(rule);
  const hit = [1, 2, 3, 4, 5, 6].filter((tag) => active.hits(frameOf(tag), now));
  expect(active.applied).toBe(hit.length);
  return hit;
};

describe('a rule hits', () => {
  const odd = (frame: Uint8Array) => frame[0]! % 2 === 1;

  it.each([
    { rule: {}, hit: [1, 2, 3, 4, 5, 6] },
    { rule: { nth: 3 }, hit: [3] },
    { rule: { nth: 3, times: 2 }, hit: [3, 4] },
    { rule: { times: 2 }, hit: [1, 2] },
    { rule: { nth: 3, times: Infinity }, hit: [3, 4, 5, 6] },
    { rule: { matches: odd }, hit: [1, 3, 5] },
    { rule: { matches: odd, nth: 2 }, hit: [3] },
    { rule: { chance: 0 }, hit: [] },
    { rule: { chance: 1 }, hit: [1, 2, 3, 4, 5, 6] },
  ])('$hit by $rule', ({ rule, hit }) => {
    expect(hitsOf({ ...rule, action: drop })).toEqual(hit);
  });

  it.each([
    { now: 9, hits: 0 },
    { now: 10, hits: 6 },
    { now: 19, hits: 6 },
    { now: 20, hits: 0 },
  ])('$hits frames at $now, from 10 until 20', ({ now, hits }) => {
    expect(hitsOf({ fromNs: 10, untilNs: 20, action: drop }, now)).toHaveLength(hits);
  });

  it('no frame that ends before the byte to damage', () => {
    expect(hitsOf({ action: { kind: 'corrupt', offsetBytes: 101 } })).toEqual([]);
    expect(hitsOf({ action: { kind: 'corrupt', offsetBytes: 100 } })).toHaveLength(6);
  });

  it('by chance alike for one seed and name, whatever other rules there are', () => {
    const hits = (seed: number, others: number) => {
      const rules = plan(seed);
      for (let i = 0; i < others; i++) rules.add({ chance: 0.5, action: drop });
      const active = rules.add({ name: 'loss', chance: 0.3, action: drop });
      return Array.from({ length: 200 }, (_, tag) => active.hits(frameOf(tag), 0));
    };
    expect(hits(5, 0)).toEqual(hits(5, 2));
    expect(hits(5, 0)).not.toEqual(hits(6, 0));
  });
});

describe('damage', () => {
  it.each([
    { bits: undefined, offsetBytes: undefined, flips: 1 },
    { bits: 3, offsetBytes: undefined, flips: 3 },
    { bits: 5, offsetBytes: 4, flips: 5 },
    { bits: 20, offsetBytes: 4, flips: 8 },
  ])('flips $bits bits at $offsetBytes of a copy', ({ bits, offsetBytes, flips }) => {
    const action = {
      kind: 'corrupt' as const,
      ...(bits === undefined ? {} : { bits }),
      ...(offsetBytes === undefined ? {} : { offsetBytes }),
    };
    const active = plan().add({ action });
    for (let tag = 0; tag < 20; tag++) {
      const frame = frameOf(tag);
      const changed = active.corrupt(frame, action).map((byte, at) => byte ^ frame[at]!);
      expect(frame).toEqual(frameOf(tag));
      const ones = [...changed].map((byte) => byte.toString(2).replaceAll('0', '').length);
      expect(ones.reduce((sum, count) => sum + count, 0)).toBe(flips);
      if (offsetBytes !== undefined) expect(ones[offsetBytes]).toBe(flips);
    }
  });

  it('flips the bits of a mask', () => {
    const action = { kind: 'corrupt', offsetBytes: 2, mask: 0x81 } as const;
    const damaged = plan()
      .add({ action })
      .corrupt(Uint8Array.of(1, 2, 3, 4), action);
    expect(damaged).toEqual(Uint8Array.of(1, 2, 0x82, 4));
  });
});

describe('a plan', () => {
  it('has the rules of a link and direction in the order they were added', () => {
    const rules = plan();
    rules.add({ name: 'all', action: drop });
    rules.add({ name: 'one', link: 'x', action: drop });
    rules.add({ name: 'back', direction: 'b-to-a', action: drop });
    const names = (link: string, direction: 'a-to-b' | 'b-to-a') =>
      rules.of(link, direction).map(({ name }) => name);
    expect(names('x', 'a-to-b')).toEqual(['all', 'one']);
    expect(names('x', 'b-to-a')).toEqual(['all', 'one', 'back']);
    expect(names('y', 'a-to-b')).toEqual(['all']);
    rules.remove('all');
    expect(names('x', 'b-to-a')).toEqual(['one', 'back']);
    rules.clear();
    expect(rules.rules).toEqual([]);
  });

  it('names a rule by its kind and number', () => {
    const rules = plan();
    expect(
      [drop, { kind: 'reorder' } as const].map((action) => rules.add({ action }).name),
    ).toEqual(['drop 1', 'reorder 2']);
  });

  it('refuses rules that make no sense', () => {
    const rules = plan();
    const wrong: FaultRule[] = [
      { nth: 0, action: drop },
      { times: -1, action: drop },
      { fromNs: 0.5, action: drop },
      { chance: 2, action: drop },
      { action: { kind: 'delay', delayNs: 0 } },
      { action: { kind: 'duplicate', afterNs: -1 } },
      { action: { kind: 'reorder', withinNs: 0 } },
      { action: { kind: 'corrupt', offsetBytes: -1 } },
      { action: { kind: 'corrupt', bits: 0 } },
      { action: { kind: 'corrupt', offsetBytes: 0, mask: 256 } },
      { action: { kind: 'clog', forNs: 0 } },
      { action: { kind: 'cut', forNs: Number.NaN } },
    ];
    for (const rule of wrong) expect(() => rules.add(rule)).toThrow(RangeError);
    const confused = [
      { action: { kind: 'corrupt', mask: 1 } },
      { action: { kind: 'corrupt', offsetBytes: 0, mask: 1, bits: 1 } },
      { action: { kind: 'melt' } },
    ] as unknown as FaultRule[];
    for (const rule of confused) expect(() => rules.add(rule)).toThrow(TypeError);
  });
});
