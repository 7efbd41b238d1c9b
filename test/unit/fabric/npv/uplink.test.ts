/** An uplink of a virtualizer: an adapter among others at the core, with servers' ports beside its own. */
import { expect, it } from 'vitest';
import { SECOND } from '../../../../src/machine/machine.ts';
import { NpvRig, uplink } from '../../../helpers/npv.ts';

it('logs in by FLOGI under its own name, with the name of its switch as symbolic name', () => {
  const rig = NpvRig.ready();
  expect(
    rig.core.logins().map(({ by, port, symbolicName, wwpn }) => [by, port, symbolicName, wwpn]),
  ).toEqual([
    ['FLOGI', 0, 'npv', uplink(0).wwpn],
    ['FLOGI', 1, 'npv', uplink(1).wwpn],
  ]);
  const ready = rig.told.filter((event) => event.type === 'port' && event.state === 'ready');
  expect(ready).toHaveLength(2);
});

it('logs in again when its own link was cleared', () => {
  const rig = NpvRig.ready();
  rig.manage((_, core, now) => core.clearVirtualLinks({ wwpn: uplink(0).wwpn }, now));
  expect(rig.core.logins()).toHaveLength(1);
  rig.advance(SECOND);
  expect(rig.core.logins()).toHaveLength(2);
});
