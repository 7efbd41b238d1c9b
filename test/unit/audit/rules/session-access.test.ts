/** I20 in sessions: writes to the disk behind a layout; opens and layouts are in test/unit/audit/seen/nfs4. */
import { expect, test } from 'vitest';
import type { SessionEvidence } from '../../../../src/audit/rule.ts';
import { AccessOfSessions } from '../../../../src/audit/rules/session-access.ts';
import type { SeenSession, SeenTask } from '../../../../src/audit/seen/session.ts';

const NAA = '60010203040506070809';
const INITIATOR = 'iqn.2026-01.com.example:h1,i,0x1';
const session = { client: 'a:1', server: 'b:3260', initiator: INITIATOR } as SeenSession;
const moment = (ms: number) => ({ at: ms * 1e6, frame: ms });
const taskOf = (ms: number) =>
  ({
    session,
    unit: 'b disk 0',
    lun: 0n,
    kind: 'write',
    command: 'WRITE(10)',
    status: 0,
    frame: ms,
    frames: [ms],
    sent: moment(ms),
  }) as unknown as SeenTask;

const layout = (devices: string[] | undefined, returned?: number): SessionEvidence => ({
  type: 'layout',
  owner: INITIATOR,
  server: 'b',
  devices,
  returned: returned === undefined ? undefined : moment(returned),
});

function rule(signature = NAA): AccessOfSessions {
  const one = new AccessOfSessions();
  one.hear({ type: 'look', task: taskOf(1), look: { names: [`naa.${NAA}`] } });
  one.hear(layout(['d1']));
  one.hear({ type: 'disk', server: 'b', device: 'd1', signature });
  return one;
}

test('a write by who has returned the layout is found, and none by who has it', () => {
  const one = rule();
  one.hear({ type: 'task-ended', task: taskOf(50) });
  expect(one.conclude()).toMatchObject({ result: 'holds' });
  one.hear(layout(['d1'], 100));
  one.hear({ type: 'task-ended', task: taskOf(110) });
  expect(one.conclude()).toMatchObject({ result: 'holds' });
  one.hear({ type: 'task-ended', task: taskOf(150) });
  expect(one.conclude()).toMatchObject({
    result: 'violated',
    detail: `${INITIATOR} (a:1 → b:3260): WRITE(10) of frame 150 was carried out at naa.${NAA}, whose layout its initiator had returned in frame 100`,
    frames: [100, 150],
  });
});

test.each<[string, (one: AccessOfSessions) => void]>([
  ['who was given it anew', (one) => one.hear(layout(['d1']))],
  ['nobody where frames are missing', (one) => one.hear({ type: 'blind', server: '' })],
])('%s is accused of nothing', (_name, then) => {
  const one = rule();
  one.hear(layout(undefined, 100));
  then(one);
  one.hear({ type: 'task-ended', task: taskOf(200) });
  expect(one.conclude()?.result).not.toBe('violated');
  expect(one.invariant).toBe('I20');
});

test('a disk that is known by other bytes is not the unit, and nothing is said of it', () => {
  const one = rule('beef');
  one.hear(layout(['d1'], 100));
  one.hear({ type: 'task-ended', task: taskOf(200) });
  expect(one.conclude()).toBeUndefined();
});
