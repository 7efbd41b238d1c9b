/** What an FCF is told when it is made: addresses, timers, policies, zoning. */
import { FC_MAP_DEFAULT } from '../../codecs/fcoe/index.ts';
import { FIP_PRIORITY_DEFAULT } from '../../codecs/fip/index.ts';
import { type Mac, parseMac, type Wwn } from '../../codecs/layout/index.ts';
import type { RandomStream } from '../../machine/core.ts';
import type { FcIdReuse, StaticFcId } from '../fc/n-port-ids.ts';
import { checkZoning, NO_ZONING, type Zoning } from '../fc/zoning.ts';
import type { AccessLists } from './access-list.ts';

/**
 * What happens when a WWPN logs in that is logged in already, at another ENode or port.
 *
 * - 0: the first login wins; a second FLOGI or FDISC is rejected.
 * - 1: the second login wins; the first is cleared.
 * - 2: a first login by FLOGI wins, a first login by FDISC is replaced.
 */
export type DuplicateWwpnPolicy = 0 | 1 | 2;

/**
 * Whom the logout of a base N_Port (the one that logged in by FLOGI) takes along: every N_Port_ID
 * of its ENode (`legacy`), or none (`new`, FC-LS-2 and later).
 */
export type BaseLogout = 'legacy' | 'new';

/** Who hears that a port came or went: those in its zones, all who asked, or nobody. */
export type RscnScope = 'zone' | 'all' | 'none';

export interface FcfOptions {
  /** Name for people. */
  readonly name: string;
  /** FCF-MAC address: source of every frame this FCF sends. */
  readonly fcfMac: Mac;
  readonly fabricName: Wwn;
  /** Switch_Name; names of ports and services are made from it. */
  readonly switchName: Wwn;
  /** Domain_ID, 1 to 239: upper byte of every N_Port_ID. */
  readonly domain: number;
  /** Number of ports, 1 to 3839. */
  readonly ports: number;
  /** For the jitter of advertisements. */
  readonly random: RandomStream;
  /** FC-MAP, 0EFC00h to 0EFCFFh. Default 0EFC00h. */
  readonly fcMap?: number;
  /** Virtual fabric. Default 0. */
  readonly vfId?: number;
  /** VLAN of FIP and FCoE frames, 1 to 4094; 0 (default) for frames without a tag. */
  readonly vlan?: number;
  /** Priority code point of our tagged frames. Default 3. */
  readonly vlanPriority?: number;
  /** FIP priority; the lower number wins. Default 128. */
  readonly fipPriority?: number;
  /** Period of advertisements and ENode keep-alives. Default 8000. */
  readonly fkaAdvPeriodMs?: number;
  /** D bit: ENodes need not send keep-alives and are not supervised. Default false. */
  readonly dBit?: boolean;
  /** Default 2000. */
  readonly eDTovMs?: number;
  /** Default 10000. */
  readonly rATovMs?: number;
  /** N_Port_IDs that FDISC may get on one port; 0 announces no NPIV. Default 255. */
  readonly npivLoginsMax?: number;
  /** Default 0. */
  readonly duplicateWwpn?: DuplicateWwpnPolicy;
  /**
   * Whether a duplicate that involves a FLOGI leaves the losing port disabled until
   * `enablePort`, as switches do. Default true.
   */
  readonly duplicateDisablesPort?: boolean;
  /** Whether a WWPN gets the N_Port_ID it had before. Default false. */
  readonly persistentFcIds?: boolean;
  /** N_Port_IDs of this domain set aside for WWPNs. Default none. */
  readonly staticFcIds?: readonly StaticFcId[];
  /** Which free N_Port_ID goes out next. Default `last`: the one that has rested longest. */
  readonly fcIdReuse?: FcIdReuse;
  /**
   * Gives a WWPN a new N_Port_ID rather than one that is not clean, persistent or not. Default
   * false.
   */
  readonly cleanAddress?: boolean;
  /** Default `strict`. */
  readonly accessLists?: AccessLists;
  /** Who hears of a change by RSCN. Default `zone`. */
  readonly rscn?: RscnScope;
  /** WWPNs that the switch gives to ports which log in with other names. Default none. */
  readonly virtualWwpns?: readonly { readonly wwpn: Wwn; readonly to: Wwn }[];
  /** Default: no zoning. */
  readonly zoning?: Zoning;
  /** Default `legacy`. */
  readonly baseLogout?: BaseLogout;
  /** Receive data field size announced in logins, 256 to 2112. Default 2112. */
  readonly receiveDataBytes?: number;
  /** Whether ports are up from the start, for drivers that report only changes. Default true. */
  readonly linksUp?: boolean;
}

