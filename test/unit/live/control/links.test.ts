/** `cvl`, `rscn`, `port`, `restart`. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LiveServer } from '../../../../src/live/server.ts';
import { until } from '../../../helpers/live-bench.ts';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM1_TEXT = 'c0:50:76:00:00:00:01:00';
const TARGET = '50:06:01:60:00:00:00:01';

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('cvl of one name makes only that one log in again; of all, everybody', async () => {
  await (await rig.bench.host()).prepare(VM1);
  const loggedIn: bigint[] = [];
  rig.server.onEvent(({ event }) => {
    if (event.type === 'login') loggedIn.push(event.wwpn);
  });
  expect(await rig.ask({ command: 'cvl', wwpn: VM1_TEXT })).toMatchObject({ ok: true, cleared: 1 });
  await until(() => loggedIn.length === 1, 'the vport again');
  expect(loggedIn).toEqual([VM1]);
  expect(await rig.ask({ command: 'cvl', all: true })).toMatchObject({ ok: true, cleared: 3 });
  await until(() => loggedIn.length === 4, 'everybody again');
  const refused = await rig.ask({ command: 'cvl', wwpn: '20:00:00:00:00:00:00:09' });
  expect(refused).toEqual({ ok: false, error: 'cvl: 20:00:00:00:00:00:00:09 is not logged in' });
});

test('cvl takes exactly one way to say whom', async () => {
  const needs = 'cvl: needs one of wwpn, nPortId, link and all';
  expect((await rig.ask({ command: 'cvl' })).error).toBe(needs);
  expect((await rig.ask({ command: 'cvl', all: true, link: 'A.0' })).error).toBe(needs);
});

test('rscn names ports by name and by N_Port_ID, or the fabric', async () => {
  const [{ login }] = rig.server.logins() as [ReturnType<LiveServer['logins']>[number]];
  const id = login.nPortId.toString(16).padStart(6, '0');
  const sent = await rig.ask({ command: 'rscn', wwpn: TARGET, nPortIds: ['010203'] });
  expect(sent).toMatchObject({ ok: true, fabric: 'A', pages: ['010203', id] });
  expect(await rig.ask({ command: 'rscn', format: 'fabric' })).toMatchObject({ pages: ['000000'] });
  expect((await rig.ask({ command: 'rscn' })).error).toBe('rscn: needs nPortIds or wwpn');
  expect((await rig.ask({ command: 'rscn', wwpn: VM1_TEXT })).error).toBe(
    `rscn: ${VM1_TEXT} is not logged in on A`,
  );
});

test('port takes a link down and up, by target port, link or name', async () => {
  const { fcf } = rig.server.fabrics.get('A')!;
  const up = () => fcf.portState(0).up;
  const down = await rig.ask({ command: 'port', action: 'down', targetPort: 0 });
  expect([down, up()]).toEqual([{ ok: true, link: 'A.0' }, false]);
  await rig.ask({ command: 'port', action: 'up', link: 'A.0' });
  expect(up()).toBe(true);
  expect((await rig.ask({ command: 'port', action: 'up', targetPort: 7 })).error).toBe(
    'port: there is no target port 7',
  );
});

test('restart takes the logins of a switch, and the array comes back as another', async () => {
  const { array } = rig.server;
  expect(await rig.ask({ command: 'restart', what: 'array', downMs: 1 })).toMatchObject({
    downMs: 1,
  });
  await until(() => rig.server.array !== array, 'the array is back');
  await until(() => rig.server.logins().length === 1, 'it has logged in');
  const { since } = rig.server.logins()[0]!.login;
  await rig.ask({ command: 'restart', what: 'fcf', downMs: 1, silent: true });
  await until(() => (rig.server.logins()[0]?.login.since ?? since) > since, 'a new login');
});
