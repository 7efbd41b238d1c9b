/** The login phase: stages, security, refusals. Source: RFC 7143, clauses 6.3, 9.2, 11.13.5. */
import { describe, expect, test } from 'vitest';
import { LoginStatus, textKeysOf } from '../../../../src/codecs/iscsi/index.ts';
import {
  chapResponse,
  formatBinaryValue,
  parseBinaryValue,
} from '../../../../src/port/iscsi/chap.ts';
import {
  INITIATOR,
  type IscsiClient,
  IscsiRig,
  keysOf,
  nodeHash,
  TARGET,
  textOf,
} from '../../../helpers/iscsi-rig.ts';

const isid = Uint8Array.of(0x80, 0, 0, 0, 0, 1);

function step(client: IscsiClient, keys: Record<string, string>, more: object = {}) {
  const [answer] = client.ask({
    kind: 'Login Request',
    isid,
    initiatorTaskTag: 1,
    data: keysOf(keys),
    ...more,
  });
  return answer!;
}
const WHO = { InitiatorName: INITIATOR, TargetName: TARGET };

test.each([0, 1] as const)('one request, from stage %i to the full feature phase', (stage) => {
  const client = new IscsiRig().connect();
  const keys = stage === 0 ? { AuthMethod: 'CHAP,None' } : {};
  const answer = client.login({ stage, keys });
  expect(answer).toMatchObject({ status: 0, transit: 1, nextStage: 3, currentStage: stage });
  expect(answer.tsih).not.toBe(0);
  expect(textOf(answer)).toMatchObject({
    TargetPortalGroupTag: '1',
    MaxRecvDataSegmentLength: '262144',
    ...(stage === 0 ? { AuthMethod: 'None' } : {}),
  });
});

test('stage by stage, and no key twice', () => {
  const client = new IscsiRig().connect();
  const stages = { transit: 1, currentStage: 0, nextStage: 1 };
  const first = step(client, { ...WHO, AuthMethod: 'None' }, stages);
  expect(first).toMatchObject({ status: 0, transit: 1, nextStage: 1 });
  const wait = step(client, { HeaderDigest: 'None' }, { currentStage: 1 });
  expect(wait).toMatchObject({ status: 0, transit: 0, tsih: 0 });
  const last = step(
    client,
    { MaxBurstLength: '8192' },
    { transit: 1, currentStage: 1, nextStage: 3 },
  );
  expect(last).toMatchObject({ status: 0, transit: 1, nextStage: 3 });
  const said = [first, wait, last].flatMap((one) =>
    textKeysOf(one.data as Uint8Array).map(({ key }) => key),
  );
  expect(new Set(said).size).toBe(said.length);
});

test('text over several requests: those that go on get an empty answer', () => {
  const client = new IscsiRig().connect();
  const text = keysOf({ ...WHO, HeaderDigest: 'None' });
  const request = { kind: 'Login Request', isid, initiatorTaskTag: 1, currentStage: 1 } as const;
  const [empty] = client.ask({ ...request, continue: 1, data: text.slice(0, 30) });
  expect(empty).toMatchObject({ status: 0, transit: 0, dataSegmentLengthBytes: 0 });
  const [answer] = client.ask({ ...request, transit: 1, nextStage: 3, data: text.slice(30) });
  expect(answer).toMatchObject({ status: 0, transit: 1 });
});

describe('refusals end the connection, with their status', () => {
  const last = { transit: 1, currentStage: 1, nextStage: 3 };
  test.each([
    ['no name of the initiator', {}, last, LoginStatus['missing parameter']],
    ['no target', { InitiatorName: INITIATOR }, last, LoginStatus['missing parameter']],
    ['a name that is none', { ...WHO, InitiatorName: 'me' }, last, LoginStatus['initiator error']],
    ['another target', { ...WHO, TargetName: 'iqn.x' }, last, LoginStatus['not found']],
    [
      'another session type',
      { ...WHO, SessionType: 'X' },
      last,
      LoginStatus['session type not supported'],
    ],
    ['another version', WHO, { ...last, versionMin: 1 }, LoginStatus['unsupported version']],
    ['a stage that is none', WHO, { ...last, currentStage: 2 }, LoginStatus['initiator error']],
    ['a stage back', WHO, { ...last, nextStage: 0 }, LoginStatus['initiator error']],
    ['a session that is none', WHO, { ...last, tsih: 9 }, LoginStatus['session does not exist']],
    ['goes on and leaves at once', WHO, { ...last, continue: 1 }, LoginStatus['initiator error']],
    [
      'Kerberos alone',
      { ...WHO, AuthMethod: 'KRB5' },
      { currentStage: 0 },
      LoginStatus['authentication failure'],
    ],
  ])('%s', (_what, keys, more, status) => {
    const rig = new IscsiRig();
    const client = rig.connect();
    expect(step(client, keys, more)).toMatchObject({ status, transit: 0 });
    expect(client.closed).toBe('end');
    expect(rig.events).toContainEqual(expect.objectContaining({ type: 'refused' }));
  });

  test('a key that comes twice', () => {
    const client = new IscsiRig().connect();
    step(client, { ...WHO, HeaderDigest: 'None' }, { currentStage: 1 });
    expect(step(client, { HeaderDigest: 'None' }, { currentStage: 1 }).status).toBe(0x0200);
  });

  test('text that is none', () => {
    const client = new IscsiRig().connect();
    const [answer] = client.ask({
      kind: 'Login Request',
      isid,
      initiatorTaskTag: 1,
      data: Uint8Array.of(0x61),
    });
    expect(answer).toMatchObject({ status: 0x0200 });
  });

  test('a login without end', () => {
    const client = new IscsiRig().connect();
    const statuses = Array.from({ length: 70 }, (_, i) =>
      client.closed === undefined
        ? step(client, i === 0 ? WHO : {}, { currentStage: 1 }).status
        : -1,
    );
    expect(statuses).toContain(0x0200);
  });
});

