/** Slots of a client's session: who waits for one, and who keeps one. */
import { expect, test } from 'vitest';
import { serverOf } from '../../../helpers/nfs.ts';
import { blockOf, opened } from '../../../helpers/nfs4-pair.ts';

test('a call that is given up keeps its slot until it is answered', () => {
  const { client, file, pair } = opened(serverOf(), { slots: 1 });
  pair.deaf = true;
  const told: string[] = [];
  client.write(file, 0n, blockOf(1), 0, ({ state }) => told.push(state)).forget();
  pair.settle();
  const next = pair.start<number>((done) => client.write(file, 0n, blockOf(2), 0, done));
  expect([client.waiting, next.result]).toEqual([2, undefined]);
  pair.deaf = false;
  pair.cut();
  expect([client.waiting, next.result?.state, told]).toEqual([0, 'done', []]);
});

test('one that is given up before it was sent is not sent', () => {
  const { client, file, pair } = opened(serverOf(), { slots: 1 });
  pair.deaf = true;
  pair.start<number>((done) => client.write(file, 0n, blockOf(1), 0, done));
  client.write(file, 0n, blockOf(2), 0, () => {}).forget();
  pair.deaf = false;
  pair.cut();
  expect(pair.serverTold.filter(({ type }) => type === 'apply')).toHaveLength(1);
});

test('each call has its number before it has a slot', () => {
  const { client, file } = opened(serverOf(), { slots: 1 });
  const xids = [1, 2, 3].map((value) => client.write(file, 0n, blockOf(value), 0, () => {}).xid);
  expect(new Set(xids).size).toBe(3);
});

test('a read whose answer was not kept is made again', () => {
  const { client, file, pair } = opened();
  pair.deaf = true;
  const place = { offset: 0n, count: 65_536 };
  const asked = pair.start<Uint8Array>((done) => client.read(file, place, 0, done));
  pair.deaf = false;
  pair.cut();
  expect(asked.result?.state).toBe('done');
});
