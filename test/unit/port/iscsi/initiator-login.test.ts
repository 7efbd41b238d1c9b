/** Logins of our initiator: with targets that a test speaks for, and with ours. */
import { describe, expect, it } from 'vitest';
import {
  encodeTextKeys,
  type IscsiPduOf,
  iscsiPdu,
  textKeysOf,
} from '../../../../src/codecs/iscsi/index.ts';
import { InitiatorLoginPhase, type LoginTurn } from '../../../../src/port/iscsi/initiator-login.ts';
import type { IscsiInitiatorOptions } from '../../../../src/port/iscsi/initiator-options.ts';
import { countedIsids } from '../../../../src/port/iscsi/isid.ts';
import { IscsiPair } from '../../../helpers/iscsi-pair.ts';
import { INITIATOR, nodeHash, TARGET } from '../../../helpers/iscsi-rig.ts';

const ISID = Uint8Array.of(0, 2, 0x3d, 0, 0, 1);
type Keys = Readonly<Record<string, string>>;

const textOf = (keys: Keys): Uint8Array =>
  encodeTextKeys(Object.entries(keys).map(([key, value]) => ({ key, value })));

/** A login, and a target that says what a test has it say. */
function loginOf(options: Partial<IscsiInitiatorOptions> = {}) {
  const phase = new InitiatorLoginPhase(
    {
      name: INITIATOR,
      isids: countedIsids,
      hash: nodeHash,
      challenge: (bytes) => new Uint8Array(bytes).fill(9),
      ...options,
    },
    { target: TARGET, isid: ISID, initiatorTaskTag: 5, cmdSn: 1 },
  );
  const first = phase.begin();
  const say = (keys: Keys, more: object = {}): LoginTurn => {
    const bytes = iscsiPdu.encode({
      kind: 'Login Response',
      isid: ISID,
      tsih: 3,
      initiatorTaskTag: 5,
      currentStage: 1,
      nextStage: 3,
      transit: 1,
      data: textOf(keys),
      ...more,
    });
    return phase.take(iscsiPdu.decode(bytes) as IscsiPduOf<'Login Response'>);
  };
  return { first, say };
}

const keysOf = (
  request: { readonly data?: Uint8Array | undefined } | undefined,
): Record<string, string> =>
  Object.fromEntries(textKeysOf(request?.data ?? new Uint8Array(0)).map((k) => [k.key, k.value]));
const saidIn = (turn: LoginTurn): Record<string, string> =>
  keysOf(turn.turn === 'say' ? turn.request : undefined);
const SECURITY = { currentStage: 0, nextStage: 1, transit: 1 };
const STAYS = { transit: 0, nextStage: 0 };

describe('the first request', () => {
  it('says who it is, proposes as open-iscsi does, and each key once', () => {
    const { first } = loginOf();
    const keys = keysOf(first);
    expect(keys).toMatchObject({
      InitiatorName: INITIATOR,
      TargetName: TARGET,
      SessionType: 'Normal',
      InitialR2T: 'No',
      ImmediateData: 'Yes',
      MaxBurstLength: '16776192',
      FirstBurstLength: '262144',
      DefaultTime2Retain: '0',
      MaxRecvDataSegmentLength: '262144',
    });
    expect(textKeysOf(first.data!)).toHaveLength(Object.keys(keys).length);
    expect(first).toMatchObject({ currentStage: 1, nextStage: 3, transit: 1, tsih: 0 });
  });

  it('for discovery proposes nothing about data', () => {
    const phase = new InitiatorLoginPhase(
      { name: INITIATOR, isids: countedIsids, hash: nodeHash, challenge: (n) => new Uint8Array(n) },
      { target: undefined, isid: ISID, initiatorTaskTag: 5, cmdSn: 1 },
    );
    const keys = keysOf(phase.begin());
    expect(keys).toMatchObject({
      SessionType: 'Discovery',
      DefaultTime2Wait: '2',
    });
    expect(keys).not.toHaveProperty('InitialR2T');
  });
});

