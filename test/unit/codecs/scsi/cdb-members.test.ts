/** Every CDB by its name. */
import { expect, test } from 'vitest';
import { members } from '../../../../src/codecs/scsi/cdb-members.ts';

test('each is found under the name that it says', () => {
  for (const [name, member] of Object.entries(members)) expect(member.kind).toBe(name);
});

// Sizes of CDBs by the group of their operation code: SAM-5, 5.2; tshark, scsi_cdb sizes.
test.each([
  ['INQUIRY', '12', 6],
  ['READ(10)', '28', 10],
  ['WRITE(16)', '8a', 16],
  ['REPORT LUNS', 'a0', 12],
  ['UNMAP', '42', 10],
  ['COMPARE AND WRITE', '89', 16],
  ['PERSISTENT RESERVE OUT', '5f', 10],
  ['READ(32)', '7f', 32],
] as const)('%s begins with %s and has %i bytes', (name, code, bytes) => {
  const member = members[name];
  expect(member.minBytes).toBe(bytes);
  expect(member.table?.operationCode).toMatchObject({ constant: Number.parseInt(code, 16) });
});
