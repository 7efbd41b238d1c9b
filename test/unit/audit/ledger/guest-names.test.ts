import { expect, it } from 'vitest';
import { GuestNames } from '../../../../src/audit/ledger/guest-names.ts';
import { fcInitiatorDevice } from '../../../../src/history/index.ts';
import { GUEST, GUEST_WWPN, OTHER } from '../../../helpers/audit-rig.ts';

it('tells the names of a guest, and the guests of a name', () => {
  const names = new GuestNames();
  const declare = (vm: string, ...initiators: (typeof GUEST)[]) =>
    names.observe({ at: 0, node: '', event: { type: 'identities', vm, initiators } });
  declare('vm1', GUEST);
  declare('vm1', OTHER);
  declare('vm2', GUEST);
  expect([...names.guests]).toEqual(['vm1', 'vm2']);
  expect([...names.of('vm1')]).toEqual([GUEST, OTHER]);
  expect([...names.guestsOf(GUEST)]).toEqual(['vm1', 'vm2']);
  expect([...names.guestsOf(OTHER)]).toEqual(['vm1']);
  expect([...names.guestsBehind(fcInitiatorDevice(GUEST_WWPN))]).toEqual(['vm1', 'vm2']);
  expect([names.of('vm3').size, names.guestsOf('x' as typeof GUEST).size]).toEqual([0, 0]);
});
