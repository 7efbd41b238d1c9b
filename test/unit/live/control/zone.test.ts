/** `zone`: zone sets, ready and active. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../helpers/live-bench.ts';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM1_TEXT = 'c0:50:76:00:00:00:01:00';
const PHYSICAL = '20:00:00:25:b5:00:00:01';

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('a zone set takes the target out of its sight, and gives it back', async () => {
  await (await rig.bench.host()).prepare(VM1);
  const lonely = { enforced: 'hard', zones: [{ name: 'z', members: [VM1_TEXT, PHYSICAL] }] };
  const set = await rig.ask({ command: 'zone', action: 'set', zoning: lonely });
  expect(set).toMatchObject({ active: { enforced: 'none' }, set: { enforced: 'hard' } });
  const nexuses = () =>
    [...rig.server.array.device.nexuses].filter((one) => one.login !== undefined);
  expect(nexuses()).not.toEqual([]);
  const active = await rig.ask({ command: 'zone', action: 'activate' });
  expect(active.active.zones[0].members).toHaveLength(2);
  await until(() => rig.bench.said.includes('zoning of A changed (hard)'), 'a word in the log');
  const open = { zones: [{ name: 'z', members: [VM1_TEXT, 'array'] }] };
  await rig.ask({ command: 'zone', action: 'activate', zoning: open });
  await until(() => nexuses().some((one) => one.initiatorPort === VM1_TEXT), 'logged in again');
  const wrong = { zones: [{ name: 'z', members: ['nobody'] }] };
  expect((await rig.ask({ command: 'zone', action: 'set', zoning: wrong })).error).toMatch(
    /nobody/,
  );
});

test('what is ready is not in force before it is activated, and then only once', async () => {
  const before = await rig.ask({ command: 'zone' });
  expect(before).not.toHaveProperty('set');
  expect((await rig.ask({ command: 'zone', action: 'activate' })).error).toMatch(
    /nothing is set yet/,
  );
  expect((await rig.ask({ command: 'zone', action: 'set' })).error).toBe('zone: set needs zoning');
  const zoning = { enforced: 'soft', zones: [{ name: 'z', members: ['array'] }] };
  await rig.ask({ command: 'zone', action: 'set', zoning });
  const ready = await rig.ask({ command: 'zone' });
  expect([ready.active, ready.set.zones[0].members]).toEqual([
    before.active,
    [{ wwpn: '50:06:01:60:00:00:00:01', name: 'array port 0' }],
  ]);
  const active = await rig.ask({ command: 'zone', action: 'activate' });
  expect(active.active).toEqual(ready.set);
  expect(active).not.toHaveProperty('set');
});
