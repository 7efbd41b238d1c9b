/** What mode pages share; page codes: tshark -G values, scsi.mode.spc.pagecode and scsi.mode.sbc.pagecode. */
import { expect, test } from 'vitest';
import { rest, u16 } from '../../../../src/codecs/layout/index.ts';
import { ModePageCode, page, subpage } from '../../../../src/codecs/scsi/mode-page-parts.ts';
import { checkVector } from '../../../helpers/vector.ts';

test('a page has 2 bytes in front, the second counting those behind it', () => {
  const one = page('one', ModePageCode.CACHING, 'none', { limit: u16, rest });
  checkVector(
    one,
    '08 03 0102 ff',
    { kind: 'one', ps: 0, spf: 0, pageLengthBytes: 3, limit: 0x0102 },
    { limit: 0x0102, rest: Uint8Array.of(255) },
  );
  checkVector(one, '88 02 0102', { ps: 1, pageCode: 8 }, { ps: 1, limit: 0x0102 });
});

test('a subpage has 4, with its own code and a length of 2 bytes', () => {
  const one = subpage('one', ModePageCode.CONTROL, 5, 'none', { rest });
  checkVector(
    one,
    '4a 05 0102 '.concat('00'.repeat(258)),
    { spf: 1, pageCode: 10, subpageCode: 5, pageLengthBytes: 258 },
    { rest: new Uint8Array(258) },
  );
});

test('page codes', () => {
  expect(ModePageCode).toEqual({
    VENDOR_SPECIFIC: 0x00,
    READ_WRITE_ERROR_RECOVERY: 0x01,
    DISCONNECT_RECONNECT: 0x02,
    FORMAT_DEVICE: 0x03,
    RIGID_DISK_GEOMETRY: 0x04,
    FLEXIBLE_DISK: 0x05,
    VERIFY_ERROR_RECOVERY: 0x07,
    CACHING: 0x08,
    PERIPHERAL_DEVICE: 0x09,
    CONTROL: 0x0a,
    MEDIUM_TYPES_SUPPORTED: 0x0b,
    NOTCH_AND_PARTITION: 0x0c,
    XOR_CONTROL: 0x10,
    PROTOCOL_SPECIFIC_LOGICAL_UNIT: 0x18,
    PROTOCOL_SPECIFIC_PORT: 0x19,
    POWER_CONDITION: 0x1a,
    INFORMATIONAL_EXCEPTIONS_CONTROL: 0x1c,
    ALL: 0x3f,
  });
});
