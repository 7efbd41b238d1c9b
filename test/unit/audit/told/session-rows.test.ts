import { expect, test } from 'vitest';
import { blocksOf, IscsiScript } from '../../../helpers/iscsi-script.ts';
import { SessionTap } from '../../../helpers/session-tap.ts';

test('a session has its ports, its units, its end and what was managed', () => {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  script.write(8, blocksOf(2, 1));
  script.read(8, blocksOf(2, 1));
  const tag = script.announce(8, 1);
  script.abort(tag);
  script.good(script.testUnitReady(), { status: 8 });
  script.logout();
  const { sessions, statuses, latencies } = tap.judged();
  expect(sessions).toEqual([
    {
      carrier: 'iSCSI',
      initiator: 'iqn.2026-01.com.example:guest,i,0x800000000001',
      target: 'iqn.2026-01.com.example:disk,t,0x0001',
      client: '10.0.0.2:40000',
      server: '10.0.0.1:3260',
      beganFrame: 4,
      endedFrame: 18,
      ended: 'logged out',
      tasks: 4,
      unanswered: 1,
      units: [{ lun: '0', identity: undefined, blocks: undefined, reads: 1, writes: 2, others: 1 }],
      taskManagement: { 'ABORT TASK: function complete': 1 },
    },
  ]);
  const [status] = statuses;
  expect(status).toMatchObject({ status: 'BUSY', lun: '0', count: 1 });
  expect(status!.initiator.name).toBe(sessions[0]!.initiator);
  expect(latencies.map(({ what, count }) => [what, count])).toEqual([
    ['writes', 1],
    ['reads', 1],
    ['others', 1],
  ]);
});

test('of a login that is not there the ends of the connection are told', () => {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  const from = tap.frames.length;
  script.good(script.testUnitReady());
  tap.frames.splice(0, from);
  const [session] = tap.judged().sessions;
  expect(session).toMatchObject({ initiator: undefined, target: undefined, beganFrame: undefined });
  expect(tap.judged().latencies[0]!.initiator.name).toBe('10.0.0.2:40000');
});
