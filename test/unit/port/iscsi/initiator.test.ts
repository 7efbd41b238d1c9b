/** The initiator as a machine: its contract, hostile targets, what it keeps. */
import { describe, expect, it } from 'vitest';
import {
  encodeIscsiPdu,
  encodeTextKeys,
  type IscsiPduInput,
  NO_DIGESTS,
} from '../../../../src/codecs/iscsi/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { streams } from '../../../../src/machine/random.ts';
import { IscsiInitiator } from '../../../../src/port/iscsi/initiator.ts';
import { countedIsids } from '../../../../src/port/iscsi/isid.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';
import { IscsiPair, PORTAL } from '../../../helpers/iscsi-pair.ts';
import { INITIATOR, nodeHash, TARGET } from '../../../helpers/iscsi-rig.ts';

const ISID = Uint8Array.of(0, 2, 0x3d, 0, 0, 1);
const LISTENER = { sessionBegan() {}, sessionLost() {}, sessionEnded() {} };

function initiatorOf(): IscsiInitiator {
  return new IscsiInitiator({
    name: INITIATOR,
    isids: countedIsids,
    hash: nodeHash,
    challenge: (bytes) => new Uint8Array(bytes),
    // So that a contract's waiting comes to an end.
    times: { noopIntervalNs: 0, loginTriesMax: 2 },
  });
}

const response = (more: Partial<Extract<IscsiPduInput, { kind: 'Login Response' }>>) =>
  ({
    kind: 'Login Response',
    isid: ISID,
    tsih: 7,
    initiatorTaskTag: 2,
    statSn: 1,
    expCmdSn: 1,
    maxCmdSn: 32,
    currentStage: 1,
    nextStage: 3,
    transit: 1,
    data: encodeTextKeys([{ key: 'TargetPortalGroupTag', value: '1' }]),
    ...more,
  }) as const;

const joined = (...pdus: readonly IscsiPduInput[]): Uint8Array =>
  Uint8Array.from(pdus.flatMap((pdu) => [...encodeIscsiPdu(pdu, NO_DIGESTS)]));

const numbers = { expCmdSn: 1, maxCmdSn: 32 };

describeStreamMachine(
  { describe, it },
  'an initiator',
  () => {
    const made = initiatorOf();
    made.login(PORTAL, LISTENER, 0);
    return made;
  },
  {
    conversations: [
      joined(
        response({}),
        { kind: 'NOP-In', targetTransferTag: 5, statSn: 2, ...numbers },
        {
          kind: 'Asynchronous Message',
          asyncEvent: 1,
          parameter3: 10,
          statSn: 2,
          ...numbers,
        },
        { kind: 'Logout Response', initiatorTaskTag: 3, response: 0, statSn: 3, ...numbers },
      ),
    ],
  },
);

describeStreamMachine(
  { describe, it },
  'a discovery',
  () => {
    const made = initiatorOf();
    made.discover(PORTAL, 0, () => {});
    return made;
  },
  {
    conversations: [
      joined(
        response({ initiatorTaskTag: 1 }),
        {
          kind: 'Text Response',
          initiatorTaskTag: 2,
          statSn: 2,
          final: 1,
          data: encodeTextKeys([
            { key: 'TargetName', value: TARGET },
            { key: 'TargetAddress', value: '10.0.0.1:3260,1' },
          ]),
          ...numbers,
        },
        { kind: 'Logout Response', initiatorTaskTag: 3, response: 0, statSn: 3, ...numbers },
      ),
    ],
  },
);

/** A session with a target that says what a test has it say. */
function hostile() {
  const machine = initiatorOf();
  const told: string[] = [];
  const ends: string[] = [];
  machine.login(
    PORTAL,
    {
      sessionBegan: (_, nexus) => {
        told.push('began');
        nexus.execute({
          lun: 0n,
          cdb: Uint8Array.of(0x2a, 0, 0, 0, 0, 0, 0, 0, 16, 0),
          dataOut: new Uint8Array(8192),
          timeoutNs: 30 * SECOND,
          onDone: ({ end }) => ends.push(end),
        });
        nexus.execute({
          lun: 0n,
          cdb: Uint8Array.of(0x28, 0, 0, 0, 0, 0, 0, 0, 2, 0),
          dataInBytes: 1024,
          timeoutNs: 30 * SECOND,
          onDone: ({ end }) => ends.push(end),
        });
      },
      sessionLost: (_, __, why) => told.push(`lost: ${why}`),
      sessionEnded: (_, why) => told.push(`ended: ${why}`),
    },
    0,
  );
  machine.handleOpened(1, 0, 1);
  const say = (...pdus: readonly IscsiPduInput[]): void => {
    machine.handleBytes(1, joined(...pdus), 0);
  };
  return { machine, told, ends, say };
}

