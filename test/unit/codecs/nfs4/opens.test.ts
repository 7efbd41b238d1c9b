import { expect, test } from 'vitest';
import { nfsArgOp4, nfsResOp4, parseHex } from '../../../../src/codecs/index.ts';

const hex = (text: string) => parseHex(text.replaceAll(' ', ''));

/** The bytes are written down from RFC 5662, field by field. */
test('OPEN by name, without making the file', () => {
  const bytes = hex(
    '00000012 00000000 00000003 00000000 0000000000000007 00000002 6f310000' +
      '00000000 00000000 00000001 61000000',
  );
  const value = nfsArgOp4.decode(bytes);
  expect(value).toMatchObject({
    kind: 'OPEN',
    shareAccess: 3,
    owner: { clientId: 7n },
    openType: 0,
    claim: { claim: 0, file: { name: 'a' } },
  });
  expect(nfsArgOp4.encode(value)).toEqual(bytes);
});

test('OPEN that was answered without a delegation, and why', () => {
  const stateid = `00000001 ${'0b'.repeat(12)}`;
  const bytes = hex(
    `00000012 00000000 ${stateid} 00000001 0000000000000001 0000000000000002` +
      '00000004 00000000 00000003 00000003',
  );
  const value = nfsResOp4.decode(bytes);
  expect(value).toMatchObject({
    kind: 'OPEN',
    resok: { stateid: { seqid: 1 }, delegation: { delegationType: 3, none: { why: 3 } } },
  });
  expect(nfsResOp4.encode(value)).toEqual(bytes);
});

test('LOCK that was denied has the lock in its way', () => {
  const denied = '0000000000000000 0000000000000009 00000002 0000000000000007 00000000';
  expect(nfsResOp4.decode(hex(`0000000c 0000271a ${denied}`))).toMatchObject({
    status: 10_010,
    denied: { length: 9n, lockType: 2 },
  });
});
