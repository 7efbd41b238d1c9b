import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../src/audit/evidence.ts';
import { apply, CRASHED, moveEnd, runs, step } from '../../helpers/audit-rig.ts';

describe('the kind of evidence', () => {
  it('is one for the steps of a move, and one for all that was done to the world', () => {
    expect([step('stun'), moveEnd('moved'), CRASHED, apply(1), runs()].map(evidenceOf)).toEqual([
      'move',
      'move',
      'disturbance',
      'apply',
      'guest',
    ]);
    expect(evidenceOf({ type: 'power-on' })).toBeUndefined();
  });
});
