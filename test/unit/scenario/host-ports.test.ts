/** The ports of a scenario's host, said in short or with their cards. */
import { expect, test } from 'vitest';
import { cardsOf, fabricsOf, portsOn } from '../../../src/scenario/host-ports.ts';

const mixed = { ports: ['A', { fabric: 'B', card: 0 }, { fabric: 'A', card: 0 }, 'B'] };

test('every port has its fabric', () => {
  expect(fabricsOf(mixed)).toEqual(['A', 'B', 'A', 'B']);
  expect(portsOn(mixed, 'A')).toEqual([0, 2]);
  expect(portsOn(mixed, 'C')).toEqual([]);
});

test('a port of which no card is said has one of its own', () => {
  expect(cardsOf(mixed)).toEqual([1, 0, 0, 2]);
});

test('nothing is said of cards where no port has one', () => {
  expect(cardsOf({ ports: ['A', 'B'] })).toBeUndefined();
});
