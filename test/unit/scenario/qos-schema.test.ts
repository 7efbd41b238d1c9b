/** What the part `qos` of a file may leave out, and what it may not say. */
import { expect, test } from 'vitest';
import { qosSchema } from '../../../src/scenario/qos-schema.ts';

test('all that it leaves out is there by default', () => {
  expect(qosSchema.parse({})).toMatchObject({ priority: 3, dcbx: 'off', ports: {} });
});

test('a group has a share of the rate, or comes before all others', () => {
  const groups = (bandwidth: unknown) => ({ groups: [{ priorities: [3], bandwidth }] });
  expect(qosSchema.parse(groups('strict')).groups).toHaveLength(1);
  expect(qosSchema.parse(groups(50)).groups).toHaveLength(1);
  expect(qosSchema.safeParse(groups(101)).success).toBe(false);
  expect(qosSchema.safeParse(groups('most')).success).toBe(false);
});

test.each([
  ['a ninth priority', { priority: 8 }],
  ['a frame larger than any', { largestBytes: 9217 }],
  ['a port that is told what no port knows', { ports: { h1: { dcbx: 'cee' } } }],
])('refuses %s', (_what, qos) => {
  expect(qosSchema.safeParse(qos).success).toBe(false);
});
