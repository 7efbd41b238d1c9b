/** Attempts with their frames, and which of them a violation is about. */
import { beforeEach, expect, test } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import type { FaultHit } from '../../../src/run/adversary.ts';
import { type Attempt, AttemptLog } from '../../../src/run/attempt-log.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../helpers/audit-rig.ts';
import { command, elsRequest, response } from '../../helpers/fc-frames.ts';
import { entry, io, moved, PLACES, seen, step } from '../../helpers/run-record.ts';

let log: AttemptLog;
beforeEach(() => {
  log = new AttemptLog();
  log.begin(PLACES);
});

/** An I/O that is sent with this OX_ID. */
function send(at: number, number: number, tag: number, other: object = {}): void {
  log.observe(entry(at, 'alpha', io.submit(number, other)));
  const event = { type: 'io-sent', vm: 'vm', io: number, attempt: 1, tag };
  const sent = { ...event, address: ADDRESS, targetAddress: TARGET_ADDRESS };
  log.observe(entry(at, 'alpha', sent as unknown as Happening));
}

const numbersOf = (attempts: readonly Attempt[]): number[] =>
  attempts.map(({ sent }) => sent.event.io);

test('frames belong to the attempt of their exchange, the latest that was sent by then', () => {
  send(0, 1, 5);
  const [first, other] = [seen(1, { bytes: command(5) }), seen(2, { bytes: response(6) })];
  for (const frame of [first, other]) log.see(frame);
  send(5000, 2, 5);
  const second = seen(6, { bytes: command(5) });
  log.see(second);
  log.conclude([], [6]);
  expect(log.attemptOf(first)!.sent.event.io).toBe(1);
  expect(log.attemptOf(second)!.sent.event.io).toBe(2);
  expect(log.attemptOf(other)).toBeUndefined();
  expect([first, other, second].map((frame) => log.concerns(frame))).toEqual([false, false, true]);
});

test('a violation is also about writes over the same blocks that came meanwhile', () => {
  send(0, 1, 1, { lba: 8, blocks: 2 });
  send(1, 2, 2, { lba: 9, blocks: 1 });
  send(2, 3, 3, { lba: 10, blocks: 1 });
  send(3, 4, 4, { op: 'read', lba: 8 });
  log.observe(
    entry(10, 'gamma', {
      type: 'apply',
      nexus: { address: ADDRESS },
      tag: 1,
      luName: '60',
      lba: 8,
      blocks: 2,
      data: new Uint8Array(0),
    } as unknown as Happening),
  );
  log.see(seen(1, { at: 0, bytes: command(1) }));
  log.conclude([], [1]);
  expect(numbersOf(log.concernedAttempts)).toEqual([1, 2]);
  expect(log.addresses()).toHaveLength(1);
});

test('a frame that a fault held is known where it left and where it comes late', () => {
  const bytes = command(7);
  const hit: FaultHit = {
    fault: { frame: 1, fault: 'delay', delayNs: 5000 },
    at: 1000,
    link: 'right',
    direction: 'b-to-a',
    to: 'gamma',
    ordinal: 1,
    frame: bytes,
  };
  const leaving = seen(1, { at: 1000, tap: 'right', direction: 'out', bytes });
  const late = seen(2, { at: 6000, tap: 'left', direction: 'out', bytes });
  const early = seen(3, { at: 5999, tap: 'left', direction: 'out', bytes });
  for (const frame of [leaving, late, early]) log.see(frame);
  log.conclude([hit], []);
  expect(log.leavesInto(leaving)).toBe(hit);
  expect(log.leavesInto(late)).toBeUndefined();
  expect(log.heldBy(late)).toBe(hit);
  expect([leaving, late, early].map((frame) => log.isHeld(frame))).toEqual([false, true, false]);
});

test('what the fabric itself sends comes from the switch', () => {
  const service = elsRequest(3, new Uint8Array(4), { from: 0xff_fffd });
  expect(log.comesFromSwitch(seen(1, { bytes: service }))).toBe(true);
  expect(log.comesFromSwitch(seen(2))).toBe(false);
});

test('ends, completions, logins and steps of the move are kept', () => {
  send(0, 1, 1);
  const end = { type: 'io-attempt-end', vm: 'vm', io: 1, attempt: 1, end: 'good' } as const;
  log.observe(entry(3, 'alpha', end));
  log.observe(entry(4, 'alpha', io.complete(1)));
  log.observe(entry(5, 'mover', step('preflight')));
  log.observe(entry(6, 'mover', moved));
  log.observe(entry(7, 'beta', { type: 'logout', nPortId: 1 } as Happening));
  expect(log.attempts[0]!.end).toMatchObject({ at: 3, event: end });
  expect(log.completed.get('vm 1')!.at).toBe(4);
  expect(log.moveAt).toBe(5);
  expect(log.logins).toHaveLength(1);
});
