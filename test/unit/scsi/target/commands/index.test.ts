/** The table of commands: found by operation code, and by service action where there are any. */
import { expect, it } from 'vitest';
import {
  commands,
  findCommand,
  hasServiceActions,
} from '../../../../../src/scsi/target/commands/index.ts';
import { hex } from '../../../../helpers/scsi-target.ts';

it('finds each command by its codes, and no other', () => {
  for (const one of commands) {
    const cdb = new Uint8Array(16);
    cdb[0] = one.opcode;
    cdb[1] = one.serviceAction ?? 0;
    expect(findCommand(cdb), one.name).toBe(one);
    expect(hasServiceActions(one.opcode), one.name).toBe(one.serviceAction !== undefined);
  }
  expect(findCommand(hex('9e 1f'))).toBeUndefined();
  expect(findCommand(hex('ff 00'))).toBeUndefined();
  expect([hasServiceActions(0x9e), hasServiceActions(0x28), hasServiceActions(0xff)]).toEqual([
    true,
    false,
    false,
  ]);
});

it('lists them by their codes', () => {
  const codes = commands.map(({ opcode, serviceAction = 0 }) => opcode * 256 + serviceAction);
  expect(codes).toEqual([...codes].sort((a, b) => a - b));
  expect(new Set(codes).size).toBe(codes.length);
});
