import { expect, it } from 'vitest';
import { type MoveStep, MoveSteps, stepOf } from '../../../../src/audit/ledger/move-steps.ts';
import { moveEnd, step } from '../../../helpers/audit-rig.ts';

it('steps of a move are kept once each, with the last they had to say', () => {
  const moves = new MoveSteps<MoveStep>((one) => one);
  expect(moves.last).toBeUndefined();
  expect(moves.take(1, step('stun'))).toBe(true);
  expect(moves.take(2, { ...step('stun'), detail: '3 I/Os' } as never)).toBe(false);
  expect(moves.take(3, moveEnd('rolled-back'))).toBe(true);
  expect(moves.steps).toEqual([
    { phase: 'stun', detail: '3 I/Os', atNs: 1 },
    { phase: 'rolled-back', detail: '', atNs: 3 },
  ]);
  expect(stepOf({ ...moveEnd('refused'), reason: 'no' } as never)).toEqual({
    phase: 'refused',
    detail: 'no',
  });
});
