/** A session: what is beside commands. Source: RFC 7143, 11.14, 11.18. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type IscsiClient, IscsiRig } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
const TEST_UNIT_READY = [0, 0, 0, 0, 0, 0];
beforeEach(() => {
  rig = new IscsiRig();
  client = rig.connect();
  client.login();
});

describe('beside commands', () => {
  test('NOP-Out comes back with its data', () => {
    const ping = { kind: 'NOP-Out', immediate: 1, initiatorTaskTag: 5, cmdSn: 1 } as const;
    const [answer] = client.ask({ ...ping, data: Uint8Array.of(1, 2, 3) });
    expect(answer).toMatchObject({
      kind: 'NOP-In',
      initiatorTaskTag: 5,
      data: Uint8Array.of(1, 2, 3),
    });
  });

  test('SNACK is refused', () => {
    expect(client.ask({ kind: 'SNACK Request', type: 0 })).toMatchObject([
      { kind: 'Reject', reason: 3, dataSegmentLengthBytes: 48 },
    ]);
  });

  test('a login within a session, and a PDU of a target', () => {
    const isid = new Uint8Array(6);
    expect(client.ask({ kind: 'Login Request', isid, initiatorTaskTag: 1 })).toMatchObject([
      { kind: 'Reject', reason: 4 },
    ]);
    expect(client.ask({ kind: 'NOP-In' })).toMatchObject([{ kind: 'Reject', reason: 4 }]);
  });

  test.each([
    ['close the session', 0, 0, 0, 'end'],
    ['close the connection', 1, 0, 0, 'end'],
    ['close another connection', 1, 9, 1, undefined],
    ['remove it for recovery', 2, 0, 2, undefined],
  ])('logout: %s', (_what, reason, cid, response, closed) => {
    const [answer] = client.ask({
      kind: 'Logout Request',
      immediate: 1,
      reason,
      cid,
      initiatorTaskTag: 1,
      cmdSn: 1,
    });
    expect(answer).toMatchObject({ kind: 'Logout Response', response });
    expect(client.closed).toBe(closed);
  });

  test('a discovery session has no commands', () => {
    const other = rig.connect();
    other.login({ isid: 2, keys: { SessionType: 'Discovery' } });
    expect(other.ask(other.command(TEST_UNIT_READY))).toMatchObject([
      { kind: 'Reject', reason: 5 },
    ]);
  });

  test('initiators are asked to log out', () => {
    rig.port.askLogout(3, 0);
    rig.drain();
    expect(client.answers()).toMatchObject([
      { kind: 'Asynchronous Message', asyncEvent: 1, parameter3: 3 },
    ]);
  });
});
