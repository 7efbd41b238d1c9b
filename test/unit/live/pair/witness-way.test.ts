/** A witness that is not there, that comes, that hears and says nothing, and goes again: each is said once. */
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WitnessServer } from '../../../../src/live/pair/witness-server.ts';
import { WitnessWay } from '../../../../src/live/pair/witness-way.ts';
import { Bench, until } from '../../../helpers/live-bench.ts';

let bench: Bench;
let lines: string[];
beforeEach(() => {
  bench = new Bench();
  lines = [];
});
afterEach(() => bench.end());

const question = { type: 'witness-ask', id: 1, site: 'east', generation: '0' } as const;
const place = () => ({ kind: 'unix', path: bench.socket }) as const;

function opened(): WitnessWay {
  const way = new WitnessWay(place(), (_level, event) => void lines.push(event));
  bench.atEnd(() => way.close());
  return way;
}

const serve = () =>
  WitnessServer.open({ place: place(), file: `${bench.socket}.said`, log: () => {} });

test('nobody is missed before anything is asked, and found when there', async () => {
  const way = opened();
  await until(() => lines.length === 1, 'nobody is there');
  expect(await way.ask(question, 100)).toBeUndefined();
  const witness = await serve();
  await until(() => lines.length === 2, 'somebody is there');
  expect(await way.ask(question, 1000)).toMatchObject({ granted: true });
  await witness.close();
  await until(() => lines.length === 3, 'gone again');
  expect(lines).toEqual(['witness-silent', 'witness-answers', 'witness-silent']);
});

test('one that takes connections and says nothing is silent until it answers', async () => {
  const mute: Server = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => mute.listen(bench.socket, resolve));
  const way = opened();
  expect(await way.ask(question, 100)).toBeUndefined();
  expect(await way.ask(question, 100)).toBeUndefined();
  expect(lines).toEqual(['witness-silent']);
  await new Promise<unknown>((resolve) => mute.close(resolve));
  const witness = await serve();
  bench.atEnd(() => witness.close());
  await way.ask(question, 1000);
  expect(lines).toEqual(['witness-silent', 'witness-answers']);
});
