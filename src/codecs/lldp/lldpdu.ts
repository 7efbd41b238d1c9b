/** LLDP data units: a list of TLVs. */
import {
  codec,
  type FamilyCodec,
  family,
  type Infer,
  type InferInput,
  list,
  type TailField,
} from '../layout/index.ts';
import * as basic from './basic.ts';
import { lldpCee } from './cee.ts';
import * as ieee from './ieee.ts';
import { LldpOui, LldpType, ORGANIZATION_BYTES, TLV_HEAD_BYTES, tlvAt } from './tlv.ts';

const members = {
  end: basic.lldpEnd,
  chassisId: basic.lldpChassisId,
  portId: basic.lldpPortId,
  timeToLive: basic.lldpTimeToLive,
  portDescription: basic.lldpPortDescription,
  systemName: basic.lldpSystemName,
  systemDescription: basic.lldpSystemDescription,
  systemCapabilities: basic.lldpSystemCapabilities,
  managementAddress: basic.lldpManagementAddress,
  organizational: ieee.lldpOrganizational,
  portVlanId: ieee.lldpPortVlanId,
  vlanName: ieee.lldpVlanName,
  congestionNotification: ieee.lldpCongestionNotification,
  etsConfiguration: ieee.lldpEtsConfiguration,
  etsRecommendation: ieee.lldpEtsRecommendation,
  pfcConfiguration: ieee.lldpPfcConfiguration,
  applicationPriority: ieee.lldpApplicationPriority,
  evb: ieee.lldpEvb,
  cdcp: ieee.lldpCdcp,
  maximumFrameSize: ieee.lldpMaximumFrameSize,
  cee: lldpCee,
} as const;
type Kind = keyof typeof members;

const BASIC: readonly Kind[] = [
  'end',
  'chassisId',
  'portId',
  'timeToLive',
  'portDescription',
  'systemName',
  'systemDescription',
  'systemCapabilities',
  'managementAddress',
];

const IEEE_8021: Readonly<Record<number, Kind>> = {
  1: 'portVlanId',
  3: 'vlanName',
  8: 'congestionNotification',
  9: 'etsConfiguration',
  10: 'etsRecommendation',
  11: 'pfcConfiguration',
  12: 'applicationPriority',
  13: 'evb',
  14: 'cdcp',
};
const CEE: Readonly<Record<number, Kind>> = { 1: 'cee', 2: 'cee' };

function select(bytes: Uint8Array, at: number, end: number): Kind | undefined {
  const { type } = tlvAt(bytes, at);
  if (type !== LldpType['Organizationally Specific']) return BASIC[type];
  const body = at + TLV_HEAD_BYTES;
  if (end - body < ORGANIZATION_BYTES) return 'organizational';
  const oui = (bytes[body]! << 16) | (bytes[body + 1]! << 8) | bytes[body + 2]!;
  const subtype = bytes[body + 3]!;
  let kind: Kind | undefined;
  if (oui === LldpOui['IEEE 802.1']) kind = IEEE_8021[subtype];
  else if (oui === LldpOui['IEEE 802.3'] && subtype === 4) kind = 'maximumFrameSize';
  else if (oui === LldpOui['DCBX CEE']) kind = CEE[subtype];
  return kind ?? 'organizational';
}

/**
 * Any LLDP TLV. The End TLV takes what pads the frame behind it.
 *
 * Shape: 2 bytes and `lengthBytes`.
 */
export const lldpTlv: FamilyCodec<typeof members> = family(
  'LLDP TLV',
  'IEEE 802.1AB, TLV formats',
  {
    members,
    peekBytes: TLV_HEAD_BYTES,
    spoilsItself: true,
    select,
    extent(bytes, at, end) {
      const { type, lengthBytes } = tlvAt(bytes, at);
      return type === LldpType['End of LLDPDU'] ? end - at : TLV_HEAD_BYTES + lengthBytes;
    },
  },
);
export type LldpTlv = Infer<typeof lldpTlv>;
export type LldpTlvInput = InferInput<typeof lldpTlv>;
/** An LLDP TLV of one kind. */
export type LldpTlvOf<K extends LldpTlv['kind']> = Extract<LldpTlv, { kind: K }>;

/** A list of LLDP TLVs. */
export interface LldpTlvsField extends TailField<LldpTlv[], false, readonly LldpTlvInput[]> {}
const tlvs: LldpTlvsField = list(lldpTlv);

/**
 * LLDP data unit, EtherType 88CCh.
 *
 * Shape: TLVs of 2 bytes and more, one behind the other, to the end of the frame.
 * Errors: `bad-length` for a TLV that runs past the frame.
 * Source: IEEE 802.1AB, LLDPDU format.
 */
export const lldpdu = codec('LLDPDU', 'IEEE 802.1AB, LLDPDU format', { tlvs });
export type Lldpdu = Infer<typeof lldpdu>;
export type LldpduInput = InferInput<typeof lldpdu>;

/** Destination of LLDP frames: the nearest bridge. */
export const LLDP_NEAREST_BRIDGE = '01:80:c2:00:00:0e';

/** The first TLV of a kind, `undefined` where the data unit has none. */
export function lldpTlvOf<K extends LldpTlv['kind']>(
  unit: Lldpdu,
  kind: K,
): LldpTlvOf<K> | undefined {
  return unit.tlvs.find((one): one is LldpTlvOf<K> => one.kind === kind);
}
