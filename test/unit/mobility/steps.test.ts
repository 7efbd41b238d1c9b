/** Steps of a move: what each asks for, what it says, and the way back from it. */
import { describe, expect, test } from 'vitest';
import type { Drain } from '../../../src/host/control.ts';
import type { MovePlan, MoveSteps } from '../../../src/mobility/plan.ts';
import { StepFailed } from '../../../src/mobility/step-failed.ts';
import {
  ask,
  askFabric,
  assignNames,
  checkFabrics,
  clearOldLinks,
  handOver,
  isDefendedBy,
  joinAndCompare,
  leave,
  onFabrics,
  type Progress,
  pause,
  quiesce,
  type Steps,
  stunAndDrain,
  transaction,
} from '../../../src/mobility/steps.ts';
import { carryOut, goodAnswer, movePlan, type OwnAnswers, unit } from '../../helpers/move-plan.ts';

/** One step as a whole move; a step that fails throws. */
function alone(step: Steps<unknown>, own?: OwnAnswers) {
  return carryOut(
    (function* (): MoveSteps {
      yield* step;
      return { outcome: 'moved' };
    })(),
    own,
  );
}

/** Refuses one command of one host. */
const refuses =
  (host: string, command: string, reason = 'no'): OwnAnswers =>
  (step) =>
    step.step === 'ask' && step.host === host && step.command.command === command
      ? { ok: false, reason }
      : undefined;

const progress = (): Progress => ({ left: false, lan: { to: 'nothing' } });

describe('asking', () => {
  test('gives the answer; a refusal and silence end the step', () => {
    const stun = { command: 'stun', vm: 'vm' } as const;
    expect(alone(ask('h1', stun)).asked).toEqual(['h1 stun']);
    expect(() => alone(ask('h1', stun), refuses('h1', 'stun'))).toThrow(new StepFailed('no'));
    expect(() => alone(ask('h1', stun), () => 'silence')).toThrow('h1 did not answer to stun');
  });

  test('a switch is named as a fabric', () => {
    const clear = { command: 'clear', wwpn: 1n } as const;
    expect(alone(askFabric('A', clear)).asked).toEqual(['A clear']);
    expect(() => alone(askFabric('A', clear), () => ({ ok: false, reason: 'gone' }))).toThrow(
      'fabric A, asked to clear 00:00:00:00:00:00:00:01, refused: gone',
    );
    expect(() => alone(askFabric('A', clear), () => 'silence')).toThrow(
      'fabric A, asked to clear 00:00:00:00:00:00:00:01, did not answer',
    );
  });

  test('a pause is waited for', () => {
    expect(alone(pause(9)).said).toEqual(['wait 9']);
  });
});

/** Guest, WWPN and fabric, as a refusal names them. */
const NEEDED = 'where vm is to be 00:00:00:00:00:00:00:02 on fabric A';

describe('fabrics of a preflight', () => {
  const check = (
    changes: Partial<{ port: number; ready: boolean; fabricName: bigint; npiv: boolean }>,
    plan: Partial<MovePlan> = {},
  ) =>
    alone(checkFabrics(movePlan(plan)), (step) => {
      if (step.step !== 'ask' || step.host !== 'h2') return undefined;
      const answer = goodAnswer('h2', step.command);
      if (!answer.ok || answer.command !== 'fabrics') return undefined;
      return { ...answer, ports: answer.ports.map((port) => ({ ...port, ...changes })) };
    });

  test('may be the same', () => {
    expect(check({}).asked).toEqual(['h1 fabrics', 'h2 fabrics']);
  });

  test.each([
    [{ ready: false }, `port 0 of h2, ${NEEDED}, is not logged in to its fabric`],
    [{ npiv: false }, `the fabric at port 0 of h2, ${NEEDED}, offers no NPIV`],
    [
      { fabricName: 5n },
      `port 0 of h2, ${NEEDED}, is on another fabric (00:00:00:00:00:00:00:05) than port 0 of h1 (10:00:00:00:00:00:00:01)`,
    ],
  ])('%#: %s', (changes, reason) => {
    expect(() => check(changes)).toThrow(new StepFailed(reason));
  });

  test('a port that is not there', () => {
    expect(() => check({}, { destination: [{ port: 3, wwpn: 2n, wwnn: 2n }] })).toThrow(
      'h2 has no port 3',
    );
  });

  test('need no NPIV where the physical port will do', () => {
    expect(() => check({ npiv: false }, { fallBack: 'physical' })).not.toThrow();
  });
});

