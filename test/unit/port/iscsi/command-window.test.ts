/** The window of a session. Source: RFC 7143, 4.2.2.1. */
import { beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS_MAX } from '../../../../src/port/iscsi/command-window.ts';
import { type Answer, type IscsiClient, IscsiRig } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
const TEST_UNIT_READY = [0, 0, 0, 0, 0, 0];
beforeEach(() => {
  rig = new IscsiRig();
  client = rig.connect();
  client.login();
});

describe('the window', () => {
  test('a command advances it, an immediate one does not', () => {
    const [first] = client.ask(client.command(TEST_UNIT_READY));
    expect(first).toMatchObject({ status: 0, statSn: 2, expCmdSn: 2, maxCmdSn: 1 + COMMANDS_MAX });
    const now = { immediate: 1, cmdSn: 2 };
    const [second] = client.ask(client.command(TEST_UNIT_READY, now));
    expect(second).toMatchObject({ status: 0, statSn: 3, expCmdSn: 2 });
  });

  test.each([
    ['below', -1],
    ['above', COMMANDS_MAX + 1],
  ])('a command %s it is ignored in silence', (_where, distance) => {
    const cmdSn = client.cmdSn + distance;
    expect(client.ask(client.command(TEST_UNIT_READY, { cmdSn }))).toEqual([]);
    expect(client.closed).toBeUndefined();
  });

  test('commands in another order run in theirs', () => {
    const [a, b, c] = [1, 2, 3].map((cmdSn) => client.command(TEST_UNIT_READY, { cmdSn }));
    expect(client.ask(c!, b!)).toEqual([]);
    const tags = client.ask(a!).map(({ initiatorTaskTag }) => initiatorTaskTag);
    expect(tags).toEqual(
      [a, b, c].map((one) => (one as { initiatorTaskTag: number }).initiatorTaskTag),
    );
  });

  test('it closes while tasks wait for data, over the end of the numbers, and opens again', () => {
    const other = rig.connect();
    other.login({ isid: 2, cmdSn: 0xffff_fff0 });
    let ready: Answer | undefined;
    for (let i = 0; i < COMMANDS_MAX; i++) {
      other.cmdSn >>>= 0;
      [ready] = other.write(0, new Uint8Array(512));
      expect(ready?.kind).toBe('R2T');
    }
    expect(((ready!.maxCmdSn as number) - (ready!.expCmdSn as number)) | 0).toBe(-1);
    expect(other.write(0, new Uint8Array(512))).toEqual([]);
    const { initiatorTaskTag, targetTransferTag } = ready as never;
    const [done] = other.ask({
      kind: 'SCSI Data-Out',
      initiatorTaskTag,
      targetTransferTag,
      final: 1,
      data: new Uint8Array(512),
    });
    expect(((done!.maxCmdSn as number) - (done!.expCmdSn as number)) | 0).toBe(0);
  });

  test('a tag in use is refused', () => {
    const [ready] = client.write(0, new Uint8Array(512));
    const { initiatorTaskTag } = ready as never;
    const [answer] = client.ask(client.command(TEST_UNIT_READY, { initiatorTaskTag }));
    expect(answer).toMatchObject({ kind: 'Reject', reason: 7 });
  });
});
