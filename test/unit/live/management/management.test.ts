/** Which fronts a server opens, and who may ask them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ListenError } from '../../../../src/live/listen-address.ts';
import { managementOf } from '../../../../src/live/management/management.ts';
import { serve } from '../../../../src/live/program.ts';
import { readScenario } from '../../../../src/scenario/load.ts';
import { Bench } from '../../../helpers/live-bench.ts';
import { Managed } from '../../../helpers/managed.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

test('those that are asked for, and they end with it', async () => {
  const { san } = await Managed.open(bench, { user: 'operator' });
  expect(Object.keys(san.management)).toEqual(['rest', 'nxapi', 'metrics', 'web']);
  const base = `http://${san.management.metrics}`;
  expect((await fetch(`${base}/metrics`)).status).toBe(200);
  await san.close();
  await expect(fetch(`${base}/metrics`)).rejects.toThrow();
});

test('metrics alone need no password', async () => {
  const san = await serve({ metrics: '0' });
  bench.atEnd(() => san.close());
  expect(san.management).toEqual({ metrics: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
});

test.each([
  [{ rest: '0' }, '--rest and --nxapi need --password-file FILE'],
  [{ nxapi: '0', passwordFile: '/nowhere/p' }, '--password-file /nowhere/p: '],
  [{ metrics: '0', user: 'x' }, 'do nothing without --rest or --nxapi'],
  [{ metrics: 'x' }, '--metrics x: needs HOST:PORT'],
])('%j is refused in a line, and nothing is left open', async (options, message) => {
  const listen = [`unix:${bench.socket}`];
  const refused = serve({ ...options, listen });
  await expect(refused).rejects.toThrow(ListenError);
  await expect(refused).rejects.toThrow(message);
  const san = await serve({ listen });
  await san.close();
});

test('a scenario says them too, with the user; options come on top, and a user is no mistake where nobody logs in', () => {
  const said = { rest: '1', metrics: '2', user: 'storage', passwordFile: 'p' };
  expect(managementOf(said, { rest: '3', web: '4' })).toEqual({ ...said, rest: '3', web: '4' });
  expect(managementOf({ metrics: '2', user: 'storage' }, {}).user).toBeUndefined();
  expect(managementOf(undefined, { nxapi: '1', user: 'me' })).toEqual({ nxapi: '1', user: 'me' });
});

test('a server of a scenario opens what it says', async () => {
  const passwordFile = join(bench.dir, 'p');
  writeFileSync(passwordFile, 'secret\n');
  const text = `name: managed
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], luns: [{ name: data }] }
vms: [{ name: vm1, host: h1, luns: [data] }]
move: { vm: vm1, to: h2 }
management: { rest: '0', user: storage, passwordFile: ${passwordFile} }`;
  const san = await serve({ scenario: readScenario(text, 'managed.yaml') });
  bench.atEnd(() => san.close());
  const authorization = `Basic ${Buffer.from('storage:secret').toString('base64')}`;
  const login = await fetch(`http://${san.management.rest}/rest/login`, {
    method: 'POST',
    headers: { authorization },
  });
  expect(login.status).toBe(200);
});

test('an empty password is none', async () => {
  const passwordFile = join(bench.dir, 'p');
  writeFileSync(passwordFile, '\nsecret\n');
  await expect(serve({ rest: '0', passwordFile })).rejects.toThrow(
    'its first line must be the password',
  );
});
