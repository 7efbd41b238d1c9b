/**
 * What mode pages share: page codes, the page format and the subpage format.
 *
 * Source: SPC-5, 7.5.
 */
import { bit, codec, derived, named, type Table, u8, u16, withDefault } from '../layout/index.ts';
import { option } from './parts.ts';
import { bytesOf } from './shape.ts';

/** PAGE CODE of pages for block devices and all devices; 3Fh asks for all of them. */
export const ModePageCode = {
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
} as const;

const opening = (code: number, spf: number) => ({
  ps: option(1),
  spf: withDefault(bit(1), spf),
  pageCode: withDefault(named(bit(6), ModePageCode), code),
});

/** A mode page in the page format: 2 bytes, then `fields`. */
export function page<const K extends string, F extends Table>(
  kind: K,
  code: number,
  source: string,
  fields: F,
) {
  return codec(
    `Mode page: ${kind}`,
    source,
    { ...opening(code, 0), pageLengthBytes: derived(u8, bytesOf(fields)), ...fields },
    kind,
  );
}

/** A mode page in the subpage format: 4 bytes, then `fields`. */
export function subpage<const K extends string, F extends Table>(
  kind: K,
  code: number,
  subpageCode: number,
  source: string,
  fields: F,
) {
  return codec(
    `Mode page: ${kind}`,
    source,
    {
      ...opening(code, 1),
      subpageCode: withDefault(u8, subpageCode),
      pageLengthBytes: derived(u16, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}
