/** Names that were meant. */
import { expect, test } from 'vitest';
import { mostLike } from '../../../src/filter/error.ts';
import { fieldNames } from '../../../src/filter/index.ts';

test.each([
  ['fc.sid', 'fc.s_id'],
  ['fc.oxid', 'fc.ox_id'],
  ['FC.S_ID', 'fc.s_id'],
  ['scsi.opcde', 'scsi.opcode'],
  ['fip.vln', 'fip.vlan'],
  ['eth.adr', 'eth.addr'],
  ['something.else.entirely', undefined],
])('%s is most like %s', (written, meant) => {
  expect(mostLike(written, fieldNames())).toBe(meant);
});
