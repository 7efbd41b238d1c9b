import { expect, test } from 'vitest';
import { WaitingRequests } from '../../../../../src/audit/seen/iscsi/requests.ts';
import type { IscsiPduOf } from '../../../../../src/codecs/index.ts';

const asked = (initiatorTaskTag: number, code: number) =>
  ({
    initiatorTaskTag,
    function: code,
    lun: 0n,
    referencedTaskTag: 9,
    cmdSn: 4,
  }) as IscsiPduOf<'Task Management Function Request'>;
const answered = (initiatorTaskTag: number, response: number) =>
  ({ initiatorTaskTag, response }) as IscsiPduOf<'Task Management Function Response'>;

test.each([
  [1, 0, true, 'ABORT TASK: function complete'],
  [5, 5, false, 'LOGICAL UNIT RESET: task management function not supported'],
  [99, 77, false, 'function 99: response 77'],
])('function %d answered with %d', (code, response, isDone, what) => {
  const waiting = new WaitingRequests();
  waiting.manage(asked(3, code), { at: 1, frame: 2 });
  const answer = waiting.managed(answered(3, response));
  expect(answer).toMatchObject({ isDone, what, asked: { frame: 2, referencedTaskTag: 9 } });
  expect(waiting.managed(answered(3, response))).toBeUndefined();
});

test('a ping is answered once, and forgotten with the rest', () => {
  const waiting = new WaitingRequests();
  waiting.ping(7, { at: 1, frame: 1 });
  expect(waiting.pong(7)).toEqual({ at: 1, frame: 1 });
  expect(waiting.pong(7)).toBeUndefined();
  waiting.ping(8, { at: 2, frame: 2 });
  waiting.manage(asked(3, 1), { at: 2, frame: 2 });
  waiting.clear();
  expect([waiting.pong(8), waiting.managed(answered(3, 0))]).toEqual([undefined, undefined]);
});
