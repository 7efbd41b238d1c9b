/** The mover's plan for a move between Linux guests. */

import { expect, test } from 'vitest';
import { vhbasOf } from '../../../../src/host/attachment-identity.ts';
import { guestNamesOf, type LiveMoveRequest, planOf } from '../../../../src/live/move/move-plan.ts';

const REQUEST: LiveMoveRequest = {
  from: '/a',
  to: '/b',
  wwpns: [1n, 2n],
  pair: [3n, 4n],
  strategy: 'same-wwpn',
  underLoad: false,
  blocksBefore: 1,
  blocksAfter: 1,
  pauseMs: 0,
  seed: 1,
};

const NAMES = guestNamesOf(REQUEST);

test('the same names, one for each port, go when every target has confirmed', () => {
  const plan = planOf(REQUEST, NAMES);
  const names = [
    { port: 0, wwpn: 1n, wwnn: 1n },
    { port: 1, wwpn: 2n, wwnn: 2n },
  ];
  expect([plan.source, plan.destination]).toEqual([names, names]);
  expect(plan).toMatchObject({
    from: 'a',
    to: 'b',
    drain: 'wait',
    defences: ['logo-acknowledged'],
    overlapNs: 0,
    preflight: 'disk',
    fallBack: 'none',
  });
});

test('of a pair the second names join, and the first leave behind them', () => {
  const plan = planOf({ ...REQUEST, strategy: 'wwpn-pair' }, NAMES);
  expect(vhbasOf(plan.destination).map(({ wwpn }) => wwpn)).toEqual([3n, 4n]);
  expect([plan.defences, plan.overlapNs > 0]).toEqual([[], true]);
});

test('under load the first names of a pair have to leave before', () => {
  expect(planOf({ ...REQUEST, strategy: 'wwpn-pair', underLoad: true }, NAMES).defences).toEqual([
    'logo-acknowledged',
  ]);
});

test.each([
  ['/tmp/h1', '/tmp/h2', 'h1', 'h2'],
  ['/run/h1.channel', '/run/h2.channel', 'h1', 'h2'],
  ['/run/h1/channel', '/run/h2/channel', '/run/h1/channel', '/run/h2/channel'],
])('the guests behind %s and %s are called so', (from, to, first, second) => {
  expect(guestNamesOf({ from, to })).toEqual({ from: first, to: second });
});
