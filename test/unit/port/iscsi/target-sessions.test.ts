/** The table of sessions at a port. */
import { expect, test } from 'vitest';
import { iscsiInitiatorPort } from '../../../../src/history/port-name.ts';
import type { IscsiSession } from '../../../../src/port/iscsi/session.ts';
import type { TargetConnection } from '../../../../src/port/iscsi/target-connection.ts';
import { TargetSessions } from '../../../../src/port/iscsi/target-sessions.ts';

const ONE = iscsiInitiatorPort('iqn.2026-01.com.example:one', new Uint8Array(6));
const sessionOf = (tsih: number, initiatorPort?: typeof ONE): IscsiSession =>
  ({ tsih, nexus: initiatorPort && { initiatorPort } }) as IscsiSession;

test('finds sessions by TSIH, and normal ones by their initiator port', () => {
  const table = new TargetSessions(1);
  const [normal, discovery] = [sessionOf(1, ONE), sessionOf(2)];
  const connections = [normal, discovery].map((session) => ({ session }) as TargetConnection);
  table.add(connections[0]!, normal);
  table.add(connections[1]!, discovery);
  expect([table.get(1), table.get(2), table.get(3)]).toEqual([normal, discovery, undefined]);
  expect(table.of(ONE)).toBe(connections[0]);
  expect(table.all()).toEqual(connections);
  table.remove(normal);
  expect([table.size, table.of(ONE), table.get(1)]).toEqual([1, undefined, undefined]);
});

test('gives numbers that nobody has, from another begin at each portal, until there is none', () => {
  const table = new TargetSessions(2);
  expect([table.allocate(), table.allocate()]).toEqual([0x401, 0x402]);
  const all = new TargetSessions(1);
  for (let i = 0; i < 0xffff; i++) {
    const tsih = all.allocate()!;
    expect(tsih > 0 && all.get(tsih) === undefined).toBe(true);
    const session = sessionOf(tsih);
    all.add({ session } as TargetConnection, session);
  }
  expect(all.allocate()).toBeUndefined();
  all.remove(sessionOf(7));
  expect(all.allocate()).toBe(7);
});
