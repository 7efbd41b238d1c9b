/** A portal: reinstatement, what is lost with a connection, digests, bad input; and the stream contract. */
import { describe, expect, it, test } from 'vitest';
import { encodeIscsiPdu, iscsiPdu } from '../../../../src/codecs/iscsi/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { ISCSI_CONNECTIONS_MAX } from '../../../../src/port/iscsi/target-port.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';
import { INITIATOR, IscsiRig, keysOf, TARGET } from '../../../helpers/iscsi-rig.ts';

const nexuses = (rig: IscsiRig) =>
  rig.events.flatMap((one) =>
    one.type === 'nexus' ? [`${one.nexus.initiator} ${one.state}`] : [],
  );
const port = (isid: number) => `${INITIATOR},i,0x80000000000${isid}`;
const TEST_UNIT_READY = [0, 0, 0, 0, 0, 0];

describe('sessions by name and ISID', () => {
  test('the same ISID again: the old session is over before the new one begins', () => {
    const rig = new IscsiRig();
    const old = rig.connect();
    old.login();
    const [ready] = old.write(0, new Uint8Array(512));
    const young = rig.connect();
    expect(young.login()).toMatchObject({ status: 0 });
    expect(old.closed).toBe('reset');
    expect(nexuses(rig)).toEqual([`${port(1)} began`, `${port(1)} ended`, `${port(1)} began`]);
    // Data of the old session that come now reach nobody (RFC 7143, 6.3.5).
    const { initiatorTaskTag, targetTransferTag } = ready as never;
    const late = { kind: 'SCSI Data-Out', initiatorTaskTag, targetTransferTag, final: 1 } as const;
    const data = new Uint8Array(512).fill(7);
    for (const one of [old, young]) expect(one.ask({ ...late, data })).toEqual([]);
    expect(rig.medium.read(0, 1)).toEqual(new Uint8Array(512));
    expect(rig.port.kept()).toMatchObject({ sessions: 1, 'bytes of write data': 0 });
  });

  test('whichever stage either login began at', () => {
    for (const stages of [
      [0, 1],
      [1, 0],
    ] as const) {
      const rig = new IscsiRig();
      const [old, young] = stages.map((stage) => {
        const client = rig.connect();
        client.login({ stage, keys: stage === 0 ? { AuthMethod: 'None' } : {} });
        return client;
      });
      expect([old!.closed, young!.closed]).toEqual(['reset', undefined]);
    }
  });

  test('another ISID: another session beside it', () => {
    const rig = new IscsiRig();
    const [a, b] = [rig.connect(), rig.connect()];
    a.login();
    b.login({ isid: 2 });
    expect([a.closed, b.closed]).toEqual([undefined, undefined]);
    expect(nexuses(rig)).toEqual([`${port(1)} began`, `${port(2)} began`]);
  });

  test('a connection to a session: its only one again, or one too many', () => {
    const rig = new IscsiRig();
    const a = rig.connect();
    const tsih = a.login().tsih as number;
    expect(rig.connect().login({ tsih, cid: 1 }).status).toBe(0x0206);
    expect(rig.connect().login({ tsih: tsih + 1 }).status).toBe(0x020a);
    expect(rig.connect().login({ tsih, isid: 2 }).status).toBe(0x020a);
    expect(a.closed).toBeUndefined();
    expect(rig.connect().login({ tsih }).status).toBe(0);
    expect(a.closed).toBe('reset');
  });

  test('a nexus that was lost is told at the next command, once', () => {
    const rig = new IscsiRig();
    rig.connect().login();
    const young = rig.connect();
    young.login();
    const sense = young.ask(young.command(TEST_UNIT_READY))[0]!.data as { senseData: Uint8Array };
    expect([...sense.senseData.subarray(12, 14)]).toEqual([0x29, 0x07]);
    expect(young.ask(young.command(TEST_UNIT_READY))).toMatchObject([{ status: 0 }]);
  });
});

describe('a connection that is gone', () => {
  it.each(['end', 'reset'] as const)('by %s: its session and tasks are over at once', (how) => {
    const rig = new IscsiRig();
    const client = rig.connect();
    client.login();
    client.write(0, new Uint8Array(512));
    client.close(how);
    expect(client.closed).toBe(how === 'end' ? 'end' : undefined);
    expect(rig.port.kept()).toEqual({ connections: 0, sessions: 0, 'bytes of write data': 0 });
    expect(nexuses(rig).at(-1)).toBe(`${port(1)} ended`);
  });

  test('in silence: it is asked, and then given up', () => {
    const rig = new IscsiRig();
    const client = rig.connect();
    client.login();
    rig.wait(31 * SECOND);
    expect(client.answers()).toMatchObject([{ kind: 'NOP-In', initiatorTaskTag: 0xffff_ffff }]);
    const answer = { kind: 'NOP-Out', immediate: 1, targetTransferTag: 1, cmdSn: 1 } as const;
    expect(client.ask(answer)).toEqual([]);
    rig.wait(45 * SECOND);
    expect(client.closed).toBeUndefined();
    rig.wait(60 * SECOND);
    expect(client.closed).toBe('reset');
  });

  test('a login that stalls is given up', () => {
    const rig = new IscsiRig();
    const client = rig.connect();
    client.sendBytes(new Uint8Array(47));
    rig.wait(16 * SECOND);
    expect(client.closed).toBe('reset');
  });
});

