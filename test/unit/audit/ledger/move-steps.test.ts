import { expect, it } from 'vitest';
import { type MoveStep, MoveSteps, stepOf } from '../../../../src/audit/ledger/move-steps.ts';
import type { MoveEvent } from '../../../../src/history/index.ts';
import { moveEnd, step } from '../../../helpers/audit-rig.ts';

it('steps of a move are kept once each, with the last they had to say', () => {
  const moves = new MoveSteps<MoveStep>((one) => one);
  expect(moves.underWay).toEqual([]);
  expect(moves.take(1, step('stun'))).toEqual([]);
  expect(moves.take(2, { ...step('stun'), detail: '3 I/Os' } as never)).toBeUndefined();
  expect(moves.take(3, moveEnd('rolled-back'))).toEqual([moves.steps[0]]);
  expect(moves.steps).toEqual([
    { vm: 'vm1', phase: 'stun', detail: '3 I/Os', atNs: 1 },
    { vm: 'vm1', phase: 'rolled-back', detail: '', atNs: 3 },
  ]);
  expect(stepOf({ ...moveEnd('refused'), reason: 'no' } as never)).toEqual({
    phase: 'refused',
    detail: 'no',
  });
});

it('steps of guests that move at once are kept apart', () => {
  const moves = new MoveSteps<MoveStep>((one) => one);
  const other = (event: MoveEvent): MoveEvent => ({ ...event, vm: 'vm2' });
  moves.take(1, step('stun'));
  expect(moves.take(2, other(step('stun')))).toEqual([]);
  // What the first has to add is not the second's.
  expect(moves.take(3, { ...step('stun'), detail: '3 I/Os' } as never)).toBeUndefined();
  expect(moves.steps.map(({ vm, detail }) => [vm, detail])).toEqual([
    ['vm1', '3 I/Os'],
    ['vm2', ''],
  ]);
  expect(moves.underWay).toEqual(moves.steps);
  moves.take(4, moveEnd('moved'));
  expect(moves.underWay.map(({ vm, phase }) => [vm, phase])).toEqual([
    ['vm2', 'stun'],
    ['vm1', 'moved'],
  ]);
  // A move that is over stands aside as soon as another goes on.
  expect(moves.take(5, other(step('resume')))?.map(({ vm, phase }) => [vm, phase])).toEqual([
    ['vm2', 'stun'],
    ['vm1', 'moved'],
  ]);
});
