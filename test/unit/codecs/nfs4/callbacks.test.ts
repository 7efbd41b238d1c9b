/** What a server calls its clients for; the bytes are written down from RFC 5662, and tshark reads every field of them (test/oracle). */
import { expect, test } from 'vitest';
import { cbCompound4args, cbCompound4res, parseHex } from '../../../../src/codecs/index.ts';

const hex = (text: string) => parseHex(text.replaceAll(' ', ''));
const SESSION = '22'.repeat(16);
const STATEID = `00000003 ${'0b'.repeat(12)}`;

test('CB_SEQUENCE and the recall of a layout of a part of a file', () => {
  const bytes = hex(
    '00000000 00000001 00000000 00000002' +
      `0000000b ${SESSION} 00000001 00000000 00000000 00000000 00000000` +
      '00000005 00000003 00000003 00000000 00000001' +
      `00000004 01020304 0000000000000000 ffffffffffffffff ${STATEID}`,
  );
  const value = cbCompound4args.decode(bytes);
  expect(value.operations).toMatchObject([
    { kind: 'CB_SEQUENCE', sequenceId: 1, slotId: 0 },
    {
      kind: 'CB_LAYOUTRECALL',
      type: 3,
      recallType: 1,
      file: { object: hex('01020304'), offset: 0n, length: 2n ** 64n - 1n, stateid: { seqid: 3 } },
    },
  ]);
  expect(cbCompound4args.encode(value)).toEqual(bytes);
});

test('what was referred to by a recall: calls of the client that may still be under way', () => {
  const bytes = hex(
    '00000000 00000001 00000000 00000001' +
      `0000000b ${SESSION} 00000002 00000000 00000000 00000000` +
      `00000001 ${SESSION} 00000001 00000007 00000003`,
  );
  expect(cbCompound4args.decode(bytes).operations[0]).toMatchObject({
    referring: [{ calls: [{ sequenceId: 7, slotId: 3 }] }],
  });
});

test('the answer of a client that has no such layout', () => {
  const bytes = hex(
    '0000274c 00000000 00000002' +
      `0000000b 00000000 ${SESSION} 00000001 00000000 00000000 00000000` +
      '00000005 0000274c',
  );
  const value = cbCompound4res.decode(bytes);
  expect(value.results.map(({ kind }) => kind)).toEqual(['CB_SEQUENCE', 'CB_LAYOUTRECALL']);
  expect(value.status).toBe(10_060);
  expect(cbCompound4res.encode(value)).toEqual(bytes);
});

test('what is not laid out takes the rest with it', () => {
  const bytes = hex('00000000 00000001 00000000 00000001 0000000d 01020304');
  const value = cbCompound4args.decode(bytes);
  expect(value.operations[0]).toMatchObject({ kind: 'unknown' });
  expect(cbCompound4args.encode(value)).toEqual(bytes);
});
