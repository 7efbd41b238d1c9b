/** Which of the VLANs that FCFs name are tried, and in which order. */
import { expect, it } from 'vitest';
import { VlanList } from '../../../../src/port/enode/vlan-list.ts';

function nextOf(list: VlanList): (number | undefined)[] {
  const vids: (number | undefined)[] = [];
  do vids.push(list.next());
  while (vids.at(-1) !== undefined);
  return vids;
}

it('is each once, in the order in which they were named', () => {
  const list = new VlanList('each');
  list.note([5, 7, 5]);
  list.note([7, 9]);
  expect(nextOf(list)).toEqual([5, 7, 9, undefined]);
  list.clear();
  list.note([7]);
  expect(nextOf(list)).toEqual([7, undefined]);
});

it('goes on where a further answer comes meanwhile', () => {
  const list = new VlanList('each');
  list.note([5]);
  expect(list.next()).toBe(5);
  list.note([5, 6]);
  expect(nextOf(list)).toEqual([6, undefined]);
});

it('is the last alone for one that takes the last', () => {
  const list = new VlanList('last');
  list.note([5, 7]);
  expect(nextOf(list)).toEqual([7, undefined]);
});
