/** What a server writes down of itself. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseHistoryLine } from '../../../src/audit/told-history.ts';
import { type ByteSink, memorySink } from '../../../src/capture/index.ts';
import { HistoryAccount } from '../../../src/live/history-account.ts';
import { Bench } from '../../helpers/live-bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

/** Serves with an account from the first cable on. */
async function followed(sink: ByteSink | undefined, judges = false, failed = (_: Error) => {}) {
  let account: HistoryAccount | undefined;
  const server = await bench.serve({
    prepare: (made) => {
      account = new HistoryAccount(made, { judges, sink, failed });
    },
  });
  return { account: account!, server };
}

test('places first, ports before their frames, every frame and happening once', async () => {
  const sink = memorySink();
  const { account, server } = await followed(sink);
  let [frames, events] = [0, 0];
  server.onFrame(() => frames++);
  server.onEvent(() => events++);
  await (await bench.host()).prepare(0xc050_7600_0000_0100n);
  await server.close();
  await account.close();
  const lines = new TextDecoder()
    .decode(sink.bytes())
    .trimEnd()
    .split('\n')
    .map((line, i) => parseHistoryLine(line, `${i}`));
  expect(lines[0]).toMatchObject({ history: 1, places: { units: [{ name: 'lun0' }] } });
  expect(lines.at(-1)).toMatchObject({ end: true });
  const ways = lines.flatMap((line) => ('ways' in line ? [line.ways] : [])).join('');
  const counted = server.links().reduce((sum, link) => sum + link.frames.in + link.frames.out, 0);
  expect(ways.length).toBeGreaterThanOrEqual(Math.max(frames, counted));
  expect(lines.filter((line) => 'entry' in line).length).toBeGreaterThan(events);
  const ports = lines.flatMap((line) => ('port' in line ? [line.port] : []));
  expect(ports.map(({ link, node }) => `${node} ${link}`)).toEqual(
    ['A A.0', 'array A.0', 'A A.1'].map((one) =>
      expect.stringMatching(new RegExp(`${one.split(' ')[1]}$`)),
    ),
  );
  expect(ports.filter(({ target }) => target !== undefined)).toHaveLength(1);
});

test('a sink that fails ends it with a word, and the server goes on', async () => {
  const failures: Error[] = [];
  const full: ByteSink = {
    write: () => {
      throw new Error('the disk is full');
    },
    drained: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const { account } = await followed(full, false, (error) => failures.push(error));
  expect(await (await bench.host()).work(0xc050_7600_0000_0100n, 100)).toEqual([]);
  await account.close();
  expect(failures.map(({ message }) => message)).toEqual(['the disk is full']);
});

test('without a judge there is no verdict, and with one it is asked for once', async () => {
  expect((await followed(undefined)).account.conclude()).toEqual([]);
  await bench.end();
  bench = new Bench();
  const { account } = await followed(undefined, true);
  const verdict = account.conclude();
  expect(verdict.find(({ invariant }) => invariant === 'I14')!.result).toBe('holds');
  expect(account.conclude()).toBe(verdict);
});
