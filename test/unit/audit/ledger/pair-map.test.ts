import { expect, it } from 'vitest';
import { PairMap } from '../../../../src/audit/ledger/pair-map.ts';
import { remember } from '../../../../src/audit/ledger/remember.ts';
import { NEXUS, OTHER } from '../../../helpers/audit-rig.ts';

it('a pair of ports is one key, whatever its login', () => {
  const map = new PairMap<number>();
  map.set(NEXUS, 1);
  expect(map.get({ ...NEXUS })).toBe(1);
  expect(map.get({ ...NEXUS, initiator: OTHER })).toBeUndefined();
  expect(map.obtain({ ...NEXUS, initiator: OTHER }, () => 7)).toBe(7);
  expect(map.obtain(NEXUS, () => 7)).toBe(1);
  map.keep(() => false);
  expect(map.get(NEXUS)).toBeUndefined();
});

it('of more than may be remembered the oldest goes', () => {
  const map = new Map([['a', 1]]);
  remember(map, 'b', 2, 2);
  remember(map, 'a', 3, 2);
  remember(map, 'c', 4, 2);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});
