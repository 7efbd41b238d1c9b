/** A witness as a process of its own: it answers questions, keeps what it said, and nobody else's bytes harm it. */
import { mkdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { WitnessLie } from '../../../../src/array/pair/witness.ts';
import { ListenError } from '../../../../src/live/listen-address.ts';
import type { LogRecord } from '../../../../src/live/log.ts';
import { askWitness } from '../../../../src/live/pair/ask-witness.ts';
import { WitnessServer } from '../../../../src/live/pair/witness-server.ts';
import { testFolder } from '../../../helpers/folder.ts';

const folder = testFolder('witness');
const open: WitnessServer[] = [];
const log: LogRecord[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const place = () => ({ kind: 'unix', path: folder.path('socket') }) as const;

async function witness(file = folder.path('said'), lies: WitnessLie = 'none') {
  const one = await WitnessServer.open({
    ...{ place: place(), file, lies },
    log: (record) => log.push(record),
  });
  open.push(one);
  return one;
}

const ask = async (site: string, generation = '0', limitMs = 5000) =>
  (await askWitness(place(), { type: 'witness-ask', id: 3, site, generation }, limitMs))?.granted;

test('says the same after its end, from its file', async () => {
  const first = await witness();
  expect(first.address).toBe(`unix:${folder.path('socket')}`);
  expect(await ask('east')).toBe(true);
  expect(await ask('west')).toBe(false);
  await first.close();
  await witness();
  expect(await ask('west')).toBe(false);
  expect(await ask('west', '1-east')).toBe(true);
});

test('one that cannot keep what it would say does not say it', async () => {
  await expect(witness(folder.path('no/such/folder'))).rejects.toThrow('cannot write');
  mkdirSync(folder.path('goes'));
  await witness(folder.path('goes/said'));
  rmSync(folder.path('goes'), { recursive: true });
  expect(await ask('east', '7')).toBeUndefined();
  expect(log.at(-1)!.event).toBe('witness-failed');
  expect(await ask('east', '7')).toBeUndefined();
});

test('a file of somebody else is refused', async () => {
  const file = folder.file('other', '{"name":"x"}\n');
  await expect(witness(file)).rejects.toThrow(ListenError);
});

test.each([
  ['no JSON', 'hello\n'],
  ['no question', '{"id":1}\n'],
  ['a name that is long', `{"id":1,"site":"${'x'.repeat(100)}","generation":"0"}\n`],
  ['a line without an end', 'x'.repeat(5000)],
])('%s costs the connection, and others are answered', async (_, text) => {
  await witness(folder.path('bytes'));
  const socket = createConnection(folder.path('socket'));
  socket.on('error', () => {});
  socket.write(text);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  expect(await ask('east')).toBe(true);
});

test('nobody there, and nobody who answers, is no answer', async () => {
  expect(await ask('east')).toBeUndefined();
});
