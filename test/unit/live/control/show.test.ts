/** `logins` and `stats`. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM1_TEXT = 'c0:50:76:00:00:00:01:00';

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('logins and stats name it', async () => {
  await (await rig.bench.host()).prepare(VM1);
  const { logins, nexuses } = await rig.ask({ command: 'logins' });
  const guest = logins.find((one: { wwpn: string }) => one.wwpn === VM1_TEXT);
  expect(guest).toMatchObject({ fabric: 'A', by: 'FDISC', link: 'A.1' });
  expect(guest.fc4Types).toContain(8);
  expect(nexuses.map((one: { wwpn: string }) => one.wwpn)).toContain(VM1_TEXT);
  const stats = await rig.ask({ command: 'stats' });
  expect(stats).toMatchObject({ ok: true, defects: 0, fabrics: [{ logins: 3 }] });
  expect(stats.fabrics[0].forwarded).toBeGreaterThan(5);
});

test('a server without guests has its target ports, links and logical units', async () => {
  const { logins, nexuses } = await rig.ask({ command: 'logins', fabric: 'A' });
  expect(logins).toMatchObject([
    { fabric: 'A', wwpn: '50:06:01:60:00:00:00:01', name: 'array port 0', link: 'A.0' },
  ]);
  expect(nexuses).toEqual([]);
  const { fabrics, units, tapFrames } = await rig.ask({ command: 'stats' });
  expect(fabrics[0].links).toMatchObject([
    { link: 'A.0', targetPort: 0, up: true, disabled: false },
  ]);
  expect(units).toEqual([{ name: 'lun0', kind: 'memory', bytes: 1 << 20, tasks: 0 }]);
  expect(tapFrames).toBeUndefined();
  expect((await rig.ask({ command: 'logins', fabric: 'Z' })).error).toBe(
    'there is no fabric Z; there is A',
  );
});
