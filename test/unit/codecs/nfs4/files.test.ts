import { expect, test } from 'vitest';
import { nfsArgOp4, nfsResOp4, parseHex } from '../../../../src/codecs/index.ts';

const hex = (text: string) => parseHex(text.replaceAll(' ', ''));

/** The bytes are written down from RFC 5662, field by field. */
test.each([
  [
    'WRITE',
    `00000026 00000001 ${'0b'.repeat(12)} 0000000000000200 00000002 00000002 41420000`,
    { offset: 512n, stable: 2, data: Uint8Array.of(0x41, 0x42) },
  ],
  ['SECINFO_NO_NAME', '00000034 00000001', { style: 1 }],
  [
    'READDIR',
    `0000001a ${'00'.repeat(16)} 00000200 00001000 00000001 00000018`,
    { attributes: [24] },
  ],
  [
    'CREATE of a link',
    '00000006 00000005 00000001 78000000 00000001 61000000 00000000 00000000',
    { type: 5, link: { text: 'x' }, name: 'a' },
  ],
])('%s', (_, text, value) => {
  const bytes = hex(text);
  const decoded = nfsArgOp4.decode(bytes);
  expect(decoded).toMatchObject(value);
  expect(nfsArgOp4.encode(decoded)).toEqual(bytes);
});

test('SETATTR tells what it set also where it failed', () => {
  expect(nfsResOp4.decode(hex('00000022 0000000d 00000000'))).toMatchObject({
    status: 13,
    attributesSet: [],
  });
});
