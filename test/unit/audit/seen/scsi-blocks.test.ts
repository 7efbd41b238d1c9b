import { expect, test } from 'vitest';
import { kindOfCommand, noteFrame } from '../../../../src/audit/seen/scsi-blocks.ts';
import type { SeenTask } from '../../../../src/audit/seen/session.ts';

test.each([
  ['READ(10)', 'read'],
  ['READ CAPACITY(16)', 'other'],
  ['WRITE(16)', 'write'],
  ['WRITE AND VERIFY(10)', 'write'],
  ['WRITE SAME(10)', 'change'],
  ['WRITE BUFFER', 'other'],
  ['COMPARE AND WRITE', 'change'],
  ['UNMAP', 'change'],
  ['FORMAT UNIT', 'change'],
  ['INQUIRY', 'other'],
])('%s: %s', (command, kind) => {
  expect(kindOfCommand(command)).toBe(kind);
});

test('frames of a task are kept once each, and not without end', () => {
  const task = { frames: [1] } as unknown as SeenTask;
  for (const frame of [1, 2, 2, 3]) noteFrame(task, frame);
  expect(task.frames).toEqual([1, 2, 3]);
  for (let frame = 4; frame < 100; frame++) noteFrame(task, frame);
  expect(task.frames.length).toBe(32);
});