describe('a hostile target', () => {
  const LOGGED_IN = response({ data: encodeTextKeys([{ key: 'MaxBurstLength', value: '4096' }]) });
  it.each<[string, IscsiPduInput, string]>([
    ['a StatSN that leaves a gap', { kind: 'NOP-In', initiatorTaskTag: 9, statSn: 5 }, 'StatSN 5'],
    ['a request of initiators', { kind: 'NOP-Out', cmdSn: 1 }, 'NOP-Out, which targets'],
    ['another login', response({ statSn: 2 }), 'a login response in a session'],
    [
      'an R2T beyond the data',
      {
        kind: 'R2T',
        initiatorTaskTag: 3,
        targetTransferTag: 1,
        statSn: 2,
        bufferOffset: 8000,
        desiredDataTransferLengthBytes: 1024,
      },
      'an R2T for bytes 8000 to 9024 of 8192',
    ],
    [
      'an R2T beyond a burst',
      {
        kind: 'R2T',
        initiatorTaskTag: 3,
        targetTransferTag: 1,
        statSn: 2,
        desiredDataTransferLengthBytes: 8192,
      },
      'an R2T for bytes 0 to 8192 of 8192',
    ],
    [
      'an R2T for nothing',
      {
        kind: 'R2T',
        initiatorTaskTag: 3,
        targetTransferTag: 1,
        statSn: 2,
        desiredDataTransferLengthBytes: 0,
      },
      'an R2T for bytes 0 to 0',
    ],
    [
      'an R2T out of turn',
      {
        kind: 'R2T',
        initiatorTaskTag: 3,
        targetTransferTag: 1,
        statSn: 2,
        r2tSn: 4,
        desiredDataTransferLengthBytes: 512,
      },
      'an R2T out of turn',
    ],
    [
      'more data than was asked for',
      { kind: 'SCSI Data-In', initiatorTaskTag: 4, statSn: 2, data: new Uint8Array(2048) },
      'bytes 0 to 2048 of 1024',
    ],
    [
      'data with a hole',
      {
        kind: 'SCSI Data-In',
        initiatorTaskTag: 4,
        statSn: 2,
        bufferOffset: 512,
        data: new Uint8Array(512),
      },
      'data out of turn',
    ],
  ])('that sends %s is given up', (_, pdu, why) => {
    const { told, say } = hostile();
    say(LOGGED_IN, pdu);
    expect(told[0]).toBe('began');
    expect(told[1]).toContain(why);
  });

  it('that says GOOD without all data has lost some; tags of nobody mean nothing', () => {
    const { ends, told, say } = hostile();
    say(
      LOGGED_IN,
      { kind: 'SCSI Response', initiatorTaskTag: 99, statSn: 2 },
      {
        kind: 'R2T',
        initiatorTaskTag: 99,
        targetTransferTag: 1,
        statSn: 3,
        desiredDataTransferLengthBytes: 512,
      },
      { kind: 'SCSI Response', initiatorTaskTag: 4, statSn: 3 },
    );
    expect([ends, told]).toEqual([['data-lost'], ['began']]);
  });

  it('that rejects a command has ended it', () => {
    const { ends, say } = hostile();
    const header = new Uint8Array(48);
    header[19] = 3;
    say(LOGGED_IN, { kind: 'Reject', reason: 4, statSn: 2, data: header });
    say({ kind: 'Reject', reason: 4, statSn: 3, data: new Uint8Array(5) });
    expect(ends).toEqual(['aborted']);
  });

  it('that has a window before its begin is not listened to about it', () => {
    const { machine, say } = hostile();
    say(LOGGED_IN, { kind: 'NOP-In', statSn: 2, expCmdSn: 900, maxCmdSn: 100 });
    expect(machine.kept()).toMatchObject({ connections: 1 });
  });

  it('of random bytes keeps nothing but its connection', () => {
    const random = streams(5).stream('noise');
    for (let round = 0; round < 200; round++) {
      const { machine, say } = hostile();
      say(LOGGED_IN);
      machine.handleBytes(
        1,
        Uint8Array.from({ length: 200 }, () => random.below(256)),
        0,
      );
      for (let i = 0; i < 50 && machine.poll() !== undefined; i++);
      expect(machine.kept().connections).toBeLessThanOrEqual(1);
    }
  });
});

describe('connections', () => {
  it('that nobody asked for are refused', () => {
    const machine = initiatorOf();
    machine.handleOpened(4, 0);
    machine.handleOpened(5, 0, 17);
    expect([machine.poll(), machine.poll(), machine.poll()]).toEqual([
      { conn: 4, close: 'reset' },
      { conn: 5, close: 'reset' },
      undefined,
    ]);
  });

  it('leave nothing behind', () => {
    const pair = new IscsiPair();
    const { session } = pair.login();
    session.logout(() => {});
    pair.settle();
    expect(pair.initiators[0]!.kept()).toEqual({
      connections: 0,
      'connections asked for': 0,
      timers: 0,
    });
  });
});
