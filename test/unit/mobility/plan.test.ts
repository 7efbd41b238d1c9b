/** Plans: what is compared before a move, and what became of it. */
import { describe, expect, test } from 'vitest';
import { compareViews, resultOf } from '../../../src/mobility/plan.ts';
import type { LuView } from '../../../src/scsi/initiator/multipath.ts';
import { unit } from '../../helpers/move-plan.ts';

const compare = (source: readonly LuView[], destination: readonly LuView[]) =>
  compareViews({ host: 'h1', view: source }, { host: 'h2', view: destination });

describe('what two hosts see', () => {
  test('is the same, in any order, with more elsewhere', () => {
    const [a, b] = [unit('a'), unit('b', { lunNumber: 1 })];
    expect(compare([a, b], [unit('c'), b, { ...a, ports: [0, 1], paths: 8 }])).toEqual([]);
  });

  test.each([
    [[], 'h2 does not see logical unit a (not zoned or not masked)'],
    [[unit('a', { lunNumber: 3 })], 'logical unit a is LUN 0 on h1 and LUN 3 on h2'],
    [[unit('a', { lunNumber: undefined })], 'logical unit a is LUN 0 on h1 and LUN unclear on h2'],
    [[unit('a', { blocks: 9 })], 'logical unit a has 2048 blocks on h1 and 9 on h2'],
    [[unit('a', { ports: [] })], 'logical unit a is reached over 1 fabrics on h1 and over 0 on h2'],
  ])('differs: %#', (there, complaint) => {
    expect(compare([unit('a')], there)).toEqual([complaint]);
  });

  test('every difference is told', () => {
    expect(compare([unit('a'), unit('b')], [unit('a', { blocks: 1, lunNumber: 1 })])).toHaveLength(
      3,
    );
  });

  test('a source without a logical unit has nothing to move', () => {
    expect(compare([], [unit('a')])).toEqual(['no logical unit on h1']);
  });
});

test('a move that was done needs no reason', () => {
  expect(resultOf({ outcome: 'moved', reason: '' })).toEqual({ outcome: 'moved' });
  expect(resultOf({ outcome: 'stranded', reason: 'no' })).toEqual({
    outcome: 'stranded',
    reason: 'no',
  });
});
