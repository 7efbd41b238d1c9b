import { expect, test } from 'vitest';
import type { SessionTold } from '../../../../src/audit/seen/session.ts';
import { SessionWatch } from '../../../../src/audit/seen/session-watch.ts';
import { decodeFrame, TcpStreams } from '../../../../src/codecs/index.ts';
import { IscsiScript } from '../../../helpers/iscsi-script.ts';
import { SessionTap } from '../../../helpers/session-tap.ts';

test('sessions and tasks are told in their order, what was looked at once at the end', () => {
  const tap = new SessionTap();
  const script = new IscsiScript(tap).login();
  script.good(script.testUnitReady());
  script.logout();
  script.connection.close(true);
  const told: SessionTold[] = [];
  const watch = new SessionWatch((one) => told.push(one));
  let frame = 0;
  const streams = new TcpStreams({
    pdu: (pdu) => watch.pdu(pdu, { at: frame, frame }),
    gap: (gap) => watch.gap(gap),
    closed: (connection, _fromClient, how) => watch.closed(connection, { at: frame, frame }, how),
    ended: (connection) => watch.forget(connection),
  });
  for (const { bytes } of tap.frames) streams.take(decodeFrame(bytes), ++frame);
  streams.finish();
  watch.lose();
  watch.finish();
  expect(told.map(({ type }) => type).filter((type) => type !== 'checked')).toEqual([
    'began',
    'task-began',
    'task-ended',
    'ended',
    'blind',
  ]);
  const [first] = told;
  expect(first).toMatchObject({
    session: {
      initiator: 'iqn.2026-01.com.example:guest,i,0x800000000001',
      target: 'iqn.2026-01.com.example:disk,t,0x0001',
      device: 'iqn.2026-01.com.example:guest',
      ended: { how: 'logged out' },
    },
  });
  expect(told.at(-1)?.type).toBe('checked');
});
