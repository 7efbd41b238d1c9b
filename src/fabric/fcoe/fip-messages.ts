/** What an FCF says of itself in FIP. Source: FC-BB-5, FIP discovery; FC-BB-6, VLAN discovery. */
import {
  FipDiscovery,
  FipFlags,
  FipOperation,
  FipVlan,
  FkaAdvPeriodFlags,
} from '../../codecs/fip/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import type { FcfConfig } from './options.ts';
import type { FipInput } from './transmitter.ts';

/** What an advertisement tells. */
export type Advertised = Pick<
  FcfConfig,
  | 'fipPriority'
  | 'fcfMac'
  | 'switchName'
  | 'vfId'
  | 'fcMap'
  | 'fabricName'
  | 'fkaAdvPeriodMs'
  | 'dBit'
>;

/** An advertisement of an FCF that takes logins; `flags`: S where it answers a solicitation. */
export function advertisement(told: Advertised, flags: number): FipInput {
  const { dBit, fabricName, fcfMac, fcMap, fipPriority, fkaAdvPeriodMs, switchName, vfId } = told;
  return {
    operation: FipOperation.Discovery,
    subcode: FipDiscovery.Advertisement,
    flags: FipFlags.FP | FipFlags.A | FipFlags.F | flags,
    descriptors: [
      { kind: 'priority', priority: fipPriority },
      { kind: 'mac', mac: fcfMac },
      { kind: 'nameIdentifier', name: switchName },
      { kind: 'fabric', vfId, fcMap, fabricName },
      { kind: 'fkaAdvPeriod', flags: dBit ? FkaAdvPeriodFlags.D : 0, fkaAdvPeriodMs },
    ],
  };
}

/** The answer to a VLAN request. */
export function vlanNotification(fcfMac: Mac, vlans: readonly number[]): FipInput {
  return {
    operation: FipOperation['FIP VLAN'],
    subcode: FipVlan.Notification,
    descriptors: [
      { kind: 'mac', mac: fcfMac },
      ...vlans.map((vid) => ({ kind: 'vlan' as const, vid })),
    ],
  };
}
