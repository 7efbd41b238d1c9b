/** Names and their numbers. */
import { expect, it } from 'vitest';
import { Numbers } from '../../../../src/audit/ledger/numbers.ts';

it('gives each name one number, and no two names the same', () => {
  const numbers = new Numbers<string | bigint>();
  const names = ['', 'a', 'b', '', 1n, 'a', 1n, 2n];
  const given = names.map((name) => numbers.of(name));
  expect(given).toEqual([1, 2, 3, 1, 4, 2, 4, 5]);
});
