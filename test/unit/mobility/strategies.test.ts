/** Strategies: who is asked for what, in which order. */
import { describe, expect, test } from 'vitest';
import type { MovePlan } from '../../../src/mobility/plan.ts';
import { stepsOf } from '../../../src/mobility/strategies.ts';
import { carryOut, movePlan, type OwnAnswers } from '../../helpers/move-plan.ts';

const move = (plan: Partial<MovePlan>, own?: OwnAnswers) => carryOut(stepsOf(movePlan(plan)), own);
/** What a strategy asks for, without what all of them begin with, and without copies of memory. */
const order = (plan: Partial<MovePlan>) => {
  const { asked, result } = move(plan);
  expect(result).toEqual({ outcome: 'moved' });
  expect(asked.slice(0, 3)).toEqual(['h1 fabrics', 'h2 fabrics', 'h1 view']);
  return asked.slice(3).filter((one) => one !== 'wait 0');
};
const HAND_OVER = ['h1 surrender', 'h2 adopt', 'h2 resume'];

describe('wwpn-pair', () => {
  const strategy = 'wwpn-pair';

  test('the second name joins while the guest runs; with a LOGO the first leaves before it goes on', () => {
    expect(order({ strategy })).toEqual([
      'h2 prepare',
      'h1 stun',
      'h1 drain',
      'h1 leave',
      ...HAND_OVER,
    ]);
  });

  test('without one the first leaves when the guest runs again, after the overlap', () => {
    expect(order({ strategy, defences: [] })).toEqual([
      'h2 prepare',
      'h1 stun',
      'h1 drain',
      ...HAND_OVER,
      'wait 25',
      'h1 leave',
    ]);
  });

  test('a destination that sees something else is refused before anything is touched', () => {
    const { result, asked } = move({ strategy }, (step) =>
      step.step === 'ask' && step.command.command === 'prepare'
        ? { ok: true, command: 'prepare', view: [], fellBack: false }
        : undefined,
    );
    expect(result.outcome).toBe('refused');
    expect(asked).not.toContain('h1 stun');
  });
});

describe('same-wwpn', () => {
  const strategy = 'same-wwpn';

  test('leaves before it joins', () => {
    expect(
      order({ strategy, defences: ['logo-acknowledged', 'acl-first', 'wait-r-a-tov'] }),
    ).toEqual(['h1 stun', 'h1 drain', 'h1 leave', 'A clear', 'wait 7', 'h2 prepare', ...HAND_OVER]);
  });

  test('made on the destination beforehand, joins while the source is logged in', () => {
    expect(order({ strategy, preCreated: true })).toEqual([
      'h2 prepare',
      'h1 stun',
      'h1 drain',
      'h1 leave',
      ...HAND_OVER,
    ]);
  });

  test('a join that fails is rolled back to the source', () => {
    const { result, asked } = move({ strategy }, (step) =>
      step.step === 'ask' && step.host === 'h2' && step.command.command === 'prepare'
        ? { ok: false, reason: 'no login' }
        : undefined,
    );
    expect(result).toEqual({
      outcome: 'rolled-back',
      reason:
        'vm is on h1 again: h2 could not be made ready for 00:00:00:00:00:00:00:02 on fabric A: no login',
    });
    expect(asked.slice(-4)).toEqual(['h1 leave', 'h1 prepare', 'h1 adopt', 'h1 resume']);
  });
});

test('proxy: the switches change the name between leaving and joining', () => {
  expect(order({ strategy: 'proxy' })).toEqual([
    'h1 stun',
    'h1 drain',
    'h1 leave',
    'A assign',
    'h2 prepare',
    ...HAND_OVER,
  ]);
});

test('cold: the guest is stopped before it is stunned', () => {
  expect(order({ strategy: 'cold' })).toEqual([
    'h1 stop',
    'h1 stun',
    'h1 drain',
    'h1 leave',
    'h2 prepare',
    ...HAND_OVER,
  ]);
});

describe('handoff', () => {
  const strategy = 'handoff';

  test('the source is fenced before its logins are carried over', () => {
    expect(order({ strategy })).toEqual([
      'h2 fabrics',
      'h1 stun',
      'h1 drain',
      'A fence',
      'h1 give-logins',
      'h1 leave',
      'A rebind',
      'h2 prepare',
      ...HAND_OVER,
    ]);
  });

  test('waits for late frames where the drain did not wait for commands', () => {
    expect(order({ strategy, drain: 'purge' })).toContain('wait 7');
  });

  test('goes behind the physical port of the destination', () => {
    const commands: unknown[] = [];
    move({ strategy }, (step) => {
      if (step.step === 'ask-fabric') commands.push(step.command);
      return undefined;
    });
    expect(commands).toEqual([
      { command: 'fence', wwpn: 1n },
      { command: 'rebind', wwpn: 1n, behind: 12n },
    ]);
  });
});
