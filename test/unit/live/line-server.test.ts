/** Questions and answers, a line each. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { LineServer, type LineServerOptions } from '../../../src/live/line-server.ts';
import { until } from '../../live/support/wait.ts';

const LIMIT_MS = 10_000;
const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

async function asked(options: Omit<LineServerOptions, 'place'>) {
  const place = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
  const server = await LineServer.open({ ...options, place });
  cleaners.push(() => server.close());
  const client = { said: '', isOver: false };
  const port = Number(/:(\d+)$/.exec(server.address)![1]);
  const socket: Socket = connect({ host: '127.0.0.1', port });
  cleaners.push(() => socket.destroy());
  socket.on('data', (bytes) => {
    client.said += bytes.toString();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    client.isOver = true;
  });
  return { client, socket };
}

test('answers come in the order of asking, however long each takes', async () => {
  let open: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    open = resolve;
  });
  const heard: string[] = [];
  const answer = async (line: string): Promise<string> => {
    heard.push(line);
    if (line === 'slow') await first;
    return `re ${line}`;
  };
  const { client, socket } = await asked({ charactersMax: 10, answer });
  socket.write('slow\nqui');
  socket.write('ck\n\n');
  await until(() => heard.length > 0, LIMIT_MS, 'the first question');
  open();
  await until(() => client.said === 're slow\nre quick\n', LIMIT_MS, 'both answers');
  expect([heard, client.isOver]).toEqual([['slow', 'quick'], false]);
});

test.each([
  ['what has no answer', 'no\nyes\n', undefined, ''],
  ['a line that is too long', 'x'.repeat(11), undefined, ''],
  ['one of which that is said', 'x'.repeat(11), 'too long', 'too long\n'],
])('%s ends the connection', async (_what, text, tooLong, said) => {
  const answer = (line: string) => (line === 'no' ? undefined : line);
  const { client, socket } = await asked({
    charactersMax: 10,
    answer,
    ...(tooLong === undefined ? {} : { tooLong }),
  });
  socket.write(text);
  await until(() => client.isOver, LIMIT_MS, 'the end');
  expect(client.said).toBe(said);
});
