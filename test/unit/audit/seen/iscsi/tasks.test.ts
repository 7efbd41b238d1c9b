/** Tags, answers that come early, aborts. */
import { expect, test } from 'vitest';
import type { OpenTask } from '../../../../../src/audit/seen/iscsi/open-task.ts';
import { IscsiTasks, type TaskAnswer } from '../../../../../src/audit/seen/iscsi/tasks.ts';
import type { SeenTask } from '../../../../../src/audit/seen/session.ts';

function rig() {
  const faults: string[] = [];
  const ended: number[] = [];
  const tasks = new IscsiTasks({
    ended: ({ task }) => ended.push(task.frame),
    fault: (kind, what) => faults.push(`${kind}: ${what}`),
    nameOf: ({ frame }) => `task ${frame}`,
  });
  return { tasks, faults, ended };
}

const open = (tag: number, frame: number, cmdSn: number, expStatSn = 0): OpenTask =>
  ({
    task: {
      tag,
      frame,
      at: frame,
      frames: [],
      command: 'READ(10)',
      lun: 0n,
      isPartial: false,
    } as unknown as SeenTask,
    cmdSn,
    expStatSn,
  }) as OpenTask;
const answer = (tag: number, statSn: number, expCmdSn: number, frame = 90): TaskAnswer => ({
  tag,
  statSn,
  expCmdSn,
  frame,
  at: frame,
  status: 0,
  sense: undefined,
});

test('an answer that is seen in front of its command ends it, and makes it partial', () => {
  const { tasks, faults, ended } = rig();
  tasks.answer(answer(7, 1, 3));
  const late = open(7, 5, 2);
  tasks.begin(late);
  expect([faults, ended, late.task.isPartial]).toEqual([[], [5], true]);
});

test('an answer to the one before is not taken for one to a command that comes later under its tag', () => {
  const { tasks, ended } = rig();
  tasks.answer(answer(7, 1, 3));
  tasks.begin(open(7, 5, 3));
  expect(ended).toEqual([]);
});

test('a tag is used again: by what its user had read, the first task had ended or not', () => {
  const sound = rig();
  sound.tasks.begin(open(7, 1, 1));
  // It says that it has read StatSN 4: the answer is seen late.
  sound.tasks.begin(open(7, 2, 2, 5));
  sound.tasks.answer(answer(7, 4, 2));
  sound.tasks.answer(answer(7, 5, 3));
  expect([sound.faults, sound.ended]).toEqual([[], [1, 2]]);
  const broken = rig();
  broken.tasks.begin(open(7, 1, 1));
  broken.tasks.begin(open(7, 2, 2, 4));
  broken.tasks.answer(answer(7, 4, 3));
  expect(broken.faults).toHaveLength(1);
  const silent = rig();
  silent.tasks.begin(open(7, 1, 1));
  silent.tasks.begin(open(7, 2, 2, 5));
  silent.tasks.passed(4);
  expect(silent.faults).toEqual([]);
  silent.tasks.passed(5);
  expect(silent.faults).toHaveLength(1);
});

test('an abort covers its task, a reset those of its unit that were sent before it', () => {
  const { tasks, faults } = rig();
  const first = open(7, 1, 1);
  const later = open(8, 2, 9);
  for (const one of [first, later]) tasks.begin(one);
  const asked = { function: 5, lun: 0n, referencedTaskTag: 0, cmdSn: 5, at: 3, frame: 3 };
  expect(tasks.managed(asked, { at: 4, frame: 4 })).toBe(1);
  expect([first.task.aborted?.frame, later.task.aborted]).toEqual([4, undefined]);
  tasks.answer(answer(8, 1, 10));
  expect(faults).toEqual([]);
  tasks.answer(answer(7, 2, 10));
  expect(faults).toEqual([
    'aborted: task 1 was answered in frame 90 after its abort had been confirmed in frame 4',
  ]);
});

test('what is missing takes all suspicion with it', () => {
  const { tasks, faults } = rig();
  tasks.begin(open(7, 1, 1));
  tasks.begin(open(7, 2, 2, 4));
  tasks.answer(answer(9, 1, 2, 1));
  tasks.lose();
  tasks.passed(9);
  tasks.sent(9, 1e9);
  expect(faults).toEqual([]);
});
