/** What became of a move. */
import { expect, test } from 'vitest';
import { resultOf } from '../../../src/mobility/plan.ts';

test('a move that was done needs no reason', () => {
  expect(resultOf({ outcome: 'moved', reason: '' })).toEqual({ outcome: 'moved' });
  expect(resultOf({ outcome: 'stranded', reason: 'no' })).toEqual({
    outcome: 'stranded',
    reason: 'no',
  });
});
