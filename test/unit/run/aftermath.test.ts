/** What a crash ends without a word. */
import { expect, test } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import { Aftermath } from '../../../src/run/aftermath.ts';
import { entry } from '../../helpers/run-record.ts';

const login = (nPortId: number, port = 0) =>
  ({ type: 'login', nPortId, wwpn: BigInt(nPortId), port }) as Happening;
const nexus = (state: 'began' | 'ended', address: number) =>
  ({
    type: 'nexus',
    state,
    nexus: { initiator: 'i', target: 't', epoch: 1, address },
  }) as Happening;

test('logins of the node that are left end by the loss of their link', () => {
  const aftermath = new Aftermath();
  aftermath.observe(entry(1, 'sw', login(1)));
  aftermath.observe(entry(2, 'sw', login(2)));
  aftermath.observe(entry(3, 'other', login(3)));
  aftermath.observe(entry(4, 'sw', { type: 'logout', nPortId: 1 } as Happening));
  aftermath.observe(entry(5, 'sw', { type: 'handed-over', nPortId: 2, toPort: 7 } as Happening));
  expect(aftermath.crashed(9, 'sw')).toEqual([
    { at: 9, node: 'sw', event: { type: 'logout', nPortId: 2, wwpn: 2n, port: 7, reason: 'link' } },
  ]);
});

test('nexuses end, and nothing ends twice', () => {
  const aftermath = new Aftermath();
  for (const address of [1, 2]) aftermath.observe(entry(1, 'ar', nexus('began', address)));
  aftermath.observe(entry(2, 'ar', nexus('ended', 1)));
  expect(aftermath.crashed(3, 'ar')).toEqual([{ at: 3, node: 'ar', event: nexus('ended', 2) }]);
  expect(aftermath.crashed(4, 'ar')).toEqual([]);
  expect(aftermath.crashed(4, 'nobody')).toEqual([]);
});
