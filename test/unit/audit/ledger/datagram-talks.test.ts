/** Datagrams are counted by guest and way. */
import { expect, test } from 'vitest';
import { DatagramTalks } from '../../../../src/audit/ledger/datagram-talks.ts';

const passed = (number: number, step: 'sent' | 'received', way = 'to-guest' as const) =>
  ({ type: 'datagram', vm: 'vm1', way, number, step }) as const;

test('what was sent, what is lost, and the longest time without one', () => {
  const talks = new DatagramTalks();
  for (const number of [1, 2, 3, 4]) talks.observe(number * 10, passed(number, 'sent'));
  expect(talks.observe(12, passed(1, 'received'))).toBe(true);
  expect(talks.observe(45, passed(4, 'received'))).toBe(true);
  const talk = { vm: 'vm1', way: 'to-guest', sent: 4, lost: 2 };
  expect(talks.conclude()).toEqual([{ ...talk, longestNs: 2 }]);
});

test('a pause lasts from the first that does not come to the next that does, or to the end', () => {
  const talks = new DatagramTalks();
  talks.observe(0, passed(1, 'sent'));
  talks.observe(7, passed(2, 'sent'));
  talks.observe(9, passed(2, 'received'));
  talks.observe(20, passed(3, 'sent'));
  talks.observe(50, passed(4, 'sent'));
  expect(talks.conclude()).toMatchObject([{ lost: 3, longestNs: 30 }]);
});

test('what was never sent is said', () => {
  expect(new DatagramTalks().observe(1, passed(1, 'received'))).toBe(false);
});
