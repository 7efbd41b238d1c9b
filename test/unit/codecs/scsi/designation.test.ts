/** Designation descriptors; layout: SPC-5, 7.7.6, as sg_vpd reads them. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  Association,
  CodeSet,
  DesignatorType,
  designation,
  formatNaa,
  Naa,
} from '../../../../src/codecs/scsi/designation.ts';
import { checkRead, checkVector } from '../../../helpers/vector.ts';

describe('designation descriptors', () => {
  test.each([
    [
      '02 00 00 04 41424344',
      { kind: 'vendor specific', codeSet: 2, identifier: parseHex('41424344') },
    ],
    [
      '02 01 00 0c 5341 4e4d4f544e20 44495331',
      {
        kind: 'T10 vendor ID',
        t10VendorIdentification: 'SANMOTN ',
        vendorSpecificIdentifier: 'DIS1',
      },
    ],
    ['01 02 00 08 0011223344556677', { kind: 'EUI-64', identifier: parseHex('0011223344556677') }],
    [
      '01 03 00 10 60050768010000010000000000000001',
      { kind: 'NAA', identifier: parseHex('60050768010000010000000000000001') },
    ],
    [
      '01 14 00 04 0000 0102',
      {
        kind: 'relative target port',
        association: Association.TARGET_PORT,
        relativeTargetPort: 0x0102,
      },
    ],
    ['01 15 00 04 0000 0003', { kind: 'target port group', association: 1, targetPortGroup: 3 }],
    ['01 06 00 04 0000 0004', { kind: 'logical unit group', logicalUnitGroup: 4 }],
    [
      '01 07 00 10 000102030405060708090a0b0c0d0e0f',
      { kind: 'MD5 logical unit', identifier: parseHex('000102030405060708090a0b0c0d0e0f') },
    ],
    [
      '53 a8 00 08 69716e2e61000000',
      {
        kind: 'SCSI name string',
        protocolIdentifier: 5,
        piv: 1,
        association: Association.TARGET_DEVICE,
        scsiNameString: 'iqn.a\0\0\0',
      },
    ],
    [
      '91 99 00 04 01000000',
      {
        kind: 'protocol specific port',
        protocolIdentifier: 9,
        piv: 1,
        association: 1,
        identifier: parseHex('01000000'),
      },
    ],
    [
      '01 0a 00 12 10 00 000102030405060708090a0b0c0d0e0f',
      { kind: 'UUID', uuidType: 1, uuid: parseHex('000102030405060708090a0b0c0d0e0f') },
    ],
    ['01 0e 00 02 0102', { kind: 'designator', designatorType: 0xe, identifier: parseHex('0102') }],
  ])('%s', (hex, value) => checkVector(designation, hex, value));

  test('one that is cut keeps its bytes, less than its head is unknown', () => {
    checkRead(designation, '01 03 00 10 600507', { kind: 'designator', designatorType: 3 });
    checkRead(designation, '01 03', { kind: 'unknown' });
  });

  test('an NAA as operating systems print it', () => {
    expect(formatNaa(parseHex('60050768'))).toBe('naa.60050768');
  });

  test('codes are those of tshark: scsi.inquiry.evpd.devid.…, scsi.naa.type', () => {
    expect(CodeSet).toEqual({ BINARY: 1, ASCII: 2, UTF_8: 3 });
    expect(Association).toEqual({ LOGICAL_UNIT: 0, TARGET_PORT: 1, TARGET_DEVICE: 2 });
    expect(Object.values(DesignatorType)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(Object.values(Naa)).toEqual([2, 3, 5, 6]);
  });
});
