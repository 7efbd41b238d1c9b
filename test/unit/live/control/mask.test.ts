/** `mask`: who sees which logical units. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM1_TEXT = 'c0:50:76:00:00:00:01:00';

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('a mask hides units from one name and from everybody', async () => {
  const host = await rig.bench.host();
  expect(await rig.ask({ command: 'mask', action: 'set', luns: {} })).toMatchObject({ ok: true });
  await rig.ask({ command: 'mask', action: 'set', wwpn: VM1_TEXT, luns: { '3': 'lun0' } });
  expect((await host.prepare(VM1)).map((one) => one.lunNumber)).toEqual([3]);
  expect(await rig.ask({ command: 'mask' })).toMatchObject({
    everybody: {},
    masks: [{ wwpn: VM1_TEXT, luns: { '3': 'lun0' } }],
  });
  const wrong = await rig.ask({ command: 'mask', action: 'set', luns: { '0': 'gold' } });
  expect(wrong.error).toBe('mask: there is no logical unit gold; there is lun0');
});

test('a mask of one name is cleared back to what everybody sees', async () => {
  await rig.ask({ command: 'mask', action: 'set', wwpn: VM1_TEXT, luns: {} });
  const own = await rig.ask({ command: 'mask', wwpn: VM1_TEXT });
  expect(own).toMatchObject({ wwpn: VM1_TEXT, own: true, luns: {} });
  const cleared = await rig.ask({ command: 'mask', action: 'clear', wwpn: VM1_TEXT });
  expect(cleared).toMatchObject({ own: false, luns: { '0': 'lun0' } });
  expect((await rig.ask({ command: 'mask', action: 'clear' })).error).toBe(
    'mask: clear needs a wwpn or an initiator',
  );
  expect((await rig.ask({ command: 'mask', action: 'set' })).error).toMatch(/set needs luns/);
});

test('a mask by the name of an iSCSI initiator', async () => {
  const initiator = 'iqn.2026-01.com.example:one';
  const set = { command: 'mask', action: 'set', initiator, luns: {} };
  expect(await rig.ask(set)).toMatchObject({ initiator, own: true, luns: {} });
  expect(await rig.ask({ command: 'mask' })).toMatchObject({ masks: [{ wwpn: initiator }] });
  const both = await rig.ask({ ...set, wwpn: VM1_TEXT });
  expect(both.error).toBe('mask: either a wwpn or an initiator');
  expect((await rig.ask({ ...set, initiator: 'me' })).ok).toBe(false);
  const cleared = await rig.ask({ command: 'mask', action: 'clear', initiator });
  expect(cleared).toMatchObject({ own: false, luns: { '0': 'lun0' } });
});
