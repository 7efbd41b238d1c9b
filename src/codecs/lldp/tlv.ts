/** What all LLDP TLVs share: seven bits of type, nine bits of length in bytes. */
import {
  bit,
  derived,
  type FixedField,
  type Names,
  named,
  u8,
  u24,
  withDefault,
} from '../layout/index.ts';

/** TLV types. Source: IEEE 802.1AB, TLV type values. */
export const LldpType = {
  'End of LLDPDU': 0,
  'Chassis ID': 1,
  'Port ID': 2,
  'Time To Live': 3,
  'Port Description': 4,
  'System Name': 5,
  'System Description': 6,
  'System Capabilities': 7,
  'Management Address': 8,
  'Organizationally Specific': 127,
} as const;

/** Organizations whose TLVs are known here. */
export const LldpOui = {
  'IEEE 802.1': 0x00_80c2,
  'IEEE 802.3': 0x00_120f,
  'DCBX CEE': 0x00_1b21,
} as const;

/** Bytes of type and length. */
export const TLV_HEAD_BYTES = 2;
/** Bytes of OUI and subtype, in front of an organizationally specific TLV's information. */
export const ORGANIZATION_BYTES = 4;

type Head = { type: FixedField<number, true>; lengthBytes: FixedField<number, true> };

/** Type and length of a TLV of `fixed` bytes, and those of its field `key` where one varies. */
export function tlvHead(type: number, fixed: number, key?: string): Head {
  const lengthBytes =
    key === undefined
      ? withDefault(bit(9), fixed)
      : derived(bit(9), (_, sizeOf) => fixed + sizeOf(key));
  return { type: withDefault(named(bit(7), LldpType), type), lengthBytes };
}

type OrganizationHead = Head & {
  oui: FixedField<number, true>;
  subtype: FixedField<number, true>;
};

/** The same for an organizationally specific TLV; `fixed` counts the bytes behind the subtype. */
export function organizationHead(
  oui: number,
  subtypes: Names,
  subtype: number,
  fixed: number,
  key?: string,
): OrganizationHead {
  return {
    ...tlvHead(LldpType['Organizationally Specific'], ORGANIZATION_BYTES + fixed, key),
    oui: withDefault(named(u24, LldpOui), oui),
    subtype: withDefault(named(u8, subtypes), subtype),
  };
}

/** Type and information length of the TLV at a place. */
export function tlvAt(bytes: Uint8Array, at: number): { type: number; lengthBytes: number } {
  return { type: bytes[at]! >> 1, lengthBytes: ((bytes[at]! & 1) << 8) | bytes[at + 1]! };
}
