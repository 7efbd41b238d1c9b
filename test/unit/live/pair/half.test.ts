/** Two servers in one process, each with a leg: found, lost, found again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { standingOf } from '../../../../src/live/pair/half.ts';
import { Halves } from '../../../helpers/halves.ts';
import { until } from '../../../helpers/live-bench.ts';

let halves: Halves;
beforeEach(() => {
  halves = new Halves();
});
afterEach(() => halves.bench.end());

const stand = (...states: string[]) =>
  until(() => `${halves.states}` === `${states}`, states.join(' and '));

test('are in sync over cables to each other; one that is alone asks the witness, and copies all to who comes again', async () => {
  await halves.openWitness();
  const east = await halves.open(0);
  expect(halves.states).toEqual(['starting leads']);
  const west = await halves.open(1);
  await stand('in-sync leads', 'in-sync');
  expect(standingOf(east.array.pair!)).toMatchObject({ site: 'array', generation: '1-array' });
  const [unit] = west.array.device.units;
  expect(unit!.luName).toBe(east.array.device.units[0]!.luName);
  expect(west.unitNames.slice(0, 2)).toEqual(['data', 'records at mirror']);

  await east.close();
  halves.servers.shift();
  await stand('detached leads');
  expect(halves.witness!.address).toMatch(/^unix:/);
  unit!.medium.write(5, new Uint8Array(512).fill(7));
  await halves.open(0).then((again) => {
    halves.servers.splice(0, 2, again, west);
  });
  await stand('in-sync', 'in-sync leads');
  expect(halves.servers[0]!.array.device.units[0]!.medium.read(5, 1)[0]).toBe(7);
  expect(halves.bench.said).toMatch(/mirror may go on with generation 1-array/);
  expect(halves.bench.said).toMatch(/pair: detached, leads, generation 2-mirror: the witness/);
});

test('nobody goes on without a witness that answers, and a half that has begun waits for the other', async () => {
  const east = await halves.open(0);
  await halves.open(1);
  await stand('in-sync leads', 'in-sync');
  await halves.servers[1]!.close();
  halves.servers.pop();
  await stand('suspended leads');
  await until(() => /the witness does not answer/.test(halves.bench.said), 'the witness is silent');
  expect(standingOf(east.array.pair!).refuses).toBe(false);
});

test('an array without power is out of the other fabric, and back with its leg', async () => {
  await halves.openWitness();
  const east = await halves.open(0);
  await halves.open(1);
  await stand('in-sync leads', 'in-sync');
  east.restartArray(1_200_000_000);
  await stand('starting leads', 'detached leads');
  await stand('in-sync', 'in-sync leads');
});
