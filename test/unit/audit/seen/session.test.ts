import { expect, test } from 'vitest';
import {
  addressOf,
  isOver,
  isSurelyBefore,
  type SeenSession,
  SessionChecks,
} from '../../../../src/audit/seen/session.ts';

test('an address is an endpoint without its port, also of IPv6', () => {
  expect(addressOf('10.0.0.1:3260')).toBe('10.0.0.1');
  expect(addressOf('[fe80::1]:3260')).toBe('[fe80::1]');
});

test('20 ms and less may be the tap’s own order', () => {
  expect(isSurelyBefore({ at: 0, frame: 1 }, { at: 20e6, frame: 2 })).toBe(false);
  expect(isSurelyBefore({ at: 0, frame: 2 }, { at: 20e6 + 1, frame: 1 })).toBe(true);
});

test.each([
  ['reinstated', true],
  ['logged out', true],
  ['connection closed', false],
  ['connection reset', false],
] as const)('a session that was %s: both ends know %s', (how, over) => {
  const ended = { at: 0, frame: 1, how, by: undefined };
  expect(isOver({ ended } as unknown as SeenSession)).toBe(over);
});

test('what was looked at is counted by kind', () => {
  const checks = new SessionChecks();
  for (const kind of ['tag', 'tag', 'dead'] as const) checks.count(kind);
  expect([...checks.all]).toEqual([
    ['tag', 2],
    ['dead', 1],
  ]);
});
