/** PDUs with digests: what is computed, what is checked, and where it stands. */
import { describe, expect, test } from 'vitest';
import {
  checkDigests,
  dataDigestAt,
  encodeIscsiPdu,
  headerDigestAt,
  iscsiPdu,
  iscsiPduWith,
  pduBytesAt,
} from '../../../../src/codecs/iscsi/index.ts';
import { CodecError, formatHex } from '../../../../src/codecs/layout/index.ts';

const COMMAND = {
  kind: 'SCSI Command',
  lun: 0n,
  initiatorTaskTag: 7,
  cdb: Uint8Array.of(0x2a),
  data: Uint8Array.of(1, 2, 3, 4, 5),
} as const;
const ALL = [
  { header: false, data: false },
  { header: true, data: false },
  { header: false, data: true },
  { header: true, data: true },
];

describe.each(ALL)('header digest $header, data digest $data', (digests) => {
  const bytes = encodeIscsiPdu(COMMAND, digests);
  const codec = iscsiPduWith(digests);

  test('says its length, and comes back', () => {
    expect(bytes.length).toBe(56 + (digests.header ? 4 : 0) + (digests.data ? 4 : 0));
    expect(pduBytesAt(bytes, 0, digests)).toBe(bytes.length);
    const pdu = codec.decode(bytes);
    expect(pdu).toMatchObject({ ...COMMAND, cdb: expect.any(Uint8Array) });
    expect(formatHex(codec.encode(pdu as never))).toBe(formatHex(bytes));
  });

  test('no bit can be turned without being noticed where a digest covers it', () => {
    expect(() => checkDigests(bytes, 0, digests)).not.toThrow();
    for (let i = 8; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i]! ^= 0x10;
      const inHeader = i < 48 + (digests.header ? 4 : 0);
      const covered = inHeader ? digests.header : digests.data;
      if (covered) expect(() => checkDigests(changed, 0, digests), `byte ${i}`).toThrow(CodecError);
      else expect(() => checkDigests(changed, 0, digests), `byte ${i}`).not.toThrow();
    }
  });
});

test('without data there is no data digest', () => {
  const digests = { header: true, data: true };
  const bytes = encodeIscsiPdu({ kind: 'NOP-Out' }, digests);
  expect(bytes.length).toBe(52);
  expect(headerDigestAt(bytes, 0, digests)).toBe('good');
  expect(dataDigestAt(bytes, 0, digests)).toBe('absent');
});

test('opcodes of vendors stay bytes', () => {
  const bytes = new Uint8Array(48);
  bytes[0] = 0x1c;
  expect(iscsiPdu.decode(bytes)).toMatchObject({ kind: 'unknown' });
});
