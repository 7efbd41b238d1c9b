/** The LAN's half of a move in each order, and the way back. */
import { describe, expect, it } from 'vitest';
import type { MovePlan, Step } from '../../../src/mobility/plan.ts';
import { stepsOf } from '../../../src/mobility/strategies.ts';
import { carryOut, movePlan } from '../../helpers/move-plan.ts';

const withLan = (order: NonNullable<MovePlan['lan']>['order']): MovePlan =>
  movePlan({ strategy: 'same-wwpn', lan: { order, from: 'lan-h1', to: 'lan-h2' } });

/** What is asked, in short: of the storage only where the guest leaves, joins and runs. */
function asked(plan: MovePlan, refuses?: (step: Step) => boolean) {
  const { asked: all, result } = carryOut(stepsOf(plan), (step) =>
    refuses?.(step) === true ? { ok: false, reason: 'refused by the test' } : undefined,
  );
  const told = all.filter((one) => /^lan-|stun|leave|prepare|resume/.test(one));
  return { told, outcome: result.outcome };
}

describe('the LAN', () => {
  it('goes before the memory, while the guest stands still, or when it runs', () => {
    const redirect = ['lan-h2 attach', 'lan-h1 detach', 'lan-h2 announce'];
    expect(asked(withLan('lan-first')).told).toEqual([
      'lan-h2 prepare',
      ...redirect,
      'h1 stun',
      'h1 leave',
      'h2 prepare',
      'h2 resume',
    ]);
    expect(asked(withLan('together')).told).toEqual([
      'lan-h2 prepare',
      'h1 stun',
      ...redirect,
      'h1 leave',
      'h2 prepare',
      'h2 resume',
    ]);
    expect(asked(withLan('san-first')).told).toEqual([
      'lan-h2 prepare',
      'h1 stun',
      'h1 leave',
      'h2 prepare',
      'lan-h2 attach',
      'h2 resume',
      'lan-h1 detach',
      'lan-h2 announce',
    ]);
  });

  it('comes back where it had gone, and is announced there', () => {
    const { outcome, told } = asked(
      withLan('lan-first'),
      (step) => step.step === 'ask' && step.host === 'h2' && step.command.command === 'prepare',
    );
    expect(outcome).toBe('rolled-back');
    expect(told.slice(-4)).toEqual([
      'h1 resume',
      'lan-h2 detach',
      'lan-h1 attach',
      'lan-h1 announce',
    ]);
  });

  it('is told nothing where it had not gone; a refusal takes the storage back', () => {
    const { outcome, told } = asked(
      withLan('san-first'),
      (step) => step.step === 'ask-lan' && step.command.command === 'attach',
    );
    expect(outcome).toBe('rolled-back');
    expect(told.slice(-2)).toEqual(['h1 resume', 'lan-h2 detach']);
  });

  it('is not asked where a move has no half there', () => {
    expect(
      asked(movePlan({ strategy: 'same-wwpn' })).told.some((one) => one.startsWith('lan')),
    ).toBe(false);
  });
});
