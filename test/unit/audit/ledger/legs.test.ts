/** What legs hold, by what was applied. */
import { expect, it } from 'vitest';
import { contentOf, Legs } from '../../../../src/audit/ledger/legs.ts';
import { apply, LU_NAME, stamped } from '../../../helpers/audit-rig.ts';

it('legs are equal where the same was written, and zeros are what nobody wrote', () => {
  const legs = new Legs();
  const nodes = ['east', 'west'];
  expect(legs.areEqual(LU_NAME, 0, nodes)).toBe(true);
  legs.apply(LU_NAME, 'east', apply(1));
  expect(legs.areEqual(LU_NAME, 0, nodes)).toBe(false);
  legs.apply(LU_NAME, 'west', apply(1));
  expect(legs.areEqual(LU_NAME, 0, nodes)).toBe(true);
  legs.apply(LU_NAME, 'west', apply(1, { change: 'unmap', data: new Uint8Array(0) }));
  expect(legs.at(LU_NAME, 'west', 0)).toBe(0);
  legs.apply(
    LU_NAME,
    'east',
    apply(1, { change: 'write-same', blocks: 2, data: new Uint8Array(512) }),
  );
  expect(legs.areEqual(LU_NAME, 0, nodes)).toBe(true);
});

it('a content is told from another by any byte', () => {
  expect(contentOf(new Uint8Array(512), 0)).toBe(0);
  const one = stamped(1);
  const other = one.slice();
  other[511] = other[511]! ^ 1;
  expect(contentOf(one, 0)).not.toBe(contentOf(other, 0));
});
