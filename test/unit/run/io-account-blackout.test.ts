/** The account of a run's I/O and the steps of its move. */
import { beforeEach, expect, test } from 'vitest';
import type { MoveEvent } from '../../../src/history/index.ts';
import type { MovePlan } from '../../../src/mobility/plan.ts';
import { IoAccountant } from '../../../src/run/io-account.ts';
import { entry, io, moved, step } from '../../helpers/run-record.ts';

let account: IoAccountant;
const tell = (at: number, node: string, event: Parameters<typeof entry>[2]): void =>
  account.observe(entry(at, node, event));

beforeEach(() => {
  account = new IoAccountant({ vm: 'vm', from: 'alpha', to: 'omega' } as MovePlan);
});

test('I/Os are counted by how they end', () => {
  for (const number of [1, 2, 3]) tell(0, 'alpha', io.submit(number));
  tell(1, 'alpha', { type: 'io-requeue', vm: 'vm', io: 1, reason: '' });
  tell(2, 'alpha', io.complete(1));
  tell(3, 'alpha', io.complete(2, 'failed'));
  expect(account.io).toEqual({ submitted: 3, completed: 1, failed: 1, requeued: 1, dropped: 0 });
  account.lost('vm');
  expect(account.io.failed).toBe(2);
  expect(account.nextIo('vm')).toBe(4);
});

test('the blackout lies between the last I/O here and the first one there', () => {
  const done: [number, string, 'good' | 'failed'][] = [
    [10, 'alpha', 'good'],
    [20, 'alpha', 'good'],
    [25, 'alpha', 'failed'],
    [70, 'omega', 'failed'],
    [80, 'omega', 'good'],
    [90, 'omega', 'good'],
    [95, 'alpha', 'good'],
  ];
  for (const [at, node, result] of done) {
    expect(account.blackoutNs).toBe(at <= 80 ? 0 : 60);
    tell(at, node, io.complete(1, result));
  }
  expect(account.blackoutNs).toBe(60);
});

test('I/Os of another guest are none of the blackout', () => {
  tell(10, 'alpha', { type: 'io-complete', vm: 'other', io: 1, result: 'good' });
  tell(20, 'omega', io.complete(1));
  expect(account.blackoutNs).toBe(0);
});

test('each step has its length, its frames and its I/Os', () => {
  account.frame();
  expect(account.step(100, step('preflight') as MoveEvent)).toBe(true);
  account.frame();
  account.frame();
  expect(account.step(150, step('stun') as MoveEvent)).toBe(true);
  expect(account.step(160, step('stun', 'more') as MoveEvent)).toBe(false);
  tell(170, 'alpha', io.complete(1));
  account.step(200, moved as MoveEvent);
  account.close(230);
  expect(
    account.timeline.map((one) => [one.phase, one.durationNs, one.frames, one.completed]),
  ).toEqual([
    ['preflight', 50, 2, 0],
    ['stun', 50, 0, 1],
    ['moved', 30, 0, 0],
  ]);
});
