/** Waiting for what happens in a server. */
import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { Happenings, NotSeenError } from '../../../src/live/happenings.ts';
import type { LiveEvent } from '../../../src/live/links.ts';

const link = (port: number, up = true): HistoryEntry<LiveEvent> => ({
  at: port,
  node: 'A',
  event: { type: 'link', port, up },
});

test('what has happened is found, what comes is waited for', async () => {
  const happenings = new Happenings();
  happenings.add(link(1));
  happenings.add(link(2));
  expect((await happenings.until('link')).at).toBe(1);
  expect((await happenings.until('link', ({ port }) => port === 2)).at).toBe(2);
  const next = happenings.until('link', ({ up }) => !up);
  happenings.add(link(3));
  happenings.add(link(4, false));
  expect((await next).at).toBe(4);
});

test('only what comes behind a happening counts, when one is named', async () => {
  const happenings = new Happenings();
  const first = link(1);
  happenings.add(first);
  const next = happenings.until('link', undefined, { after: first });
  happenings.add(link(2));
  expect((await next).at).toBe(2);
  expect((await happenings.until('link', undefined, { after: first })).at).toBe(2);
});

test('in vain it says what there was instead', async () => {
  const happenings = new Happenings();
  happenings.add(link(1));
  happenings.add(link(2));
  const waited = happenings.until('login', undefined, { withinMs: 1 });
  await expect(waited).rejects.toThrow(NotSeenError);
  await expect(waited).rejects.toThrow('login: not within 0.001 s; there was link 2');
});

test('of very many the oldest are forgotten', () => {
  const happenings = new Happenings();
  for (let port = 0; port < 100_001; port++) happenings.add(link(port));
  expect(happenings.all).toHaveLength(50_001);
  expect(happenings.all.at(-1)!.at).toBe(100_000);
});
