/** Task management of a session. Source: RFC 7143, 11.5, 4.2.3.3; RFC 7144. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AWAITED_DATA_NS } from '../../../../src/port/iscsi/awaited-data.ts';
import { type Answer, type IscsiClient, IscsiRig } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
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