test('a target that has moved says where to', () => {
  const redirect = () => ({ address: '10.0.0.9:3260', permanent: false });
  const client = new IscsiRig({ redirect }).connect();
  const answer = client.login();
  expect(answer.status).toBe(LoginStatus['target moved temporarily']);
  expect(textOf(answer)).toEqual({ TargetAddress: '10.0.0.9:3260' });
});

describe('CHAP', () => {
  const chap = {
    user: 'bob',
    secret: 'a secret of 12',
    target: { name: TARGET, secret: 'another secret' },
  };
  const security = { currentStage: 0 };

  /** Up to the challenge; what the initiator is to answer. */
  function challenged(rig: IscsiRig, algorithms = '5') {
    const client = rig.connect();
    expect(textOf(step(client, { ...WHO, AuthMethod: 'CHAP' }, security))).toMatchObject({
      AuthMethod: 'CHAP',
    });
    const asked = textOf(step(client, { CHAP_A: algorithms }, security));
    const challenge = parseBinaryValue(asked.CHAP_C!)!;
    return { client, challenge, id: Number(asked.CHAP_I), asked };
  }
  const proof = (id: number, secret: string, challenge: Uint8Array) =>
    formatBinaryValue(chapResponse(nodeHash, 'MD5', id, secret, challenge));
  const leave = { transit: 1, currentStage: 0, nextStage: 3 };

  test.each([
    ['5', 'MD5'],
    ['6', 'SHA-1'],
    ['7,5', 'SHA-256'],
  ] as const)('algorithm %s: who knows the secret comes in', (algorithms, name) => {
    const { client, challenge, id } = challenged(new IscsiRig({ chap }), algorithms);
    const right = chapResponse(nodeHash, name, id, chap.secret, challenge);
    const keys = { CHAP_N: 'bob', CHAP_R: formatBinaryValue(right) };
    expect(step(client, keys, leave)).toMatchObject({ status: 0, transit: 1, nextStage: 3 });
  });

  test.each([
    [
      'another secret',
      (id: number, c: Uint8Array) => ({ CHAP_N: 'bob', CHAP_R: proof(id, 'wrong', c) }),
    ],
    [
      'another name',
      (id: number, c: Uint8Array) => ({ CHAP_N: 'eve', CHAP_R: proof(id, chap.secret, c) }),
    ],
    ['no response', () => ({ CHAP_N: 'bob' })],
  ])('%s does not', (_what, keys) => {
    const { client, challenge, id } = challenged(new IscsiRig({ chap }));
    expect(step(client, keys(id, challenge), leave).status).toBe(0x0201);
  });

  test('nor who begins at the operational stage, or offers no CHAP', () => {
    expect(new IscsiRig({ chap }).connect().login().status).toBe(0x0201);
    expect(new IscsiRig({ chap }).connect().login({ stage: 0 }).status).toBe(0x0201);
    const keys = { AuthMethod: 'None' };
    expect(new IscsiRig({ chap }).connect().login({ stage: 0, keys }).status).toBe(0x0201);
  });

  test('the target proves itself too', () => {
    const { client, challenge, id } = challenged(new IscsiRig({ chap }));
    const theirs = Uint8Array.of(9, 8, 7);
    const mutual = { CHAP_I: '77', CHAP_C: formatBinaryValue(theirs) };
    const keys = { CHAP_N: 'bob', CHAP_R: proof(id, chap.secret, challenge), ...mutual };
    const answer = textOf(step(client, keys, leave));
    expect(answer).toMatchObject({ CHAP_N: TARGET, CHAP_R: proof(77, 'another secret', theirs) });
  });

  test('its own challenge that comes back is refused', () => {
    const { client, challenge, id, asked } = challenged(new IscsiRig({ chap }));
    const mutual = { CHAP_I: '77', CHAP_C: asked.CHAP_C! };
    const keys = { CHAP_N: 'bob', CHAP_R: proof(id, chap.secret, challenge), ...mutual };
    expect(step(client, keys, leave).status).toBe(0x0201);
  });
});
