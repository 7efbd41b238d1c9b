/** Complaints about names that are not there: where, what there is, and what was meant. */
import { expect, it } from 'vitest';
import { isWwn, unknownIn, unknownKeys } from '../../../src/scenario/known-names.ts';

it('a name, those of a list and those of a mapping have places of their own', () => {
  const known = ['host1', 'host2'];
  const paths = (names: Parameters<typeof unknownIn>[1]) =>
    [...unknownIn(['at'], names, known, 'host')].map(({ path }) => path);
  expect(paths('host1')).toEqual([]);
  expect(paths('hosst2')).toEqual([['at']]);
  expect(paths(['host1', 'x'])).toEqual([['at', 1]]);
  expect(paths({ a: 'x', b: 'host2' })).toEqual([['at', 'a']]);
  expect([...unknownKeys(['at'], { host1: 1, y: 2 }, known, 'host')]).toHaveLength(1);
});

it('says what is known and what was meant, and no endless list', () => {
  const [one] = unknownIn(['at'], 'hosst2', ['host1', 'host2'], 'host');
  expect(one!.what).toMatch(/there is no host hosst2; there is host1, host2.*host2/);
  const many = Array.from({ length: 20 }, (_, i) => `n${i}`);
  expect([...unknownIn(['at'], 'zzzzzz', many, 'node')][0]!.what).toContain(' and 8 more');
});

it('knows a World Wide Name by its form', () => {
  expect(isWwn('20:00:00:25:b5:00:00:01')).toBe(true);
  expect(isWwn('20:00:00:25:b5:00:00')).toBe(false);
});
