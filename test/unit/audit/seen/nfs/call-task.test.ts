/** A call as a task: the blocks that it is about. */
import { expect, test } from 'vitest';
import { callTask } from '../../../../../src/audit/seen/nfs/call-task.ts';
import type { SeenSession } from '../../../../../src/audit/seen/session.ts';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';

const session = { server: '10.0.0.1:2049' } as SeenSession;
const words = {
  session,
  xid: 1,
  command: 'NFS WRITE',
  kind: 'write',
  file: 'ab',
  again: '1',
} as const;
const taskOf = (more: object) => callTask({ ...words, ...more }, { at: 5, frame: 2 }, 2);

test('has the blocks of its data, from block to block', () => {
  const data = blocksOf(3, 1);
  const task = taskOf({ offset: 1024, count: data.length, data });
  expect(task).toMatchObject({ unit: '10.0.0.1 ab', frames: [2], blocks: { first: 2, count: 3 } });
  expect(task.blocks!.digests.filter((one) => one === undefined)).toEqual([]);
});

test('has none where it begins inside of one, or is about no bytes', () => {
  expect(taskOf({ offset: 100, count: 512 }).blocks).toBeUndefined();
  expect(taskOf({}).blocks).toBeUndefined();
  expect(taskOf({ kind: 'other', offset: 0, count: 512 }).blocks).toBeUndefined();
});