test('a join that shows something else fails with all that differs', () => {
  const plan = movePlan();
  expect(alone(joinAndCompare(plan, [unit('lu')])).asked).toEqual(['h2 prepare']);
  expect(() => alone(joinAndCompare(plan, [unit('lu', { blocks: 1 }), unit('x')]))).toThrow(
    'logical unit lu has 1 blocks on h1 and 2048 on h2; h2 does not see logical unit x',
  );
});

describe('stun and drain', () => {
  test('say what is under way and what came of it', () => {
    const { said } = alone(stunAndDrain(movePlan(), progress()));
    expect(said).toEqual([
      'phase stun',
      'h1 stun',
      'phase stun: 2 I/Os under way, 1 waiting for a path',
      'phase drain: wait',
      'h1 drain',
      'phase drain: wait: 2 completed, 0 aborted, 1 to be sent again',
    ]);
  });

  test.each<[Drain, boolean]>([
    ['wait', false],
    ['abort', false],
    ['purge', false],
    ['logout-clears', true],
    ['link-pull', true],
    ['crash', true],
  ])('after %s the ports have left: %s', (drain, left) => {
    const state = progress();
    alone(stunAndDrain(movePlan({ drain }), state));
    expect(state.left).toBe(left);
  });
});

describe('leaving', () => {
  const R_A_TOV = 'wait 10000000000';

  test('is over when every target has confirmed', () => {
    const state = progress();
    expect(alone(leave(movePlan(), state)).asked).toEqual(['h1 leave']);
    expect(state.left).toBe(true);
  });

  test('takes R_A_TOV where a target has not, or where the ports have vanished', () => {
    const unheard: OwnAnswers = (step) =>
      step.step === 'ask' ? { ok: true, command: 'leave', acknowledged: false } : undefined;
    expect(alone(leave(movePlan(), progress()), unheard).asked).toEqual(['h1 leave', R_A_TOV]);
    expect(alone(leave(movePlan({ drain: 'crash' }), progress())).asked).toContain(R_A_TOV);
  });

  test('without that defence the fabric alone is told', () => {
    const asked: unknown[] = [];
    const { said } = alone(leave(movePlan({ defences: [] }), progress()), (step) => {
      if (step.step === 'ask') asked.push(step.command);
      return undefined;
    });
    expect(asked).toEqual([{ command: 'leave', vm: 'vm', to: 'fabric' }]);
    expect(said[0]).toBe('phase leave: LOGO to the fabric only');
  });
});

describe('defences', () => {
  test('are steps where the plan has them, and nothing where it has not', () => {
    const none = movePlan({ defences: [] });
    expect([alone(quiesce(none)).said, alone(clearOldLinks(none)).said]).toEqual([[], []]);
    const both = movePlan({ defences: ['wait-r-a-tov', 'acl-first'] });
    expect(alone(quiesce(both)).asked).toEqual(['wait 7']);
    expect(alone(clearOldLinks(both)).asked).toEqual(['A clear']);
    expect([isDefendedBy(both, 'acl-first'), isDefendedBy(both, 'clean-address')]).toEqual([
      true,
      false,
    ]);
  });
});

