/** Aborts and task management of our initiator, with our own target. */
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/machine/machine.ts';
import { Timers } from '../../../../src/machine/timers.ts';
import { AWAITED_DATA_NS } from '../../../../src/port/iscsi/awaited-data.ts';
import { InitiatorTasks } from '../../../../src/port/iscsi/initiator-tasks.ts';
import type { ManagedFunction, TaskManagementResponse } from '../../../../src/scsi/transport.ts';
import { IscsiPair } from '../../../helpers/iscsi-pair.ts';

const ASKED = { offers: { ImmediateData: 'No', InitialR2T: 'Yes' } };

/** A write whose data the target waits for. */
function waiting() {
  const pair = new IscsiPair();
  const { session, nexuses, told } = pair.login(pair.initiator(ASKED));
  const [connection] = pair.connections;
  connection!.held = 'to-initiator';
  const write = pair.write(nexuses[0]!, 0, new Uint8Array(512));
  const manage = (fn: ManagedFunction, lun = 0n): TaskManagementResponse[] => {
    const answers: TaskManagementResponse[] = [];
    const request = { function: fn, lun, tag: write.open!.tag, timeoutNs: 10 * SECOND };
    nexuses[0]!.manage(request, (answer) => answers.push(answer));
    pair.settle();
    return answers;
  };
  return { pair, session, nexus: nexuses[0]!, told, connection: connection!, ...write, manage };
}

describe('a command', () => {
  it('that is aborted has ended at the target, and its tag and number are named', () => {
    const { pair, open, ends, connection } = waiting();
    open!.abort();
    pair.settle();
    expect(ends).toEqual([]);
    connection.waiting.length = 0;
    connection.held = 'none';
    // The answer was held with the R2T; another abort asks nothing more.
    open!.abort();
    expect(pair.toTarget.at(-1)).toMatchObject({
      kind: 'Task Management Function Request',
      immediate: 1,
      function: 1,
      referencedTaskTag: open!.tag,
      refCmdSn: 1,
    });
  });

  it('ends as aborted when the target says so, also where it knew none such', () => {
    const { pair, open, ends, connection } = waiting();
    connection.waiting.length = 0;
    connection.held = 'none';
    open!.abort();
    pair.settle();
    expect(ends).toEqual([{ end: 'aborted' }]);
  });

  it('that takes too long is aborted by itself', () => {
    const pair = new IscsiPair();
    const { nexuses } = pair.login(pair.initiator({ ...ASKED, times: { noopIntervalNs: 0 } }));
    const [connection] = pair.connections;
    connection!.held = 'to-initiator';
    const { ends } = pair.write(nexuses[0]!, 0, new Uint8Array(512), { timeoutNs: SECOND });
    connection!.waiting.length = 0;
    connection!.held = 'none';
    pair.wait(SECOND);
    expect(ends).toEqual([{ end: 'aborted' }]);
  });

  it('whose abort nobody answers takes the session with it', () => {
    const { pair, open, ends, told } = waiting();
    open!.abort();
    pair.wait(9 * SECOND);
    expect(told).toHaveLength(1);
    pair.wait(10 * SECOND);
    expect(told[1]).toMatch(/^lost: /);
    pair.wait(2 * SECOND);
    expect(ends).toEqual([{ end: 'nexus-lost', confirmed: true }]);
  });

  it('that waits for the window is taken back without a word', () => {
    const { pair, nexus } = waiting();
    const runs = Array.from({ length: 128 }, () => pair.read(nexus, 0, 1));
    const last = runs.at(-1)!;
    const before = pair.toTarget.length;
    last.open!.abort();
    pair.settle();
    expect([last.ends, pair.toTarget.length]).toEqual([[{ end: 'not-sent' }], before]);
  });

  it('that is forgotten ends here, and what the target says of it means nothing', () => {
    const { pair, open, ends, connection, told } = waiting();
    open!.forget();
    open!.forget();
    expect(ends).toEqual([{ end: 'forgotten' }]);
    pair.release(connection);
    expect(told).toHaveLength(1);
  });

  it('that moves data both ways is not for this carrier', () => {
    const { pair, nexus } = waiting();
    const both = { cdb: new Uint8Array(10), dataOut: new Uint8Array(512), dataInBytes: 512 };
    expect(pair.run(nexus, both).ends).toEqual([{ end: 'not-sent' }]);
  });
});

