import { expect, it } from 'vitest';
import { onceOf, runsOnce } from '../../../../src/audit/seen/once.ts';

it('COMPARE AND WRITE tells its block, PERSISTENT RESERVE OUT none', () => {
  const compare = Uint8Array.of(0x89, 0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 1, 0, 0);
  expect(onceOf(compare)).toEqual({ key: '89000000000000000108000000010000', lba: 264n });
  expect(onceOf(Uint8Array.of(0x5f, 4, 0, 0, 0, 0, 0, 0, 24, 0))?.lba).toBeUndefined();
});

it('registering whatever the key was may run twice, and so may a read or a command that was cut', () => {
  expect(runsOnce(Uint8Array.of(0x5f, 6, 0, 0, 0, 0, 0, 0, 24, 0))).toBe(false);
  expect(onceOf(Uint8Array.of(0x28, 0, 0, 0, 0, 8, 0, 0, 1, 0))).toBeUndefined();
  expect(onceOf(new Uint8Array(0))).toBeUndefined();
  expect(onceOf(Uint8Array.of(0x89, 0, 0))?.lba).toBeUndefined();
});