describe('what a target answers', () => {
  it('holds where it can come of what was proposed; else the login is over', () => {
    const good = loginOf().say({
      TargetPortalGroupTag: '7',
      MaxBurstLength: '65536',
      InitialR2T: 'Yes',
    });
    expect(good).toMatchObject({
      turn: 'complete',
      login: { tsih: 3, groupTag: 7, values: { MaxBurstLength: 65_536, InitialR2T: true } },
    });
    for (const [key, value] of Object.entries({
      MaxBurstLength: '16777215',
      FirstBurstLength: '300000',
      DefaultTime2Wait: '1',
      MaxOutstandingR2T: '0',
      HeaderDigest: 'CRC32C',
      DataPDUInOrder: 'No',
      ImmediateData: 'Perhaps',
      MaxRecvDataSegmentLength: '12',
    })) {
      expect(loginOf().say({ [key]: value }), key).toMatchObject({
        turn: 'refused',
        mayPass: false,
      });
    }
  });

  it('may be that a key is not for it: the default holds', () => {
    const turn = loginOf().say({ iSCSIProtocolLevel: 'NotUnderstood', FirstBurstLength: 'Reject' });
    expect(turn).toMatchObject({
      turn: 'complete',
      login: {
        groupTag: 0,
        targetReceives: 8192,
        values: { iSCSIProtocolLevel: 1, FirstBurstLength: 65_536, InitialR2T: true },
      },
    });
  });

  it('may be proposals of its own, which are answered before it goes on (as LIO does)', () => {
    const { say } = loginOf({
      offers: { MaxBurstLength: undefined, DataPDUInOrder: undefined } as never,
    });
    const turn = say(
      {
        TargetPortalGroupTag: '1',
        MaxBurstLength: '131072',
        DataPDUInOrder: 'No',
        IFMarker: 'No',
        'X-com.example.a': '1',
      },
      STAYS,
    );
    expect(saidIn(turn)).toEqual({
      MaxBurstLength: '131072',
      DataPDUInOrder: 'Yes',
      IFMarker: 'No',
      'X-com.example.a': 'NotUnderstood',
    });
    expect(say({})).toMatchObject({
      turn: 'complete',
      login: { values: { MaxBurstLength: 131_072 } },
    });
  });

  it('may go on in further responses, which are asked for by empty requests', () => {
    const { say } = loginOf();
    const text = textOf({ TargetPortalGroupTag: '1', FirstBurstLength: '65536' });
    const first = say({}, { ...STAYS, continue: 1, data: text.subarray(0, 30) });
    expect(first).toMatchObject({ turn: 'say', request: { transit: 0 } });
    expect(saidIn(first)).toEqual({});
    const last = say({}, { ...STAYS, data: text.subarray(30) });
    expect(last).toMatchObject({ turn: 'say', request: { transit: 1 } });
    expect(say({})).toMatchObject({ login: { groupTag: 1, values: { FirstBurstLength: 65_536 } } });
  });

  it.each<[string, Keys, object]>([
    ['another ISID', {}, { isid: new Uint8Array(6) }],
    ['another tag', {}, { initiatorTaskTag: 6 }],
    ['another version', {}, { versionActive: 1 }],
    ['another stage', {}, { currentStage: 0 }],
    ['a leap', {}, { nextStage: 1 }],
    ['no TSIH', {}, { tsih: 0 }],
    ['text that goes on behind the end', {}, { continue: 1 }],
    ['no text', {}, { data: Uint8Array.of(65) }],
    ['a group of no number', { TargetPortalGroupTag: '70000' }, {}],
    ['proposals at the end', { 'X-a': '1' }, {}],
  ])('may be wrong: %s', (_, keys, more) => {
    expect(loginOf().say(keys, more)).toMatchObject({ turn: 'refused', mayPass: false });
  });

  it('may not say a key twice, nor have no end', () => {
    const { say } = loginOf();
    say({ TargetAlias: 'a' }, STAYS);
    expect(say({ TargetAlias: 'b' })).toMatchObject({ turn: 'refused' });
    const endless = loginOf();
    let turn = endless.say({}, STAYS);
    for (let i = 0; i < 100 && turn.turn === 'say'; i++) turn = endless.say({}, STAYS);
    expect(turn).toMatchObject({ turn: 'refused', what: 'the login has no end' });
  });

  it('may be that it is elsewhere, or that the login is refused, for now or for ever', () => {
    const moved = { status: 0x0102, transit: 0, nextStage: 0 };
    expect(loginOf().say({ TargetAddress: '[fe80::1]:860,2' }, moved)).toEqual({
      turn: 'moved',
      to: { address: 'fe80::1', port: 860, groupTag: 2 },
      permanent: true,
    });
    expect(loginOf().say({ TargetAddress: 'a b' }, moved)).toMatchObject({ turn: 'refused' });
    const refused = (status: number) => loginOf().say({}, { status, transit: 0, nextStage: 0 });
    expect(refused(0x0201)).toMatchObject({
      what: 'the target refuses: authentication failure',
      mayPass: false,
    });
    expect(refused(0x0301)).toMatchObject({ mayPass: true });
    expect(refused(0x02ff)).toMatchObject({ what: 'the target refuses: status 02ffh' });
  });
});

