/** What VPD pages share; codes: SPC-5, 7.7; SBC-4, 6.6, as sg_vpd --enumerate lists them. */
import { expect, test } from 'vitest';
import { rest, sized, u16 } from '../../../../src/codecs/layout/index.ts';
import {
  pageRest,
  VPD_HEAD_BYTES,
  VpdPage,
  vpdPage,
} from '../../../../src/codecs/scsi/vpd-page.ts';
import { checkRead, checkVector } from '../../../helpers/vector.ts';

test('a page has 4 bytes in front, the last two counting those behind', () => {
  const one = vpdPage('one', VpdPage.BLOCK_LIMITS, 'none', {
    limit: u16,
    more: sized(pageRest(2), rest, { mayBeCut: true }),
  });
  const value = { limit: 0x0102, more: Uint8Array.of(1, 2, 3) };
  checkVector(
    one,
    '00 b0 0005 0102 010203',
    { kind: 'one', pageCode: 0xb0, pageLengthBytes: 5, ...value },
    value,
  );
  checkVector(
    one,
    '25 b0 0002 0102',
    { peripheralQualifier: 1, peripheralDeviceType: 5 },
    { peripheralQualifier: 1, peripheralDeviceType: 5, limit: 0x0102, more: new Uint8Array(0) },
  );
  checkRead(one, '00 b0 0005 0102 01', { more: Uint8Array.of(1) });
  checkRead(one, '00 b0 0000 0102', { more: new Uint8Array(0) });
  expect(VPD_HEAD_BYTES).toBe(4);
});

test('page codes', () => {
  expect(VpdPage).toEqual({
    SUPPORTED_VPD_PAGES: 0x00,
    UNIT_SERIAL_NUMBER: 0x80,
    IMPLEMENTED_OPERATING_DEFINITION: 0x81,
    ASCII_IMPLEMENTED_OPERATING_DEFINITION: 0x82,
    DEVICE_IDENTIFICATION: 0x83,
    SOFTWARE_INTERFACE_IDENTIFICATION: 0x84,
    MANAGEMENT_NETWORK_ADDRESSES: 0x85,
    EXTENDED_INQUIRY_DATA: 0x86,
    MODE_PAGE_POLICY: 0x87,
    SCSI_PORTS: 0x88,
    ATA_INFORMATION: 0x89,
    POWER_CONDITION: 0x8a,
    DEVICE_CONSTITUENTS: 0x8b,
    CFA_PROFILE_INFORMATION: 0x8c,
    POWER_CONSUMPTION: 0x8d,
    THIRD_PARTY_COPY: 0x8f,
    PROTOCOL_SPECIFIC_LOGICAL_UNIT_INFORMATION: 0x90,
    PROTOCOL_SPECIFIC_PORT_INFORMATION: 0x91,
    SCSI_FEATURE_SETS: 0x92,
    BLOCK_LIMITS: 0xb0,
    BLOCK_DEVICE_CHARACTERISTICS: 0xb1,
    LOGICAL_BLOCK_PROVISIONING: 0xb2,
    REFERRALS: 0xb3,
    SUPPORTED_BLOCK_LENGTHS_AND_PROTECTION_TYPES: 0xb4,
    BLOCK_DEVICE_CHARACTERISTICS_EXTENSION: 0xb5,
    ZONED_BLOCK_DEVICE_CHARACTERISTICS: 0xb6,
    BLOCK_LIMITS_EXTENSION: 0xb7,
    FORMAT_PRESETS: 0xb8,
    CONCURRENT_POSITIONING_RANGES: 0xb9,
  });
});
