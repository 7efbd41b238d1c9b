/** What is remembered of a connection. */
import { expect, test } from 'vitest';
import { recordCommand } from '../../../../src/codecs/frame/requests.ts';
import {
  encodeTextKeys,
  IscsiConversation,
  type IscsiPduInput,
  iscsiPdu,
} from '../../../../src/codecs/index.ts';

type Learned = Parameters<IscsiConversation['learn']>[0];
const learned = (pdu: IscsiPduInput): Learned => iscsiPdu.decode(iscsiPdu.encode(pdu)) as Learned;
const keys = (text: Readonly<Record<string, string>>): Uint8Array =>
  encodeTextKeys(Object.entries(text).map(([key, value]) => ({ key, value })));
const isid = Uint8Array.of(0, 2, 0x3d, 0, 0, 1);

function loggedIn(answer: Readonly<Record<string, string>>, status = 0): IscsiConversation {
  const conversation = new IscsiConversation();
  const data = keys({ InitiatorName: 'iqn.a', TargetName: 'iqn.b', HeaderDigest: 'CRC32C,None' });
  conversation.learn(learned({ kind: 'Login Request', isid, initiatorTaskTag: 1, cid: 4, data }));
  const head = { kind: 'Login Response', isid, initiatorTaskTag: 1, tsih: 7, status } as const;
  const stages = { transit: 1, currentStage: 1, nextStage: 3 };
  conversation.learn(learned({ ...head, ...stages, data: keys(answer) }));
  return conversation;
}

test('who logged in where, and what came of it', () => {
  expect(loggedIn({ HeaderDigest: 'None' }).login).toEqual({
    initiatorName: 'iqn.a',
    targetName: 'iqn.b',
    sessionType: undefined,
    isid: '00023d000001',
    tsih: 7,
    cid: 4,
    status: 0,
    complete: true,
  });
  expect(loggedIn({}, 0x0203).login).toMatchObject({ status: 0x0203, complete: false });
});

test('digests are those that were answered, and only once the login is complete', () => {
  expect(loggedIn({ HeaderDigest: 'CRC32C' }).framer.digests).toEqual({
    header: true,
    data: false,
  });
  expect(loggedIn({ HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' }).framer.digests.data).toBe(true);
  expect(loggedIn({ HeaderDigest: 'None' }).framer.digests.header).toBe(false);
  expect(loggedIn({ HeaderDigest: 'CRC32C' }, 0x0200).framer.digests.header).toBe(false);
});

test('the oldest task is forgotten first', () => {
  const conversation = new IscsiConversation();
  const record = recordCommand(0n, new Uint8Array(6), 0, 'TEST UNIT READY', undefined, undefined);
  for (let tag = 0; tag < 5000; tag++) conversation.open(tag, record);
  expect(conversation.openTasks).toBe(4096);
  expect(conversation.of(0)).toBeUndefined();
  expect(conversation.of(4999)).toBe(record);
});

test('text without end is not kept', () => {
  const conversation = new IscsiConversation();
  const endless = { kind: 'Login Request', isid, initiatorTaskTag: 1, continue: 1 } as const;
  for (let i = 0; i < 100; i++)
    conversation.learn(learned({ ...endless, data: new Uint8Array(8192).fill(0x61) }));
  expect(conversation.login.initiatorName).toBeUndefined();
});
