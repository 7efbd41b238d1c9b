/** `access`: the states of target port groups. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

const VM1 = 0xc050_7600_0000_0100n;

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('states are shown and set, and a host that logs in sees them', async () => {
  expect(await rig.ask({ command: 'access' })).toMatchObject({
    ok: true,
    units: { lun0: { '1': 'active-optimized' } },
  });
  const set = await rig.ask({ command: 'access', states: { '1': 'standby' } });
  expect(set).toMatchObject({ ok: true, units: { lun0: { '1': 'standby' } } });
  const host = await rig.bench.host();
  expect((await host.prepare(VM1)).map((one) => one.access)).toEqual([['standby']]);
});

test('what is not there is refused, and nothing changes', async () => {
  const refused = async (request: object) =>
    (await rig.ask({ command: 'access', ...request })).error;
  expect(await refused({ states: { '9': 'standby' } })).toBe(
    'access: there is no target port group 9',
  );
  expect(await refused({ unit: 'gold', states: { '1': 'standby' } })).toBe(
    'access: there is no logical unit gold; there is lun0',
  );
  expect(await refused({ states: { '1': 'asleep' } })).toMatch(/must be one of/);
  expect(await rig.ask({ command: 'access', unit: 'lun0' })).toMatchObject({
    units: { lun0: { '1': 'active-optimized' } },
  });
});
