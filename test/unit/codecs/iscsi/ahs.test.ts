/** Additional headers: the layouts of RFC 7143, 11.2.2.3 and 11.2.2.4. */
import { expect, test } from 'vitest';
import { additionalHeader } from '../../../../src/codecs/iscsi/ahs.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

test('the rest of a CDB of 32 bytes: its length counts the reserved byte', () => {
  const hex = '0011 01 00 000102030405060708090a0b0c0d0e0f';
  expectVector(additionalHeader, hex, { kind: 'extended CDB', lengthBytes: 17 });
  const cdb = Uint8Array.from({ length: 16 }, (_, i) => i);
  expectEncoded(additionalHeader, { kind: 'extended CDB', cdb }, hex);
});

test('a CDB that fills no word is padded', () => {
  const cdb = Uint8Array.of(1, 2);
  expectEncoded(additionalHeader, { kind: 'extended CDB', cdb }, '0003 01 00 0102 0000');
});

test('how much a bidirectional command may read', () => {
  const value = { kind: 'bidirectional length', expectedReadLengthBytes: 0x1000 } as const;
  expectVector(additionalHeader, '0005 02 00 00001000', value);
  expectEncoded(additionalHeader, value, '0005 02 00 00001000');
});

test('others stay bytes; one that runs past the header is refused', () => {
  expect(additionalHeader.decode(parseHex('0001 3f 07'))).toMatchObject({ kind: 'unknown' });
  expect(() => additionalHeader.decode(parseHex('ffff 01 00'))).toThrow(CodecError);
});