test('every fabric of the plan is asked', () => {
  const [one] = movePlan().fabrics;
  const plan = movePlan({ fabrics: [one!, { ...one!, name: 'B' }] });
  expect(alone(onFabrics(plan, 'fence')).asked).toEqual(['A fence', 'B fence']);
  const to: unknown[] = [];
  const note: OwnAnswers = (step) => {
    if (step.step === 'ask-fabric') to.push(step.command);
    return undefined;
  };
  alone(assignNames(movePlan(), 'destination'), note);
  alone(assignNames(movePlan(), 'source'), note);
  expect(to).toEqual([
    { command: 'assign', wwpn: 1n, to: 12n },
    { command: 'assign', wwpn: 1n, to: 11n },
  ]);
});

test('the guest is surrendered before it is adopted', () => {
  expect(
    alone(handOver(movePlan({ stateCopyNs: 5 }), { left: false, lan: { to: 'nothing' } })).asked,
  ).toEqual(['h1 surrender', 'wait 5', 'h2 adopt', 'h2 resume']);
});

describe('a transaction', () => {
  const move = (
    fails: 'preflight' | 'before leaving' | 'after leaving' | 'never',
    plan: Partial<MovePlan> = {},
    own?: OwnAnswers,
  ) => {
    const failure = new StepFailed('it failed');
    return carryOut(
      transaction(
        movePlan(plan),
        // biome-ignore lint/correctness/useYield: it has nothing to ask
        function* () {
          if (fails === 'preflight') throw failure;
          return [unit('lu')];
        },
        // biome-ignore lint/correctness/useYield: it has nothing to ask
        function* (_source, state) {
          state.left = fails === 'after leaving';
          if (fails !== 'never') throw failure;
        },
      ),
      own,
    );
  };

  test('that goes through has moved', () => {
    expect(move('never')).toMatchObject({ result: { outcome: 'moved' }, asked: ['wait 0'] });
    expect(move('never', { drain: 'crash' }).asked).toEqual(['wait 0', 'h1 power-on']);
  });

  test('whose preflight fails is refused, with nothing left on the destination', () => {
    const { result, asked } = move('preflight');
    expect(result).toEqual({ outcome: 'refused', reason: 'vm stays on h1: it failed' });
    expect(asked).toEqual(['h2 discard']);
  });

  test('that fails before the ports left goes on at once', () => {
    const { result, asked } = move('before leaving');
    expect(result).toEqual({ outcome: 'rolled-back', reason: 'vm is on h1 again: it failed' });
    expect(asked.slice(1)).toEqual(['h2 discard', 'h1 resume']);
  });

  test('that fails after that logs in again first', () => {
    const back = ['h2 discard', 'h1 leave', 'h1 prepare', 'h1 adopt', 'h1 resume'];
    expect(move('after leaving').asked.slice(1)).toEqual(back);
    expect(move('after leaving', { strategy: 'proxy' }).asked).toContain('A assign');
    expect(move('after leaving', { strategy: 'handoff' }).asked).toContain('A clear');
    expect(move('after leaving', { drain: 'crash' }).asked.slice(1, 3)).toEqual([
      'h2 discard',
      'h1 power-on',
    ]);
  });

  test('whose way back fails too leaves the guest stranded, with both reasons', () => {
    const { result } = move('after leaving', {}, refuses('h1', 'prepare', 'no fabric'));
    expect(result).toEqual({
      outcome: 'stranded',
      reason: 'vm stands still on h1: it failed; then, on the way back, no fabric',
    });
  });

  test('does not mind what fails on the destination while it is undone', () => {
    expect(move('before leaving', {}, refuses('h2', 'discard')).result.outcome).toBe('rolled-back');
  });

  test('lets a defect through', () => {
    const broken = transaction(
      movePlan(),
      // biome-ignore lint/correctness/useYield: it has nothing to ask
      function* () {
        throw new TypeError('a defect');
      },
      function* () {},
    );
    expect(() => carryOut(broken)).toThrow(TypeError);
  });
});
