/** What a virtual machine may leave out, and what it may not say. */
import { expect, test } from 'vitest';
import { vmSchema } from '../../../src/scenario/vm-schema.ts';

const LEAST = { name: 'vm1', host: 'h1', luns: ['d'] };
const WWPN = 'c0:50:76:00:00:00:00:01';

test('it works, reserves nothing and has the logical units themselves, unless it says more', () => {
  const vm = vmSchema.parse(LEAST);
  expect(vm.workload).toMatchObject({ queueDepth: 8, readPercent: 50 });
  expect([vm.reservation, vm.volumes]).toEqual([undefined, undefined]);
  expect(vmSchema.parse({ ...LEAST, reservation: {} }).reservation).toMatchObject({ key: '1000' });
});

test('names by fabric are those of one vHBA, or a list for each', () => {
  for (const wwpns of [{ A: [WWPN] }, { A: [[WWPN], [WWPN, WWPN]] }])
    expect(vmSchema.parse({ ...LEAST, wwpns }).wwpns).toEqual(wwpns);
});

test.each([
  ['three names of one vHBA', { ...LEAST, wwpns: { A: [WWPN, WWPN, WWPN] } }],
  ['a WWPN that is none', { ...LEAST, wwpns: { A: ['c0:50'] } }],
  ['a key of 16 digits', { ...LEAST, reservation: { key: 'f'.repeat(16) } }],
  ['a volume on nothing', { ...LEAST, volumes: [{ name: 'v', kind: 'linear', on: [] }] }],
])('refuses %s', (_what, vm) => {
  expect(vmSchema.safeParse(vm).success).toBe(false);
});