describe('the security stage', () => {
  const chap = { user: 'me', secret: 'my own secret' };

  it('without secrets offers none, and goes on', () => {
    const { first, say } = loginOf({ stage: 'security' });
    expect(keysOf(first)).toMatchObject({ AuthMethod: 'None' });
    expect(keysOf(first)).not.toHaveProperty('MaxBurstLength');
    const turn = say({ AuthMethod: 'None', TargetPortalGroupTag: '1' }, SECURITY);
    expect(saidIn(turn)).toMatchObject({ MaxBurstLength: '16776192' });
  });

  it('goes from the method over the algorithm and the challenge to the proof', () => {
    const { first, say } = loginOf({
      chap: { ...chap, algorithms: ['SHA-256', 'SHA-1', 'MD5'] },
    });
    expect(first).toMatchObject({ currentStage: 0 });
    expect(first.transit).toBe(0);
    expect(keysOf(first).AuthMethod).toBe('CHAP,None');
    const stays = { currentStage: 0, ...STAYS };
    expect(saidIn(say({ AuthMethod: 'CHAP' }, stays))).toEqual({ CHAP_A: '7,6,5' });
    const proof = say({ CHAP_A: '5', CHAP_I: '33', CHAP_C: '0x0102' }, stays);
    const right = nodeHash('MD5', Uint8Array.of(33, ...Buffer.from(chap.secret), 1, 2));
    expect(saidIn(proof)).toEqual({
      CHAP_N: 'me',
      CHAP_R: `0x${Buffer.from(right).toString('hex')}`,
    });
    expect(saidIn(say({}, SECURITY))).toHaveProperty('MaxBurstLength');
  });

  it('of a target that skips the proof that was wanted is no login', () => {
    const both = { ...chap, target: { secret: 'their own secret' } };
    expect(loginOf({ chap: both }).say({ AuthMethod: 'None' }, SECURITY).turn).toBe('refused');
    const { say } = loginOf({ chap: both });
    const stays = { currentStage: 0, ...STAYS };
    say({ AuthMethod: 'CHAP' }, stays);
    expect(say({ CHAP_A: '5', CHAP_I: '1', CHAP_C: '0x01' }, stays).turn).toBe('say');
    expect(say({}, SECURITY)).toMatchObject({ what: 'the target does not prove who it is' });
  });
});

describe('with our own target', () => {
  it.each(['MD5', 'SHA-1', 'SHA-256'] as const)('both prove who they are by %s', (algorithm) => {
    const secrets = {
      user: 'me',
      secret: 'twelve bytes and more',
      target: { name: 'it', secret: 'another secret' },
    };
    const pair = new IscsiPair({ chap: secrets });
    const chap = { ...secrets, algorithms: [algorithm] };
    expect(pair.login(pair.initiator({ chap })).told).toHaveLength(1);
    expect(pair.login(pair.initiator({ chap })).told[0]).toMatch(/^began/);
    const wrong = pair.initiator({ chap: { ...chap, secret: 'wrong' } });
    expect(pair.login(wrong).told).toEqual(['ended: the target refuses: authentication failure']);
    const other = pair.initiator({ chap: { ...chap, target: { name: 'it', secret: 'wrong' } } });
    expect(pair.login(other).told).toEqual(['ended: the target does not prove who it is']);
    expect(pair.login(pair.initiator()).told).toEqual([
      'ended: the target refuses: authentication failure',
    ]);
  });
});
