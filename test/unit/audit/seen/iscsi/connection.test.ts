/** What a connection makes of logins, of what is missing, and of several connections in one session. */
import { expect, test } from 'vitest';
import { IscsiScript } from '../../../../helpers/iscsi-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../../helpers/session-tap.ts';

test('numbers are not held against a connection that shares its session', () => {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  const other = tap.connect();
  const isid = Uint8Array.of(0x80, 0, 0, 0, 0, 1);
  const own = { isid, initiatorTaskTag: 1, transit: 1, currentStage: 1, nextStage: 3 } as const;
  const text = (pairs: string) => new TextEncoder().encode(pairs);
  const names =
    'InitiatorName=iqn.2026-01.com.example:guest\0TargetName=iqn.2026-01.com.example:disk\0';
  other.asks({ kind: 'Login Request', ...own, tsih: 7, cid: 1, cmdSn: 9, data: text(names) });
  const said = text('TargetPortalGroupTag=1\0');
  other.says({ kind: 'Login Response', ...own, tsih: 7, statSn: 1, expCmdSn: 9, data: said });
  script.cmdSn += 5;
  script.good(script.testUnitReady());
  const report = tap.judged();
  expect(invariantsThat('violated', report)).toEqual([]);
  expect(report.sessions.map(({ ended }) => ended)).toEqual([undefined, undefined]);
});

test('a response that is lost excuses what follows from it', () => {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  const tag = script.testUnitReady();
  const lost = tap.frames.length;
  script.good(tag);
  const again = script.testUnitReady({ initiatorTaskTag: tag });
  script.good(tag);
  script.good(script.testUnitReady());
  tap.frames.splice(lost, 1);
  expect(again).toBe(tag + 1);
  expect(invariantsThat('violated', tap.judged())).toEqual([]);
});

test('numbers behind bytes that are missing begin anew', () => {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  script.good(script.testUnitReady());
  script.statSn += 3;
  const hole = tap.frames.length;
  script.good(script.testUnitReady());
  tap.frames.splice(hole, 2);
  script.good(script.testUnitReady());
  expect(verdictOf(tap.judged(), 'I19').result).toBe('holds');
});

test('a command in front of the answer to the login is told, unless its sender had read the answer', () => {
  const isid = Uint8Array.of(0x80, 0, 0, 0, 0, 1);
  const own = { isid, initiatorTaskTag: 1, transit: 1, currentStage: 1, nextStage: 3 } as const;
  const text = new TextEncoder().encode('InitiatorName=iqn.2026-01.com.example:guest\0');
  const run = (hasRead: boolean): SessionTap => {
    const tap = new SessionTap();
    const connection = tap.connect();
    connection.asks({ kind: 'Login Request', ...own, cmdSn: 1, data: text });
    const cdb = new Uint8Array(16);
    const answer = () =>
      connection.says({
        kind: 'Login Response',
        ...own,
        tsih: 7,
        statSn: 4,
        expCmdSn: 1,
        maxCmdSn: 9,
      });
    const command = () =>
      connection.asks({ kind: 'SCSI Command', lun: 0n, initiatorTaskTag: 2, cmdSn: 1, cdb });
    if (!hasRead) {
      command();
      answer();
      return tap;
    }
    answer();
    command();
    // The tap shows the two the other way round.
    const [second, first] = tap.frames.splice(-2);
    tap.frames.push({ ...first!, at: second!.at }, { ...second!, at: first!.at });
    return tap;
  };
  expect(invariantsThat('violated', run(false).judged())).toEqual(['I15']);
  expect(invariantsThat('violated', run(true).judged())).toEqual([]);
});
