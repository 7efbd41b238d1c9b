/** Task management that waits for data that were asked for. Source: RFC 7143, 4.2.3.3. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Timer } from '../../../../src/machine/timers.ts';
import { AWAITED_DATA_NS, AwaitedData } from '../../../../src/port/iscsi/awaited-data.ts';

let awaited: AwaitedData;
let due: (() => void) | undefined;
const after = (delayNs: number, run: () => void): Timer => {
  expect(delayNs).toBe(AWAITED_DATA_NS);
  due = run;
  return { cancel: () => (due = undefined) } as unknown as Timer;
};
beforeEach(() => {
  awaited = new AwaitedData();
  due = undefined;
});

test('nothing is waited for: the answer comes at once', () => {
  const answer = vi.fn();
  awaited.answerAfter([], after, answer);
  expect(answer).toHaveBeenCalledOnce();
});

test('the last data under each tag, in any order; of no other', () => {
  const answer = vi.fn();
  awaited.answerAfter([4, 5], after, answer);
  expect(awaited.arrived(9, true)).toBe(false);
  expect(awaited.arrived(5, false)).toBe(true);
  expect(awaited.arrived(5, true)).toBe(true);
  expect(answer).not.toHaveBeenCalled();
  expect(awaited.arrived(4, true)).toBe(true);
  expect(answer).toHaveBeenCalledOnce();
  expect(due).toBeUndefined();
  expect(awaited.arrived(4, true)).toBe(false);
});

test('data that never come are waited for so long and no longer', () => {
  const answer = vi.fn();
  awaited.answerAfter([4], after, answer);
  due!();
  expect(answer).toHaveBeenCalledOnce();
});

test('a session that is over answers nobody', () => {
  const answer = vi.fn();
  awaited.answerAfter([4], after, answer);
  awaited.clear();
  expect(due).toBeUndefined();
  expect(awaited.arrived(4, true)).toBe(false);
  expect(answer).not.toHaveBeenCalled();
});
