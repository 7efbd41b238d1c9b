/** The table of commands that a logical unit knows. */
import type { Command } from '../command.ts';
import { capacityCommands } from './capacity.ts';
import { copyCommands } from './copy.ts';
import { inquiryCommands } from './inquiry.ts';
import { logCommands } from './log.ts';
import { modeCommands } from './mode.ts';
import { persistentReserveCommands } from './persistent-reserve.ts';
import { provisioningCommands } from './provisioning.ts';
import { readWriteCommands } from './read-write.ts';
import { reportLunsCommands } from './report-luns.ts';
import { reserveCommands } from './reserve.ts';
import { supportCommands } from './support.ts';
import { targetGroupCommands } from './target-groups.ts';
import { tokenCommands } from './tokens.ts';
import { verifyCommands } from './verify.ts';

/** All commands, by operation code and service action. */
export const commands: readonly Command[] = [
  ...inquiryCommands,
  ...reportLunsCommands,
  ...capacityCommands,
  ...readWriteCommands,
  ...verifyCommands,
  ...provisioningCommands,
  ...copyCommands,
  ...tokenCommands,
  ...reserveCommands,
  ...persistentReserveCommands,
  ...modeCommands,
  ...logCommands,
  ...targetGroupCommands,
  ...supportCommands(() => commands),
].sort((a, b) => a.opcode - b.opcode || (a.serviceAction ?? 0) - (b.serviceAction ?? 0));

/** An operation code stands for one command, or for as many as it has service actions. */
const byOpcode: (Command | readonly Command[] | undefined)[] = [];
for (const one of commands) {
  if (one.serviceAction === undefined) byOpcode[one.opcode] = one;
  else {
    const group = (byOpcode[one.opcode] ?? []) as Command[];
    group[one.serviceAction] = one;
    byOpcode[one.opcode] = group;
  }
}

const isGroup = (entry: Command | readonly Command[] | undefined): entry is readonly Command[] =>
  Array.isArray(entry);

/** The command of a CDB; `undefined` for one that is not in the table. */
export function findCommand(cdb: Uint8Array): Command | undefined {
  const entry = byOpcode[cdb[0]!];
  return isGroup(entry) ? entry[cdb[1]! & 0x1f] : entry;
}

/** True where the operation code has service actions, whatever the CDB's is. */
export function hasServiceActions(opcode: number): boolean {
  return isGroup(byOpcode[opcode]);
}
