/** A session: the window, task management, text, logout. Source: RFC 7143, 4.2.2, 11.5, 11.10, 11.14; RFC 7144. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { iscsiPdu } from '../../../../src/codecs/iscsi/index.ts';
import { AWAITED_DATA_NS } from '../../../../src/port/iscsi/awaited-data.ts';
import { COMMANDS_MAX } from '../../../../src/port/iscsi/session.ts';
import {
  type Answer,
  type IscsiClient,
  IscsiRig,
  keysOf,
  TARGET,
  textOf,
} from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
const TEST_UNIT_READY = [0, 0, 0, 0, 0, 0];
beforeEach(() => {
  rig = new IscsiRig();
  client = rig.connect();
  client.login();
});

const manage = (fn: number, more: object = {}): Answer[] =>
  client.ask({
    kind: 'Task Management Function Request',
    immediate: 1,
    function: fn,
    initiatorTaskTag: client.nextTag(),
    cmdSn: client.cmdSn,
    ...more,
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

test('data of a large read leave apart from their header, with their padding, and are the same with digests', () => {
  const data = Uint8Array.from({ length: 64 * 512 }, (_, i) => (i * 7) >> 3);
  rig.medium.write(3, data);
  const bytes = data.length - 1;
  const [plain, digested] = [rig.connect(), rig.connect()];
  const large = { MaxRecvDataSegmentLength: '65536' };
  plain.login({ isid: 8, keys: large });
  digested.login({ isid: 9, keys: { ...large, HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' } });
  for (const initiator of [plain, digested]) {
    const [answer] = initiator.read(3, 64, { expectedDataTransferLengthBytes: bytes });
    expect(answer).toMatchObject({
      kind: 'SCSI Data-In',
      hasStatus: 1,
      final: 1,
      residualCount: 1,
    });
    expect(Buffer.from(answer!.data as Uint8Array).equals(data.subarray(0, bytes))).toBe(true);
  }
});

test('reads that come faster than what they ask for can leave find it busy', () => {
  const asked = Array.from({ length: 40 }, () =>
    iscsiPdu.encode(
      client.command([0x28, 0, 0, 0, 0, 0, 0, 0x10, 0, 0], {
        read: 1,
        final: 1,
        expectedDataTransferLengthBytes: 0x1000 * 512,
      }),
    ),
  );
  client.sendBytes(Buffer.concat(asked));
  const answers = client.answers();
  const good = answers.filter(({ hasStatus, status }) => hasStatus === 1 && status === 0);
  const busy = answers.filter(({ kind, status }) => kind === 'SCSI Response' && status === 8);
  // 2 MiB each, 64 MiB of which may wait, and one more that was begun.
  expect([good.length, busy.length]).toEqual([32, 8]);
  expect(client.read(0, 1)).toMatchObject([{ hasStatus: 1, status: 0 }]);
});

describe('task management', () => {
  /** A write whose data have not come. */
  const open = (): number =>
    (client.write(0, new Uint8Array(512))[0] as unknown as { initiatorTaskTag: number })
      .initiatorTaskTag;

  test('ABORT TASK: complete, and its data come too late', () => {
    const tag = open();
    expect(manage(1, { referencedTaskTag: tag, refCmdSn: 1 })).toMatchObject([{ response: 0 }]);
    const late = { kind: 'SCSI Data-Out', initiatorTaskTag: tag, targetTransferTag: 0 } as const;
    expect(client.ask({ ...late, final: 1, data: new Uint8Array(512).fill(7) })).toEqual([]);
    expect(rig.medium.read(0, 1)).toEqual(new Uint8Array(512));
  });

  test('ABORT TASK of a task that is none', () => {
    expect(manage(1, { referencedTaskTag: 999, refCmdSn: 0 })).toMatchObject([{ response: 1 }]);
  });

  test('ABORT TASK of a task on its way: it never runs, and its number counts as received', () => {
    const cmdSn = client.cmdSn + 1;
    const coming = { referencedTaskTag: 999, refCmdSn: client.cmdSn, cmdSn };
    expect(manage(1, coming)).toMatchObject([{ response: 0, expCmdSn: cmdSn }]);
    const data = new Uint8Array(512).fill(7);
    expect(client.write(0, data, { cmdSn: cmdSn - 1, data })).toEqual([]);
    expect(rig.medium.read(0, 1)).toEqual(new Uint8Array(512));
  });

  test.each([
    ['ABORT TASK SET', 2],
    ['CLEAR TASK SET', 4],
    ['LOGICAL UNIT RESET', 5],
    ['TARGET WARM RESET', 6],
  ])('%s ends the tasks without an answer', (_name, fn) => {
    const tag = open();
    // Data that were asked for are waited for, and lost (4.2.3.3).
    expect(manage(fn)).toEqual([]);
    expect(rig.port.kept()['bytes of write data']).toBe(0);
    const late = { kind: 'SCSI Data-Out', initiatorTaskTag: tag, targetTransferTag: 0 } as const;
    expect(client.ask({ ...late, data: new Uint8Array(256).fill(7) })).toEqual([]);
    const rest = { dataSn: 1, bufferOffset: 256, final: 1, data: new Uint8Array(256).fill(7) };
    expect(client.ask({ ...late, ...rest })).toMatchObject([
      { kind: 'Task Management Function Response', response: 0 },
    ]);
    expect(rig.medium.read(0, 1)).toEqual(new Uint8Array(512));
    expect(client.closed).toBeUndefined();
    expect(manage(fn)).toMatchObject([{ response: 0 }]);
  });

  test('data of another unit are not waited for, nor those that never come', () => {
    open();
    expect(manage(5, { lun: 9n << 48n })).toMatchObject([{ response: 2 }]);
    expect(manage(5)).toEqual([]);
    rig.wait(AWAITED_DATA_NS - 1);
    expect(client.answers()).toEqual([]);
    rig.wait(1);
    expect(client.answers()).toMatchObject([{ response: 0 }]);
    expect(rig.port.deadline).toBeGreaterThan(rig.now + AWAITED_DATA_NS);
  });

  test('a session that ends is not answered', () => {
    open();
    expect(manage(2)).toEqual([]);
    rig.port.handleClosed(client.conn, 'reset', rig.now);
    rig.drain();
    rig.wait(AWAITED_DATA_NS);
    expect(client.answers()).toEqual([]);
    expect(rig.port.deadline).toBeUndefined();
  });

  test('TARGET COLD RESET ends every session, once it is answered', () => {
    const other = rig.connect();
    other.login({ isid: 2 });
    expect(manage(7)).toMatchObject([{ response: 0 }]);
    expect([client.closed, other.closed]).toEqual(['end', 'end']);
  });

  test('TARGET COLD RESET is told to the other portals of the target', () => {
    const told = vi.fn();
    const portal = new IscsiRig({ coldReset: told });
    const initiator = portal.connect();
    initiator.login();
    for (const fn of [6, 7]) {
      const initiatorTaskTag = initiator.nextTag();
      const asked = { kind: 'Task Management Function Request', function: fn } as const;
      initiator.send({ ...asked, immediate: 1, initiatorTaskTag, cmdSn: initiator.cmdSn });
    }
    expect(told).toHaveBeenCalledTimes(1);
  });

  test('I_T NEXUS RESET ends this one', () => {
    const other = rig.connect();
    other.login({ isid: 2 });
    expect(manage(11)).toMatchObject([{ response: 0 }]);
    expect([client.closed, other.closed]).toEqual(['end', undefined]);
  });

  test('QUERY TASK and QUERY TASK SET', () => {
    expect(manage(10)).toMatchObject([{ response: 0 }]);
    const tag = open();
    expect(manage(9, { referencedTaskTag: tag })).toMatchObject([{ response: 7 }]);
    expect(manage(10)).toMatchObject([{ response: 7 }]);
  });

  test.each([
    ['TASK REASSIGN', 8, 4],
    ['a function that is none', 99, 5],
  ])('%s is not supported', (_name, fn, response) => {
    expect(manage(fn)).toMatchObject([{ response }]);
  });

  test('a LUN that is none', () => {
    expect(manage(5, { lun: 9n << 48n })).toMatchObject([{ response: 2 }]);
  });
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

  test('text: who the target is, and keys that are none', () => {
    const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 5, cmdSn: 1 } as const;
    const [answer] = client.ask({ ...ask, data: keysOf({ SendTargets: '', 'X-a': '1' }) });
    expect(answer).toMatchObject({ kind: 'Text Response', final: 1 });
    expect(textOf(answer)).toMatchObject({ TargetName: TARGET, 'X-a': 'NotUnderstood' });
  });

  test('text that is more than the initiator takes comes in parts', () => {
    const many = Array.from({ length: 40 }, (_, i) => `10.0.0.1:${3260 + i},${i + 1}`);
    const long = new IscsiRig({ addresses: () => many });
    const one = long.connect();
    one.login({ keys: { SessionType: 'Discovery', MaxRecvDataSegmentLength: '512' } });
    const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 5, cmdSn: 1 } as const;
    let [answer] = one.ask({ ...ask, data: keysOf({ SendTargets: 'All' }) });
    const parts = [answer!.data as Uint8Array];
    while (answer!.final === 0) {
      const targetTransferTag = answer!.targetTransferTag as number;
      [answer] = one.ask({ ...ask, targetTransferTag });
      parts.push(answer!.data as Uint8Array);
    }
    expect(parts.length).toBeGreaterThan(1);
    expect(
      Buffer.concat(parts)
        .toString('latin1')
        .match(/TargetAddress=/g),
    ).toHaveLength(40);
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
