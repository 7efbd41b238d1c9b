/** The page of a server, and the state that it asks for. */
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../../../helpers/live-bench.ts';
import { Managed } from '../../../helpers/managed.ts';

let bench: Bench;
let managed: Managed;
beforeEach(async () => {
  bench = new Bench();
  managed = await Managed.open(bench, { listen: [`unix:${bench.socket}`] });
});
afterEach(() => bench.end());

const state = async () => (await managed.fetch('web', '/state')).json;

test('says who is logged in, links, exchanges, faults, units and the verdict so far', async () => {
  const before = await state();
  expect(before.logins.map(({ name }: { name: string }) => name)).toEqual(['array port 0']);
  expect(before.verdict.find((one: { invariant: string }) => one.invariant === 'I12').result).toBe(
    'not-observable',
  );
  const host = await bench.host();
  expect(await host.work(0xc050_7600_0000_0100n, 20)).toEqual([]);
  const after = await state();
  expect(after.logins.map(({ wwpn }: { wwpn: string }) => wwpn)).toContain(
    'c0:50:76:00:00:00:01:00',
  );
  expect(after.nexuses).toHaveLength(1);
  expect(after.fabrics[0].links[1]).toMatchObject({ link: 'A.1', up: true });
  expect(after.units).toMatchObject([{ name: 'lun0', bytes: 1024 * 1024 }]);
  expect(after.exchanges.counts.fcp.completed).toBeGreaterThanOrEqual(20);
  expect(after.exchanges.counts.els.completed).toBeGreaterThan(2);
  expect(after.exchanges.last[0]).toMatchObject({ fabric: 'A', status: 'GOOD' });
  expect(after.verdict.find((one: { invariant: string }) => one.invariant === 'I12').result).toBe(
    'holds',
  );
  expect(after.faults).toEqual([]);
});

test('its verdict so far goes on', async () => {
  await managed.fetch('web', '/state');
  const host = await bench.host();
  expect(await host.work(0xc050_7600_0000_0100n, 5)).toEqual([]);
  const [first, second] = [await state(), await state()];
  const results = (of: typeof first) => of.verdict.map((one: { result: string }) => one.result);
  expect(results(second)).toEqual(results(first));
  expect(managed.san.verdict().verdict).toHaveLength(first.verdict.length);
});

test('there is nothing else, and nothing for a page that has a name point here', async () => {
  expect((await managed.fetch('web', '/etc/passwd')).status).toBe(404);
  expect((await managed.fetch('web', '/', { method: 'POST' })).status).toBe(405);
  const [hostname, port] = managed.san.management.web!.split(':');
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const options = { hostname, port, headers: { host: 'attacker.example' } };
    request(options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
});
