/** What all vital product data pages share. Source: SPC-5, 7.7. */
import {
  codec,
  derived,
  type FromOwner,
  named,
  of,
  type Table,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { peripheral } from './data-primary.ts';
import { bytesOf } from './shape.ts';

/** PAGE CODE. C0h and above are vendor specific. */
export const VpdPage = {
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
} as const;

/** Bytes in front of a page's parameters; PAGE LENGTH counts those behind. */
export const VPD_HEAD_BYTES = 4;

/** A page: 4 bytes that all pages share, then `fields`. */
export function vpdPage<const K extends string, F extends Table>(
  kind: K,
  code: number,
  source: string,
  fields: F,
) {
  return codec(
    `VPD page: ${kind}`,
    source,
    {
      ...peripheral,
      pageCode: withDefault(named(u8, VpdPage), code),
      pageLengthBytes: derived(u16, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}

/** What PAGE LENGTH leaves for the field of variable size behind `before` bytes of parameters. */
export function pageRest(before = 0): FromOwner<number> {
  return of<{ pageLengthBytes: number }>((v) => Math.max(0, v.pageLengthBytes - before));
}
