/** What a switch remembers. */
import { expect, it } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { MacTable } from '../../../../src/fabric/lan/mac-table.ts';

const macOf = (i: number): Mac =>
  `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 0xff).toString(16).padStart(2, '0')}` as Mac;
const entry = (i: number, heardAt: number, isRoute = false) => ({
  vid: 1,
  mac: macOf(i),
  port: 1,
  vtep: undefined,
  isRoute,
  heardAt,
});

it('forgets what is old, and no route', () => {
  const table = new MacTable(100);
  table.learn(entry(1, 0));
  table.learn(entry(2, 10, true));
  table.learn(entry(3, 60));
  const { gone, next } = table.age(110);
  expect(gone.map(({ mac }) => mac)).toEqual([macOf(1)]);
  expect(next).toBe(160);
  expect(table.age(500)).toMatchObject({ gone: [{ mac: macOf(3) }], next: undefined });
  expect(table.find(1, macOf(2))).toBeDefined();
});

it('has room for so many, and forgets the one heard longest ago', () => {
  const table = new MacTable(1e9);
  for (let i = 0; i < 8192; i++) table.learn(entry(i, i));
  table.learn(entry(0, 9000));
  expect(table.learn(entry(9000, 9001)).lost?.mac).toBe(macOf(1));
  expect(table.size).toBe(8192);
});