describe('digests', () => {
  const keys = { HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' };

  test('from the first PDU behind the login on', () => {
    const rig = new IscsiRig();
    const client = rig.connect();
    client.login({ keys });
    const data = new Uint8Array(512).fill(5);
    expect(client.write(0, data, { data })).toMatchObject([{ status: 0 }]);
    expect(client.read(0, 1)).toMatchObject([{ data, headerDigest: expect.any(Number) }]);
  });

  it.each([
    ['of the header', 20],
    ['of the data', 60],
  ])('a wrong one %s ends the session, and nothing is written', (_of, at) => {
    const rig = new IscsiRig();
    const client = rig.connect();
    client.login({ keys });
    const cdb = [0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    const data = new Uint8Array(512).fill(5);
    const more = { write: 1, expectedDataTransferLengthBytes: 512, data };
    const bytes = encodeIscsiPdu(client.command(cdb, more), { header: true, data: true });
    bytes[at]! ^= 1;
    client.sendBytes(bytes);
    expect(client.closed).toBe('reset');
    expect(rig.medium.read(0, 1)).toEqual(new Uint8Array(512));
  });
});

describe('bad input', () => {
  test('a length that was not declared', () => {
    const rig = new IscsiRig();
    const client = rig.connect();
    const bytes = iscsiPdu.encode({
      kind: 'Login Request',
      isid: new Uint8Array(6),
      initiatorTaskTag: 1,
    });
    bytes.set([0xff, 0xff, 0xff], 5);
    client.sendBytes(bytes);
    expect(client.closed).toBe('reset');
    expect(rig.events).toMatchObject([
      { type: 'refused', what: expect.stringContaining('declared') },
    ]);
  });

  test('a command before the login', () => {
    const client = new IscsiRig().connect();
    client.send(client.command(TEST_UNIT_READY));
    expect(client.closed).toBe('reset');
  });

  test('more connections than there is room for: the others go on', () => {
    const rig = new IscsiRig();
    const first = rig.connect();
    first.login();
    for (let i = 1; i < ISCSI_CONNECTIONS_MAX; i++) rig.connect();
    expect(rig.connect().closed).toBe('reset');
    expect(first.ask(first.command(TEST_UNIT_READY))).toMatchObject([{ status: 0 }]);
  });
});

/** What an initiator says from its login to its logout: tags and numbers are those that it will get. */
function conversation(isid: number, keys: Record<string, string>): Uint8Array {
  const digest = keys.HeaderDigest === 'CRC32C';
  const digests = { header: digest, data: digest };
  const login = iscsiPdu.encode({
    kind: 'Login Request',
    isid: Uint8Array.of(0x80, 0, 0, 0, 0, isid),
    initiatorTaskTag: 1,
    cmdSn: 1,
    transit: 1,
    currentStage: 1,
    nextStage: 3,
    data: keysOf({ InitiatorName: INITIATOR, TargetName: TARGET, ...keys }),
  });
  const command = (cmdSn: number, cdb: number[], more: object) =>
    ({
      kind: 'SCSI Command',
      lun: 0n,
      initiatorTaskTag: cmdSn,
      cmdSn,
      cdb: Uint8Array.from(cdb),
      ...more,
    }) as const;
  const block = new Uint8Array(512).fill(isid);
  const write = [0x2a, 0, 0, 0, 0, isid, 0, 0, 1, 0];
  const expected = { expectedDataTransferLengthBytes: 512 };
  const pdus = [
    command(1, [0x12, 0, 0, 0, 36, 0], { read: 1, expectedDataTransferLengthBytes: 36 }),
    command(2, write, { write: 1, ...expected, data: block }),
    command(3, write, { write: 1, ...expected }),
    { kind: 'SCSI Data-Out', initiatorTaskTag: 3, targetTransferTag: 0, final: 1, data: block },
    command(4, [0x28, 0, 0, 0, 0, isid, 0, 0, 1, 0], { read: 1, ...expected }),
    { kind: 'Task Management Function Request', function: 5, initiatorTaskTag: 5, cmdSn: 5 },
    { kind: 'NOP-Out', initiatorTaskTag: 6, cmdSn: 6, data: Uint8Array.of(1) },
    { kind: 'Text Request', initiatorTaskTag: 7, cmdSn: 7, data: keysOf({ SendTargets: '' }) },
    { kind: 'Logout Request', reason: 0, initiatorTaskTag: 8, cmdSn: 8 },
  ] as const;
  return Uint8Array.from(
    [login, ...pdus.map((pdu) => encodeIscsiPdu(pdu as never, digests))].flatMap((one) => [...one]),
  );
}

// By themselves: the number of a session says how many came before it.
describe.each([
  ['plain', conversation(1, { InitialR2T: 'Yes', ImmediateData: 'Yes' })],
  ['with digests', conversation(2, { HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' })],
])('%s', (_what, whole) => {
  describeStreamMachine({ describe, it }, 'IscsiTargetPort', () => new IscsiRig().port, {
    conversations: [whole],
    rounds: 200,
    bytesOutFree: 65_536,
  });
});

test('conversations beside each other disturb none', () => {
  const rig = new IscsiRig();
  const clients = [1, 2, 3].map((isid) => {
    const client = rig.connect();
    client.login({ isid });
    return client;
  });
  for (const [i, client] of clients.entries()) {
    const data = new Uint8Array(512).fill(i + 1);
    expect(client.write(i, data, { data })).toMatchObject([{ status: 0 }]);
  }
  for (const [i, client] of clients.entries())
    expect(client.read(i, 1)).toMatchObject([{ data: new Uint8Array(512).fill(i + 1) }]);
});
