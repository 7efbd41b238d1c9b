/** A server with its control socket and fronts: all of it opens, or nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memorySink } from '../../../src/capture/index.ts';
import { parseListenAddress } from '../../../src/live/listen-address.ts';
import { type OpenOptions, openServer } from '../../../src/live/open.ts';
import { streams } from '../../../src/machine/random.ts';
import { Bench } from '../../helpers/live-bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const open = (options: Partial<OpenOptions> = {}) =>
  openServer({
    listen: [parseListenAddress(`unix:${bench.socket}`)],
    luns: [],
    random: streams(1).stream,
    log: () => {},
    ...options,
  });

test('what is asked for is there, and gone when it is closed', async () => {
  const control = join(bench.dir, 'ctl');
  const sink = memorySink();
  const seen: string[] = [];
  const opened = await open({
    control,
    tap: sink,
    metrics: '0',
    prepare: (server) => server.onEvent(({ event }) => seen.push(event.type)),
  });
  expect([existsSync(control), existsSync(bench.socket)]).toEqual([true, true]);
  expect(opened.management.metrics).toMatch(/^127\.0\.0\.1:\d+$/);
  await opened.close();
  expect([existsSync(control), existsSync(bench.socket)]).toEqual([false, false]);
  // The first login of the array is heard by who was there before it.
  expect(seen).toContain('login');
  expect(sink.bytes().length).toBeGreaterThan(1000);
});

test.each<[string, (dir: string) => Partial<OpenOptions>]>([
  ['a control socket that cannot be', () => ({ control: '/nowhere/ctl' })],
  ['a front that cannot be', () => ({ metrics: '256.0.0.1:1' })],
  [
    'a file twice',
    (dir) => ({
      tap: join(dir, 'd'),
      luns: [{ kind: 'file', path: join(dir, 'x', '..', 'd'), bytes: 1 << 20 }],
    }),
  ],
  ['the control socket where guests connect', (dir) => ({ control: join(dir, 'fcf.sock') })],
])('with %s nothing is left open', async (_what, options) => {
  await expect(open(options(bench.dir))).rejects.toThrow(/^.+$/);
  expect(existsSync(bench.socket)).toBe(false);
  const again = await open();
  await again.close();
});
