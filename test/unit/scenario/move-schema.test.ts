/** What a move may leave out, and what it may not say. */
import { expect, test } from 'vitest';
import { moveSchema, nextMoveSchema } from '../../../src/scenario/move-schema.ts';

const LEAST = { vm: 'vm1', to: 'h2' };

test('the first has every default, one behind it leaves to the first what it does not say', () => {
  expect(moveSchema.parse(LEAST)).toMatchObject({
    strategy: 'wwpn-pair',
    drain: 'wait',
    defences: ['logo-acknowledged'],
  });
  expect(nextMoveSchema.parse({ to: 'h1' })).toEqual({ to: 'h1', afterMs: 20, together: false });
});

test.each([
  ['a strategy that nobody has', { ...LEAST, strategy: 'teleport' }],
  ['a defence that nobody has', { ...LEAST, defences: ['hope'] }],
  ['a time before now', { ...LEAST, overlapMs: -1 }],
])('refuses %s', (_what, move) => {
  expect(moveSchema.safeParse(move).success).toBe(false);
});
