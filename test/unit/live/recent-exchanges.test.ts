/** Exchanges of a server: the last of them, each once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecentExchanges } from '../../../src/live/recent-exchanges.ts';
import { Bench } from '../../helpers/live-bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

test('the last hundred, the latest first, though each passes two links', async () => {
  let exchanges: RecentExchanges | undefined;
  await bench.serve({
    prepare: (server) => {
      exchanges = new RecentExchanges(server);
    },
  });
  const host = await bench.host();
  expect(await host.work(0xc050_7600_0000_0100n, 60)).toEqual([]);
  const { counts, last } = exchanges!;
  expect(counts.fcp.opened).toBeGreaterThanOrEqual(60);
  expect(counts.fcp.unanswered).toBe(0);
  expect(last.length).toBeLessThanOrEqual(100);
  expect(last[0]!.atMs).toBeGreaterThanOrEqual(last.at(-1)!.atMs);
  expect(last.find(({ command }) => command === 'WRITE(10)')).toMatchObject({
    fabric: 'A',
    lun: '0',
    status: 'GOOD',
  });
});
