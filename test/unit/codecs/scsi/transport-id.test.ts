/** TransportIDs; layout: SPC-5, 7.6.4; protocols: sg3_utils, sg_lib_data.c. */
import { describe, expect, test } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { ProtocolIdentifier } from '../../../../src/codecs/scsi/designation.ts';
import { persistentReserveOutList } from '../../../../src/codecs/scsi/reservations.ts';
import { transportId } from '../../../../src/codecs/scsi/transport-id.ts';
import { bareHex, checkRead, checkVector } from '../../../helpers/vector.ts';

describe('in a parameter list with SPEC_I_PT', () => {
  test.each([
    ['SAS', '06 000000 5000c5003011cb2b 000000000000000000000000'],
    ['SRP', '04 00000000000000 000102030405060708090a0b0c0d0e0f'],
    ['parallel SCSI', '01 00 0007 0000 0001 00000000000000000000000000000000'],
    ['IEEE 1394', '03 00000000000000 0001020304050607 0000000000000000'],
    ['SOP', '0a 00 0102 0000000000000000000000000000000000000000'],
    ['unknown', '0b 00 0102 0000000000000000000000000000000000000000'],
  ])('TransportID of %s', (kind, text) => {
    const list = bareHex(`0000000000000000 0000000000000000 00000000 08 00 0000 00000018 ${text}`);
    const { transportIdData } = persistentReserveOutList.decode(parseHex(list));
    expect(transportIdData?.transportIds.map((one) => one.kind)).toEqual([kind]);
    expect(
      formatHex(persistentReserveOutList.encode(persistentReserveOutList.decode(parseHex(list)))),
    ).toBe(list);
  });
});

describe('TransportIDs', () => {
  test.each([
    [
      '00 00000000000000 20000025b500000f 0000000000000000',
      { kind: 'Fibre Channel', portName: 0x2000_0025_b500_000fn },
    ],
    [
      '01 00 0007 0000 0001 00000000000000000000000000000000',
      { kind: 'parallel SCSI', scsiAddress: 7, relativeTargetPort: 1 },
    ],
    [
      '03 00000000000000 0001020304050607 0000000000000000',
      { kind: 'IEEE 1394', eui64: 0x0001_0203_0405_0607n },
    ],
    [
      '04 00000000000000 000102030405060708090a0b0c0d0e0f',
      { kind: 'SRP', initiatorPortIdentifier: parseHex('000102030405060708090a0b0c0d0e0f') },
    ],
    [
      '06 000000 5000c5003011cb2b 000000000000000000000000',
      { kind: 'SAS', sasAddress: 0x5000_c500_3011_cb2bn },
    ],
    ['0a 00 0102 0000000000000000000000000000000000000000', { kind: 'SOP', routingId: 0x0102 }],
  ])('%s', (hex, value) => checkVector(transportId, hex, value));

  test('iSCSI: a name of any length, with the session where FORMAT CODE is 1', () => {
    checkVector(transportId, '05 00 0008 69716e2e61000000', {
      kind: 'iSCSI',
      formatCode: 0,
      additionalLengthBytes: 8,
      iscsiName: 'iqn.a\0\0\0',
    });
    checkVector(transportId, '45 00 000c 69716e2e612c692c30783100', {
      kind: 'iSCSI',
      formatCode: 1,
      iscsiName: 'iqn.a,i,0x1\0',
    });
  });

  test('one that is cut stays bytes', () => {
    checkRead(transportId, '00 00000000000000 2000', { kind: 'unknown' });
  });

  test('protocols are those of SPC-5, PROTOCOL IDENTIFIER', () => {
    expect(ProtocolIdentifier).toMatchObject({
      FIBRE_CHANNEL: 0,
      PARALLEL_SCSI: 1,
      IEEE_1394: 3,
      SRP: 4,
      ISCSI: 5,
      SAS: 6,
      ADT: 7,
      ATA: 8,
      UAS: 9,
      SOP: 0xa,
      PCIE: 0xb,
      NONE: 0xf,
    });
  });
});
