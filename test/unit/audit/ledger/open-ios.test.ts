import { expect, it } from 'vitest';
import { OpenIos } from '../../../../src/audit/ledger/open-ios.ts';

const io = (vm: string, number: number) => ({ vm, io: number });

it('open I/Os are followed by virtual machine and number until they end', () => {
  const open = new OpenIos<string>();
  open.begin(io('vm1', 1), 'a');
  open.begin(io('vm1', 2), 'b');
  open.begin(io('vm2', 1), 'c');
  expect([open.size, open.get(io('vm1', 2)), [...open.of('vm1')]]).toEqual([3, 'b', ['a', 'b']]);
  expect(open.end(io('vm1', 1))).toBe('a');
  expect(open.end(io('vm1', 1))).toBeUndefined();
  expect([...open]).toEqual(['b', 'c']);
  expect([open.highest('vm1'), open.highest('vm3')]).toEqual([2, 0]);
});

it('the same number again replaces what was known, and a lost machine takes all along', () => {
  const open = new OpenIos<string>();
  open.begin(io('vm1', 1), 'a');
  open.begin(io('vm1', 1), 'b');
  expect(open.size).toBe(1);
  expect(open.lose('vm1')).toBe(1);
  expect([open.size, open.lose('vm1'), [...open.of('vm1')]]).toEqual([0, 0, []]);
  expect(open.highest('vm1')).toBe(1);
});