/** Options with every default filled in. */
export type FcfConfig = Required<FcfOptions>;

/** Ports whose F_Port names fit the 12 bits that NAA 2 leaves, services' names kept apart. */
const PORTS_MAX = 0xeff;

function within(option: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`FCF: ${option} must be ${min} to ${max}, not ${value}`);
}

function checkStaticFcIds({ staticFcIds, domain }: FcfConfig): void {
  for (const { nPortId } of staticFcIds) within('staticFcIds', nPortId - (domain << 16), 1, 0xffff);
  const ids = new Set(staticFcIds.map((one) => one.nPortId));
  const names = new Set(staticFcIds.map((one) => one.wwpn));
  if (ids.size < staticFcIds.length || names.size < staticFcIds.length)
    throw new RangeError('FCF: staticFcIds names a WWPN or an N_Port_ID twice');
}

/** What holds of a switch where its options leave it out. */
export const FCF_DEFAULTS = {
  fcMap: FC_MAP_DEFAULT,
  vfId: 0,
  vlan: 0,
  vlanPriority: 3,
  fipPriority: FIP_PRIORITY_DEFAULT,
  fkaAdvPeriodMs: 8000,
  dBit: false,
  eDTovMs: 2000,
  rATovMs: 10_000,
  npivLoginsMax: 255,
  duplicateWwpn: 0,
  duplicateDisablesPort: true,
  persistentFcIds: false,
  staticFcIds: [],
  fcIdReuse: 'last',
  cleanAddress: false,
  accessLists: 'strict',
  rscn: 'zone',
  virtualWwpns: [],
  zoning: NO_ZONING,
  baseLogout: 'legacy',
  receiveDataBytes: 2112,
  linksUp: true,
} as const satisfies Partial<FcfOptions>;

/** Options with defaults. Errors: `RangeError` or `TypeError` naming the option. */
export function resolveFcfOptions(options: FcfOptions): FcfConfig {
  const config: FcfConfig = {
    ...FCF_DEFAULTS,
    ...options,
    fcfMac: parseMac(options.fcfMac),
  };
  if ((Number.parseInt(config.fcfMac.slice(0, 2), 16) & 1) !== 0)
    throw new RangeError(`FCF: fcfMac must be a unicast address, not ${config.fcfMac}`);
  within('domain', config.domain, 1, 239);
  within('ports', config.ports, 1, PORTS_MAX);
  within('fcMap', config.fcMap, 0x0e_fc00, 0x0e_fcff);
  within('vfId', config.vfId, 0, 0xffff);
  within('vlan', config.vlan, 0, 4094);
  within('vlanPriority', config.vlanPriority, 0, 7);
  within('fipPriority', config.fipPriority, 0, 255);
  within('fkaAdvPeriodMs', config.fkaAdvPeriodMs, 1, 0xffff_ffff);
  within('eDTovMs', config.eDTovMs, 1, 0xffff_ffff);
  within('rATovMs', config.rATovMs, 1, 0xffff_ffff);
  within('npivLoginsMax', config.npivLoginsMax, 0, 0xffff);
  within('duplicateWwpn', config.duplicateWwpn, 0, 2);
  within('receiveDataBytes', config.receiveDataBytes, 256, 2112);
  checkStaticFcIds(config);
  checkZoning(config.zoning);
  return config;
}
