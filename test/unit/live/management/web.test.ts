/** The page of a server's state. */
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

test('says who is logged in, and loads nothing from elsewhere', async () => {
  const before = await managed.fetch('web', '/');
  expect(before.status).toBe(200);
  expect(before.text).toContain('<td>array port 0</td>');
  expect(before.text).not.toContain('c0:50:76:00:00:00:01:00');
  const host = await bench.host();
  expect(await host.work(0xc050_7600_0000_0100n, 20)).toEqual([]);
  const { headers, text } = await managed.fetch('web', '/');
  expect(text).toContain('c0:50:76:00:00:00:01:00');
  expect(text).toMatch(/<td>A\.1<\/td><td>up<\/td><td>\d+<\/td>/);
  expect(text).toContain('<td>lun0</td><td>1048576</td>');
  expect(text).not.toMatch(/<script|https?:/);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(text).toContain('http-equiv="refresh"');
  expect((await managed.fetch('web', '/style.css')).headers.get('content-type')).toBe('text/css');
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
