/** The mover as a machine: commands out, answers in, time limits, and going on after a restart. */
import { describe, expect, test } from 'vitest';
import { SECOND } from '../../../src/machine/machine.ts';
import { Mover } from '../../../src/mobility/mover.ts';
import type { MovePlan, MoverEvent } from '../../../src/mobility/plan.ts';
import { goodAnswer, movePlan } from '../../helpers/move-plan.ts';

function rig(plan: Partial<MovePlan> = {}, mover = new Mover(movePlan(plan))) {
  const events: MoverEvent[] = [];
  /** Takes what it has to say; the command that waits for an answer. */
  const drain = () => {
    for (let output = mover.poll(); output !== undefined; output = mover.poll())
      if ('event' in output) events.push(output.event);
    return events.filter((one) => one.type === 'command' || one.type === 'fabric-command').at(-1);
  };
  /** Answers the command under way. */
  const answer = (now = 0) => {
    const command = drain();
    if (command?.type === 'command')
      mover.handleAnswer(command.id, goodAnswer(command.host, command.command), now);
    else if (command?.type === 'fabric-command')
      mover.handleAnswer(command.id, { ok: true, command: command.command.command }, now);
    drain();
  };
  /** Answers and lets time pass until the move has ended, or so many steps. */
  const carryOn = (stepsMax = 100, from = 0) => {
    let now = from;
    for (let step = 0; step < stepsMax && end() === undefined; step++) {
      const before = mover.journal.length;
      answer(now);
      if (mover.journal.length > before) continue;
      now = mover.deadline!;
      mover.handleTimeout(now);
      drain();
    }
    return now;
  };
  const end = () => events.find((one) => one.type === 'move-end');
  const commands = () =>
    events.flatMap((one) =>
      one.type === 'command' ? `${one.id} ${one.host} ${one.command.command}` : [],
    );
  return { mover, events, drain, answer, carryOn, end, commands };
}

test('one command at a time, numbered from 1, to the end of the move', () => {
  const { mover, carryOn, end, commands, events, drain } = rig();
  mover.start(0);
  drain();
  expect(commands()).toEqual(['1 h1 fabrics']);
  carryOn();
  expect(end()).toEqual({
    type: 'move-end',
    vm: 'vm',
    from: 'h1',
    to: 'h2',
    outcome: 'moved',
    reason: '',
  });
  expect(commands()).toEqual([
    '1 h1 fabrics',
    '2 h2 fabrics',
    '3 h1 view',
    '4 h1 stun',
    '5 h1 drain',
    '6 h1 leave',
    '7 h2 prepare',
    '8 h1 surrender',
    '9 h2 adopt',
    '10 h2 resume',
  ]);
  const [first] = events;
  expect(first).toMatchObject({ type: 'move-step', phase: 'preflight', vm: 'vm' });
  expect(mover.deadline).toBeUndefined();
});

describe('answers', () => {
  test('that are late or foreign are ignored', () => {
    const { mover, commands, answer, drain } = rig();
    mover.start(0);
    drain();
    mover.handleAnswer(9, { ok: false, reason: 'foreign' }, 0);
    answer();
    mover.handleAnswer(1, { ok: false, reason: 'twice' }, 0);
    drain();
    expect(commands()).toEqual(['1 h1 fabrics', '2 h2 fabrics']);
  });

  test('that do not come are asked for again every 30 s, and in 300 s are a failure', () => {
    const { commands, mover, carryOn, end, drain } = rig();
    mover.start(0);
    drain();
    for (let turn = 1; turn < 10; turn++) {
      expect(mover.deadline).toBe(turn * 30 * SECOND);
      mover.handleTimeout(turn * 30 * SECOND);
      drain();
    }
    expect(commands()).toEqual(Array.from({ length: 10 }, () => '1 h1 fabrics'));
    expect(mover.journal).toEqual([]);
    mover.handleTimeout(300 * SECOND);
    carryOn(100, 300 * SECOND);
    expect(end()).toMatchObject({
      outcome: 'refused',
      reason: 'vm stays on h1: h1 did not answer to fabrics',
    });
  });
});

test('a wait is over when its time has come, not before', () => {
  const { mover, commands, answer, drain } = rig({ preCopyNs: 50 });
  mover.start(0);
  for (let command = 0; command < 3; command++) answer(10);
  expect(mover.deadline).toBe(60);
  mover.handleTimeout(59);
  drain();
  expect(commands()).toHaveLength(3);
  mover.handleTimeout(60);
  drain();
  expect(commands().at(-1)).toBe('4 h1 stun');
});

describe('going on', () => {
  test('a mover that is started anew begins the step it was at again, under its old number', () => {
    const first = rig();
    first.mover.start(0);
    first.carryOn(6);
    const at = first.commands().at(-1);
    const second = rig();
    second.mover.goOn(first.mover.journal, 1000);
    second.drain();
    expect(second.commands()).toEqual([at]);
    second.carryOn(100, 1000);
    expect(second.end()).toMatchObject({ outcome: 'moved' });
    expect(second.mover.journal.length).toBe(
      second.mover.journal.filter((one) => one === undefined || one.ok).length,
    );
  });

  test('numbers begin where they are told to', () => {
    const one = rig({}, new Mover(movePlan(), 100));
    one.mover.start(0);
    one.drain();
    expect(one.commands()).toEqual(['100 h1 fabrics']);
  });

  test('a move begins once', () => {
    const { mover } = rig();
    mover.start(0);
    expect(() => mover.start(0)).toThrow(RangeError);
    expect(() => mover.goOn([], 0)).toThrow(RangeError);
  });
});

test('frames and links are nothing to it', () => {
  const { mover, events, drain } = rig();
  mover.handleFrame();
  mover.handleLink();
  drain();
  expect([events, mover.deadline]).toEqual([[], undefined]);
});
