/** Names that were meant. */
import { expect, test } from 'vitest';
import { meantBy, nearestName } from '../../../../src/codecs/layout/nearest-name.ts';
import { fieldNames } from '../../../../src/filter/index.ts';

test.each([
  ['fc.sid', 'fc.s_id'],
  ['fc.oxid', 'fc.ox_id'],
  ['FC.S_ID', 'fc.s_id'],
  ['scsi.opcde', 'scsi.opcode'],
  ['fip.vln', 'fip.vlan'],
  ['eth.adr', 'eth.addr'],
  ['something.else.entirely', undefined],
])('of the names of filters %s is most like %s', (written, meant) => {
  expect(nearestName(written, fieldNames())).toBe(meant);
});

test.each<[string, string | undefined]>([
  ['moves', 'move'],
  ['HOSTS', 'hosts'],
  ['tming', 'timing'],
  ['xy', undefined],
  ['fabric', 'fabrics'],
  ['storage', undefined],
])('of the parts of a scenario %s is most like %s', (word, meant) => {
  expect(nearestName(word, ['move', 'hosts', 'timing', 'fabrics', 'vms'])).toBe(meant);
});

test('of two that are alike neither is said', () => {
  expect(meantBy('vm3', ['vm1', 'vm2'])).toBe('');
  expect(meantBy('vm', ['vm1', 'h1'])).toBe('; did you mean vm1?');
});
