/** MAC addresses that FCoE and FIP give a meaning. */
import { type FcId, hexByte, type Mac, macFromWords, parseMac } from '../layout/index.ts';

/** Default FC-MAP, upper 24 bits of fabric-provided MAC addresses. Source: FC-BB-5. */
export const FC_MAP_DEFAULT = 0x0e_fc00;
/** FC-MAP of VN2VN networks. Source: FC-BB-6; Linux scsi/fc/fc_fip.h. */
export const FC_MAP_VN2VN = 0x0e_fd00;

/**
 * Multicast addresses of FIP and the pre-FIP login address.
 * Source: FC-BB-5, FC-BB-6; Linux scsi/fc/fc_fip.h and fc_fcoe.h.
 */
export const WellKnownMac = {
  'All-FCoE-MACs': '01:10:18:01:00:00',
  'All-ENode-MACs': '01:10:18:01:00:01',
  'All-FCF-MACs': '01:10:18:01:00:02',
  'All-VN2VN-ENode-MACs': '01:10:18:01:00:04',
  'All-PT2PT-ENode-MACs': '01:10:18:01:00:05',
  'FCF by mapped address': '0e:fc:00:ff:ff:fe',
} as const;

/** Fabric-provided MAC address: FC-MAP, then N_Port_ID. Errors: `RangeError` beyond 24 bits. */
export function fpma(fcMap: number, nPortId: FcId): Mac {
  for (const value of [fcMap, nPortId]) {
    if (!Number.isInteger(value) || value < 0 || value > 0xff_ffff)
      throw new RangeError(`FC-MAP and N_Port_ID are 24-bit numbers, not ${value}`);
  }
  return macFromWords(fcMap >>> 8, (((fcMap & 0xff) << 24) | nPortId) >>> 0);
}

/** FC-MAP of a fabric-provided MAC address: its upper 24 bits. Errors: `TypeError`. */
export function fcMapOf(address: Mac): number {
  return Number.parseInt(parseMac(address).slice(0, 8).replaceAll(':', ''), 16);
}

/** N_Port_ID in a fabric-provided MAC address: its lower 24 bits. Errors: `TypeError`. */
export function nPortIdOf(address: Mac): FcId {
  return Number.parseInt(parseMac(address).slice(9).replaceAll(':', ''), 16);
}

/** True for a MAC address made of this FC-MAP and N_Port_ID. */
export function isFpma(address: Mac, fcMap: number, nPortId: FcId): boolean {
  return parseMac(address) === fpma(fcMap, nPortId);
}

/** FC-MAP as people write it: `0e:fc:00`. */
export function formatFcMap(fcMap: number): string {
  return `${hexByte(fcMap >>> 16)}:${hexByte(fcMap >>> 8)}:${hexByte(fcMap)}`;
}