describe('task management', () => {
  it.each<[ManagedFunction, TaskManagementResponse]>([
    ['abort-task-set', 'complete'],
    ['clear-task-set', 'complete'],
    ['logical-unit-reset', 'complete'],
    ['target-reset', 'complete'],
    ['i-t-nexus-reset', 'complete'],
  ])('%s ends the task at both ends', (fn, answer) => {
    const { pair, connection, ends, manage } = waiting();
    connection.waiting.length = 0;
    connection.held = 'none';
    const answers = manage(fn);
    // The R2T is lost: the target waits in vain for its data.
    pair.wait(AWAITED_DATA_NS);
    expect(answers).toEqual([answer]);
    expect(ends).toEqual([{ end: 'aborted' }]);
  });

  it('asks about tasks, and about units that are not there', () => {
    const { connection, ends, manage } = waiting();
    connection.waiting.length = 0;
    connection.held = 'none';
    expect(manage('query-task')).toEqual(['succeeded']);
    expect(manage('query-task-set')).toEqual(['succeeded']);
    expect(manage('logical-unit-reset', 5n << 48n)).toEqual(['incorrect-lun']);
    expect(manage('clear-aca')).toEqual(['rejected']);
    expect(ends).toEqual([]);
  });

  it('of RFC 7144 is not asked for where that was not agreed on', () => {
    const pair = new IscsiPair();
    const offers = { iSCSIProtocolLevel: undefined } as never;
    const { nexuses } = pair.login(pair.initiator({ offers }));
    const answers: TaskManagementResponse[] = [];
    nexuses[0]!.manage({ function: 'i-t-nexus-reset', lun: 0n, timeoutNs: SECOND }, (answer) =>
      answers.push(answer),
    );
    expect(answers).toEqual(['rejected']);
  });

  it('that nobody answers has failed, and so has one without a session', () => {
    const { pair, manage, nexus, session } = waiting();
    const answers = manage('logical-unit-reset');
    expect(answers).toEqual([]);
    pair.wait(9 * SECOND);
    session.drop();
    expect(answers).toEqual(['failed']);
    const after: TaskManagementResponse[] = [];
    nexus.manage({ function: 'clear-aca', lun: 0n, timeoutNs: SECOND }, (one) => after.push(one));
    expect(after).toEqual(['failed']);
  });
});

describe('tags and numbers', () => {
  it('go round without the reserved one and without those in use', () => {
    const timers = new Timers();
    const sent: object[] = [];
    const tasks = new InitiatorTasks({
      after: (delayNs, run) => timers.set(delayNs, run),
      send: (pdu) => sent.push(pdu),
      giveUp() {},
      abortNs: SECOND,
    });
    tasks.restart(0xffff_ffff);
    tasks.update(0xffff_ffff, 3);
    const values = { iSCSIProtocolLevel: 1 } as never;
    tasks.begin({
      tsih: 1,
      groupTag: 1,
      digests: { header: false, data: false },
      values,
      targetReceives: 8192,
    });
    const command = { lun: 0n, cdb: new Uint8Array(6), timeoutNs: SECOND, onDone() {} };
    for (let i = 0; i < 8; i++) tasks.execute(command);
    expect(sent).toMatchObject([
      { cmdSn: 0xffff_ffff },
      { cmdSn: 0 },
      { cmdSn: 1 },
      { cmdSn: 2 },
      { cmdSn: 3 },
    ]);
    expect([tasks.open, tasks.cmdSn]).toEqual([8, 4]);
    // A window that goes back does not.
    tasks.update(0, 1);
    expect(sent).toHaveLength(5);
  });
});
