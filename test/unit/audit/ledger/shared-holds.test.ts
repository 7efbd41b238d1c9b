/** What two arrays say of the reservations of one unit. */
import { expect, test } from 'vitest';
import { SharedHolds } from '../../../../src/audit/ledger/shared-holds.ts';
import type { CommandDone, ReservationChanged } from '../../../../src/history/index.ts';
import { fcInitiatorPort, fcTargetPort } from '../../../../src/history/port-name.ts';

const LU = '60';
const pairOf = (host: bigint) => ({
  initiator: fcInitiatorPort(host),
  target: fcTargetPort(0x50n),
});
const state = (
  hosts: readonly bigint[],
  cause: ReservationChanged['cause'] = 'register',
): ReservationChanged => ({
  type: 'reservation',
  luName: LU,
  cause,
  by: undefined,
  generation: hosts.length,
  aptpl: false,
  reservationType: 5,
  holder: pairOf(1n),
  registrations: hosts.map((host) => ({ ...pairOf(host), key: host })),
  spc2Holder: undefined,
});
const done = (command: string, host: bigint, status = 0): CommandDone => ({
  type: 'command-done',
  command,
  nexus: { ...pairOf(host), epoch: 1, address: 1 },
  lun: 0n,
  tag: 1,
  luName: LU,
  status,
  sense: undefined,
});
const NODES = ['east', 'west'];

test('a state that one array alone knows is found', () => {
  const holds = new SharedHolds();
  holds.change('east', state([1n]));
  expect(holds.without('east', LU, NODES)).toBe('west');
  holds.change('west', state([1n]));
  expect(holds.without('east', LU, NODES)).toBeUndefined();
});

test('one that the other knew before it learned the next is none', () => {
  const holds = new SharedHolds();
  for (const hosts of [[1n], [1n, 2n]]) holds.change('west', state(hosts));
  holds.change('east', state([1n]));
  expect(holds.without('east', LU, NODES)).toBeUndefined();
});

test('who was put out writes no more behind the answer, unless it registers again', () => {
  const holds = new SharedHolds();
  holds.change('east', state([1n, 2n]));
  holds.change('east', state([1n], 'preempt-and-abort'));
  expect(holds.isFenced(done('WRITE(10)', 2n))).toBe(false);
  holds.answered(done('PREEMPT AND ABORT', 1n));
  expect([1n, 2n].map((host) => holds.isFenced(done('WRITE(10)', host)))).toEqual([false, true]);
  holds.change('east', state([1n, 2n]));
  expect(holds.isFenced(done('WRITE(10)', 2n))).toBe(false);
});

test('what was refused, or changes nothing, is no change', () => {
  expect(SharedHolds.isChange(done('REGISTER', 1n))).toBe(true);
  expect(SharedHolds.isChange(done('REGISTER', 1n, 0x18))).toBe(false);
  expect(SharedHolds.isChange(done('READ KEYS', 1n))).toBe(false);
});
