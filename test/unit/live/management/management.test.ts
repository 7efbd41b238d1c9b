/** Which fronts a server opens, and who may ask them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ListenError } from '../../../../src/live/listen-address.ts';
import { serve } from '../../../../src/live/program.ts';
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

test('an empty password is none', async () => {
  const passwordFile = join(bench.dir, 'p');
  writeFileSync(passwordFile, '\nsecret\n');
  await expect(serve({ rest: '0', passwordFile })).rejects.toThrow(
    'its first line must be the password',
  );
});
