/** CT_IUs written out. */
import { expect } from 'vitest';
import { ctAccept, ctCommandName, ctRequests } from '../../src/codecs/ct/family.ts';
import { codesOf } from './codes.ts';

/** The preamble of a CT_IU in hex: server as `fc02` (GS_Type, GS_Subtype), command or answer as `0112`. */
export const preamble = (server: string, command: string): string =>
  `01000000 ${server}0000 ${command} 0000 00000000`;

/** The answer that a server accepts with. */
export const ACCEPT = '8002';

/** A server's command table is this one (`NAME hex` pairs), and each command has its two codecs. */
export function expectCommands(
  table: Readonly<Record<string, number>>,
  [gsType, gsSubtype]: readonly [number, number],
  codes: string,
): void {
  expect(Object.entries(table)).toEqual(codesOf(codes));
  for (const [name, command] of codesOf(codes)) {
    expect(ctCommandName(gsType, gsSubtype, command)).toBe(name);
    expect(ctRequests[name as keyof typeof ctRequests].kind).toBe(name);
    expect(ctAccept(gsType, gsSubtype, command).kind).toBe(`CT_ACC ${name}`);
  }
}
