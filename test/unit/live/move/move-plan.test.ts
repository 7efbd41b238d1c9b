/** The mover's plan for a move between Linux guests. */
import { expect, test } from 'vitest';
import { type LiveMoveRequest, planOf } from '../../../../src/live/move/move-plan.ts';

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

test('the same names, one for each port, go when every target has confirmed', () => {
  const plan = planOf(REQUEST);
  const names = [
    { port: 0, wwpn: 1n, wwnn: 1n },
    { port: 1, wwpn: 2n, wwnn: 2n },
  ];
  expect([plan.source, plan.destination]).toEqual([names, names]);
  expect(plan).toMatchObject({
    from: 'from',
    to: 'to',
    drain: 'wait',
    defences: ['logo-acknowledged'],
    overlapNs: 0,
    fallBack: 'none',
  });
});

test('of a pair the second names join, and the first leave behind them', () => {
  const plan = planOf({ ...REQUEST, strategy: 'wwpn-pair' });
  expect(plan.destination.map(({ wwpn }) => wwpn)).toEqual([3n, 4n]);
  expect([plan.defences, plan.overlapNs > 0]).toEqual([[], true]);
});

test('under load the first names of a pair have to leave before', () => {
  expect(planOf({ ...REQUEST, strategy: 'wwpn-pair', underLoad: true }).defences).toEqual([
    'logo-acknowledged',
  ]);
});
