/** A session of our initiator with our own target, directly. */
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/machine/machine.ts';
import { streams } from '../../../../src/machine/random.ts';
import { StreamCore } from '../../../../src/machine/stream-core.ts';
import { givenIsid, randomIsids } from '../../../../src/port/iscsi/isid.ts';
import { IscsiPair, keysIn, PORTAL } from '../../../helpers/iscsi-pair.ts';
import { INITIATOR, TARGET } from '../../../helpers/iscsi-rig.ts';

const bytes = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 31 + (i >> 8)) & 0xff);
const kinds = (pair: IscsiPair): string[] => pair.toTarget.splice(0).map(({ kind }) => kind);

describe('a session', () => {
  it('logs in in one exchange, and its nexus has the names of both ports', () => {
    const pair = new IscsiPair();
    const { session, told, nexuses } = pair.login();
    expect(told).toEqual([`began ${INITIATOR},i,0x00023d000001 ${TARGET},t,0x0001`]);
    expect(pair.toTarget).toMatchObject([
      { kind: 'Login Request', currentStage: 1, nextStage: 3, transit: 1, tsih: 0, cmdSn: 1 },
    ]);
    expect(session.state).toBe('logged-in');
    expect(nexuses[0]).toMatchObject({ ready: true, address: 1, targetAddress: 1 });
    expect(session.login).toMatchObject({
      digests: { header: false, data: false },
      targetReceives: 262_144,
      values: { MaxBurstLength: 1_048_576, FirstBurstLength: 262_144, InitialR2T: false },
    });
  });

  it.each([
    ['nothing unasked', { InitialR2T: 'Yes', ImmediateData: 'No' }],
    ['data with the command only', { InitialR2T: 'Yes', ImmediateData: 'Yes' }],
    ['unsolicited data', { InitialR2T: 'No', ImmediateData: 'No', FirstBurstLength: '65536' }],
    ['short bursts', { MaxBurstLength: '4096', FirstBurstLength: '1024' }],
    ['digests', { HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' }],
  ])('reads what it wrote with %s', (_, offers) => {
    const pair = new IscsiPair();
    const { nexuses } = pair.login(pair.initiator({ offers }));
    const data = bytes(200 * 512);
    const written = pair.write(nexuses[0]!, 8, data);
    expect(written.ends).toMatchObject([{ end: 'answered', status: 0, residual: 0 }]);
    const [read] = pair.read(nexuses[0]!, 8, 200).ends;
    expect(read).toMatchObject({ end: 'answered', status: 0 });
    expect(read?.end === 'answered' && Buffer.compare(read.data, data)).toBe(0);
    expect(pair.events).toEqual([]);
  });

  it('tells residual and sense as they are', () => {
    const pair = new IscsiPair();
    const { nexuses } = pair.login();
    const inquiry = Uint8Array.of(0x12, 0, 0, 0, 36, 0);
    const short = pair.run(nexuses[0]!, { cdb: inquiry, dataInBytes: 96 });
    expect(short.ends).toMatchObject([{ end: 'answered', status: 0, residual: 60 }]);
    const bad = pair.run(nexuses[0]!, { cdb: Uint8Array.of(0xff, 0, 0, 0, 0, 0) });
    expect(bad.ends).toMatchObject([{ end: 'answered', status: 2 }]);
    expect(
      bad.ends[0]?.end === 'answered' && [bad.ends[0].sense[2], bad.ends[0].sense[12]],
    ).toEqual([5, 0x20]);
  });

  it('sends no more commands than the window has room for, and the others when it opens', () => {
    const pair = new IscsiPair();
    const { nexuses } = pair.login();
    const [connection] = pair.connections;
    connection!.held = 'to-initiator';
    const runs = Array.from({ length: 200 }, () => pair.read(nexuses[0]!, 0, 1));
    const commands = pair.toTarget.filter(({ kind }) => kind === 'SCSI Command');
    expect(commands).toHaveLength(128);
    pair.release(connection!);
    expect(runs.every(({ ends }) => ends[0]?.end === 'answered')).toBe(true);
    const numbers = pair.toTarget.flatMap((pdu) =>
      pdu.kind === 'SCSI Command' ? [pdu.cmdSn] : [],
    );
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('logs out, and hears that the target has confirmed', () => {
    const pair = new IscsiPair();
    const { session, told, nexuses } = pair.login();
    const answers: boolean[] = [];
    session.logout((acknowledged) => answers.push(acknowledged));
    expect(pair.read(nexuses[0]!, 0, 1).ends).toEqual([{ end: 'not-sent' }]);
    expect(answers).toEqual([true]);
    expect(told.slice(1)).toEqual(['lost: logged out', 'ended: logged out']);
  });

  it('takes a logout that nobody answers for unconfirmed', () => {
    const pair = new IscsiPair();
    const { session } = pair.login();
    pair.connections[0]!.held = 'to-target';
    const answers: boolean[] = [];
    session.logout((acknowledged) => answers.push(acknowledged));
    pair.settle();
    pair.wait(14 * SECOND);
    expect(answers).toEqual([]);
    pair.wait(2 * SECOND);
    expect(answers).toEqual([false]);
  });
});

describe('a lost connection', () => {
  it('is the loss of the nexus; the session is back after Time2Wait with the same ISID and TSIH 0', () => {
    const pair = new IscsiPair();
    const { told, nexuses, session } = pair.login();
    pair.toTarget.length = 0;
    pair.cut(pair.connections[0]!);
    expect(session.state).toBe('lost');
    expect(nexuses[0]!.ready).toBe(false);
    pair.wait(2 * SECOND - 1);
    expect(pair.toTarget).toEqual([]);
    pair.wait(1);
    expect(pair.toTarget).toMatchObject([
      { kind: 'Login Request', tsih: 0, isid: Uint8Array.of(0, 2, 0x3d, 0, 0, 1) },
    ]);
    expect(told.at(-1)).toBe(told[0]);
    expect(nexuses.map(({ ready }) => ready)).toEqual([false, true]);
  });

  it('ends commands as confirmed once the target has taken the session of the same name back', () => {
    const pair = new IscsiPair();
    const { nexuses } = pair.login(
      pair.initiator({ offers: { ImmediateData: 'No', InitialR2T: 'Yes' } }),
    );
    const [old] = pair.connections;
    old!.held = 'to-target';
    const { ends } = pair.write(nexuses[0]!, 0, bytes(512));
    // Half-open: the target does not know.
    pair.cut(old!, true);
    expect(ends).toEqual([]);
    pair.wait(2 * SECOND);
    expect(ends).toEqual([{ end: 'nexus-lost', confirmed: true }]);
    const told = pair.run(nexuses[1]!, { cdb: new Uint8Array(6) }).ends[0];
    expect(told?.end === 'answered' && [told.sense[12], told.sense[13]]).toEqual([0x29, 0x07]);
    // What comes late of the old session is not carried out.
    pair.write(nexuses[1]!, 0, bytes(512, 9));
    pair.release(old!);
    expect([...pair.medium.read(0, 1)]).toEqual([...bytes(512, 9)]);
  });

  it('confirms nothing where the new login has another ISID', () => {
    const pair = new IscsiPair();
    const isids = randomIsids(streams(1).stream('isid'));
    const { nexuses, told } = pair.login(pair.initiator({ isids }));
    const [old] = pair.connections;
    old!.held = 'to-target';
    const { ends } = pair.write(nexuses[0]!, 0, bytes(512));
    pair.cut(old!, true);
    pair.wait(2 * SECOND);
    expect(ends).toEqual([{ end: 'nexus-lost', confirmed: false }]);
    expect(told[0]).not.toBe(told.at(-1));
    expect(told[0]).toMatch(/,i,0x80/);
    // Two initiators for the target: the late command of the first does harm.
    pair.write(nexuses[1]!, 0, bytes(512, 9));
    pair.release(old!);
    expect([...pair.medium.read(0, 1)]).toEqual([...bytes(512)]);
  });

  it('has outstanding commands sent again without a word, as libiscsi does', () => {
    const pair = new IscsiPair();
    const isids = randomIsids(streams(1).stream('isid'));
    const { nexuses } = pair.login(pair.initiator({ isids, resends: true }));
    const [old] = pair.connections;
    old!.held = 'to-target';
    const { ends, open } = pair.write(nexuses[0]!, 0, bytes(512));
    pair.cut(old!, true);
    pair.wait(2 * SECOND);
    expect(ends).toMatchObject([{ end: 'answered', status: 0 }]);
    const tags = pair.toTarget.flatMap((pdu) =>
      pdu.kind === 'SCSI Command' ? [pdu.initiatorTaskTag] : [],
    );
    expect(tags).toEqual([open!.tag]);
  });

  it('ends commands as unconfirmed when the session does not come back in time', () => {
    const pair = new IscsiPair();
    const { nexuses, session } = pair.login();
    pair.connections[0]!.held = 'to-target';
    const { ends } = pair.write(nexuses[0]!, 0, bytes(512));
    pair.portals.clear();
    pair.cut(pair.connections[0]!, true);
    pair.wait(119 * SECOND);
    expect(ends).toEqual([]);
    pair.wait(SECOND);
    expect(ends).toEqual([{ end: 'nexus-lost', confirmed: false }]);
    expect(session.state).toBe('lost');
  });

  it('gives a first login up after so many attempts', () => {
    const pair = new IscsiPair();
    pair.portals.clear();
    const { told } = pair.login();
    pair.wait(13 * SECOND);
    expect(told).toEqual([]);
    pair.wait(2 * SECOND);
    expect(told).toEqual(['ended: the target cannot be reached']);
  });

  it('of one given ISID, another session of the same name takes the place', () => {
    const pair = new IscsiPair();
    const isids = givenIsid(Uint8Array.of(0x80, 1, 2, 3, 4, 5));
    const first = pair.login(pair.initiator({ isids }));
    const second = pair.login(pair.initiator({ isids }));
    expect(first.told.at(-1)).toBe('lost: the target closed the connection');
    expect(second.session.state).toBe('logged-in');
  });
});

describe('a target that is silent', () => {
  it('is pinged after 5 s, and given up 5 s later', () => {
    const pair = new IscsiPair();
    const { told } = pair.login();
    kinds(pair);
    pair.wait(5 * SECOND);
    expect(kinds(pair)).toEqual(['NOP-Out']);
    pair.connections[0]!.held = 'both';
    pair.wait(9 * SECOND);
    expect(told).toHaveLength(1);
    pair.wait(SECOND);
    expect(told[1]).toBe('lost: the target does not answer a ping');
  });

  it('answers pings of the target with their tag', () => {
    const pair = new IscsiPair();
    pair.login(pair.initiator({ times: { noopIntervalNs: 0 } }));
    kinds(pair);
    pair.wait(31 * SECOND);
    expect(pair.toTarget).toMatchObject([
      { kind: 'NOP-Out', initiatorTaskTag: 0xffff_ffff, targetTransferTag: 1, immediate: 1 },
    ]);
    pair.wait(100 * SECOND);
    expect(pair.initiators[0]!.kept()).toMatchObject({ connections: 1 });
  });
});

describe('a target that goes', () => {
  it('asks for a logout, and is logged in to again', () => {
    const pair = new IscsiPair();
    const { told, session } = pair.login();
    const portal = pair.portals.get('10.0.0.1:3260')! as ReturnType<IscsiPair['portal']>;
    kinds(pair);
    portal.askLogout(10, pair.now);
    pair.settle();
    expect(kinds(pair)).toEqual(['Logout Request']);
    expect(told.at(-1)).toBe('lost: the target asked for a logout');
    pair.wait(2 * SECOND);
    expect(session.state).toBe('logged-in');
  });

  it('sends logins elsewhere, for once or for ever', () => {
    for (const permanent of [false, true]) {
      const pair = new IscsiPair();
      const moved = pair.portal(1, { redirect: () => ({ address: '10.0.0.2:3260', permanent }) });
      pair.portals.set('10.0.0.1:3260', moved);
      const { told } = pair.login();
      expect(told[0]).toContain(`${TARGET},t,0x0002`);
      pair.cut(pair.connections[1]!);
      pair.wait(2 * SECOND);
      expect(pair.connections.map(({ address }) => address).slice(2)).toEqual(
        permanent ? ['10.0.0.2'] : ['10.0.0.1', '10.0.0.2'],
      );
    }
  });

  it('sends logins round in a circle, which is followed so often', () => {
    const pair = new IscsiPair();
    const to = (address: string) => () => ({ address, permanent: false });
    pair.portals.set('10.0.0.1:3260', pair.portal(1, { redirect: to('10.0.0.2:3260') }));
    pair.portals.set('10.0.0.2:3260', pair.portal(2, { redirect: to('10.0.0.1:3260') }));
    const { told } = pair.login();
    expect(told).toEqual(['ended: the target is somewhere else without end']);
    expect(pair.connections).toHaveLength(9);
  });
});

describe('a login', () => {
  it('that is refused for ever is not tried again; one that may pass is', () => {
    const pair = new IscsiPair();
    const { told } = pair.login(pair.initiator(), {
      ...PORTAL,
      name: 'iqn.2026-01.com.example:no',
    });
    expect(told).toEqual(['ended: the target refuses: not found']);
    expect(pair.connections).toHaveLength(1);
  });

  it('that nobody answers is given up after 15 s, and begun again', () => {
    const pair = new IscsiPair();
    const core = new StreamCore<never>();
    const deaf = {
      handleOpened() {},
      handleBytes() {},
      handleClosed() {},
      handleTimeout() {},
      poll: () => core.poll(),
      deadline: undefined,
    };
    pair.portals.set('10.0.0.1:3260', deaf);
    pair.login();
    pair.wait(16 * SECOND);
    expect(pair.connections).toHaveLength(1);
    pair.wait(SECOND);
    expect(pair.connections).toHaveLength(2);
  });

  it('begins at either stage', () => {
    const pair = new IscsiPair();
    const { told } = pair.login(pair.initiator({ stage: 'security' }));
    expect(told).toHaveLength(1);
    expect(pair.toTarget).toMatchObject([
      { currentStage: 0, nextStage: 1, transit: 1 },
      { currentStage: 1, nextStage: 3, transit: 1 },
    ]);
    expect(keysIn(pair.toTarget[0]!).AuthMethod).toBe('None');
  });
});
