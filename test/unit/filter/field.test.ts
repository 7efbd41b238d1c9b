/** Where the values of a name lie: paths, lists and conditions. */
import { expect, it } from 'vitest';
import type { Layer } from '../../../src/codecs/index.ts';
import { type FilterSubject, flag, number } from '../../../src/filter/field.ts';

const subjectOf = (value: unknown): FilterSubject => {
  const layers = [{ layer: 'fip', value } as Layer, { layer: 'fc', value: { a: 99 } } as Layer];
  return { frame: { layers } } as unknown as FilterSubject;
};

const VALUE = {
  a: 5,
  flags: 0x0c,
  inner: { b: 6, kind: 1 },
  list: [{ type: 1, mac: 10 }, { type: 2, mac: 20 }, { type: 3 }, { type: 2, mac: 21 }],
};

it.each([
  ['fip:a', [5]],
  ['fc:a', [99]],
  ['fip:inner.b', [6]],
  ['fip:list[].mac', [10, 20, 21]],
  ['fip:list[type=2].mac', [20, 21]],
  ['fip:list[type=1|3].type', [1, 3]],
  ['fip:[a=5].inner.b', [6]],
  ['fip:[a=6].inner.b', []],
  ['fip:[flags&4].a', [5]],
  ['fip:[flags&1].a', []],
  ['fip:[flags&1=0].a', [5]],
  ['fip:inner[kind=1].b', [6]],
  ['fip:none.at.all', []],
  ['vlan:a', []],
])('%s', (path, values) => {
  expect(number(path, '').values(subjectOf(VALUE))).toEqual(values);
});

it('a flag is a bit, or a value by itself', () => {
  expect(flag('fip:flags', '', 0x08).values(subjectOf(VALUE))).toEqual([true]);
  expect(flag('fip:flags', '', 0x10).values(subjectOf(VALUE))).toEqual([false]);
  expect(flag('fip:a', '').values(subjectOf(VALUE))).toEqual([true]);
});
