/** What a switch is told of its fabric when it is made: names, addresses, timers, policies, zoning. */
import type { Wwn } from '../../codecs/layout/index.ts';
import type { FcIdReuse, StaticFcId } from './n-port-ids.ts';
import type { Route } from './route-table.ts';
import { checkZoning, NO_ZONING, type Zoning } from './zoning.ts';

/**
 * What happens when a WWPN logs in that is logged in already, at another adapter or port.
 *
 * - 0: the first login wins; a second FLOGI or FDISC is rejected.
 * - 1: the second login wins; the first is cleared.
 * - 2: a first login by FLOGI wins, a first login by FDISC is replaced.
 */
export type DuplicateWwpnPolicy = 0 | 1 | 2;

/**
 * Whom the logout of a base N_Port (the one that logged in by FLOGI) takes along: every N_Port_ID
 * of its adapter (`legacy`), or none (`new`, FC-LS-2 and later).
 */
export type BaseLogout = 'legacy' | 'new';

/** Who hears that a port came or went: those in its zones, all who asked, or nobody. */
export type RscnScope = 'zone' | 'all' | 'none';

/** Options of the fabric's services, whatever the links of the switch. */
export interface FabricOptions {
  /** Name for people. */
  readonly name: string;
  /** Fabric_Name, the same on every switch of the fabric. */
  readonly fabricName: Wwn;
  /** Switch_Name; names of ports and services are made from it. */
  readonly switchName: Wwn;
  /** Domain_ID, 1 to 239: upper byte of every N_Port_ID. */
  readonly domain: number;
  /** Number of ports, 1 to 3839. */
  readonly ports: number;
  /** Virtual fabric. Default 0. */
  readonly vfId?: number;
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
  /** Who hears of a change by RSCN. Default `zone`. */
  readonly rscn?: RscnScope;
  /** Ways to the domains of other switches of the fabric. Default none. */
  readonly routes?: readonly Route[];
  /** WWPNs that the switch gives to ports which log in with other names. Default none. */
  readonly virtualWwpns?: readonly { readonly wwpn: Wwn; readonly to: Wwn }[];
  /** Default: no zoning. */
  readonly zoning?: Zoning;
  /** Default `legacy`. */
  readonly baseLogout?: BaseLogout;
  /** Receive data field size announced in logins, 256 to 2112. Default 2112. */
  readonly receiveDataBytes?: number;
  /** Frames that a port on a native link takes before it must give credit back; 0 (default) on FCoE, where it means nothing. */
  readonly bbCredit?: number;
  /** BB_SC_N of native links: what is lost is counted every 2^n frames. Default 0, never. */
  readonly bbScN?: number;
  /** Whether ports are up from the start, for drivers that report only changes. Default true. */
  readonly linksUp?: boolean;
}

/** Options with every default filled in. */
export type FabricConfig = Required<FabricOptions>;

/** Ports whose F_Port names fit the 12 bits that NAA 2 leaves, services' names kept apart. */
const PORTS_MAX = 0xeff;

/** Errors: `RangeError` naming the option, where its value is outside its bounds or no whole number. */
export function within(option: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`FCF: ${option} must be ${min} to ${max}, not ${value}`);
}

function checkStaticFcIds({ staticFcIds, domain }: FabricConfig): void {
  for (const { nPortId } of staticFcIds) within('staticFcIds', nPortId - (domain << 16), 1, 0xffff);
  const ids = new Set(staticFcIds.map((one) => one.nPortId));
  const names = new Set(staticFcIds.map((one) => one.wwpn));
  if (ids.size < staticFcIds.length || names.size < staticFcIds.length)
    throw new RangeError('FCF: staticFcIds names a WWPN or an N_Port_ID twice');
}

/** Defaults of what may be left out. */
export const FABRIC_DEFAULTS = {
  vfId: 0,
  eDTovMs: 2000,
  rATovMs: 10_000,
  npivLoginsMax: 255,
  duplicateWwpn: 0,
  duplicateDisablesPort: true,
  persistentFcIds: false,
  staticFcIds: [],
  fcIdReuse: 'last',
  cleanAddress: false,
  rscn: 'zone',
  routes: [],
  virtualWwpns: [],
  zoning: NO_ZONING,
  baseLogout: 'legacy',
  receiveDataBytes: 2112,
  bbCredit: 0,
  bbScN: 0,
  linksUp: true,
} as const satisfies Partial<FabricOptions>;

/** Errors: `RangeError` naming the option that makes no sense. */
export function checkFabricOptions(config: FabricConfig): void {
  within('domain', config.domain, 1, 239);
  within('ports', config.ports, 1, PORTS_MAX);
  within('vfId', config.vfId, 0, 0xffff);
  within('eDTovMs', config.eDTovMs, 1, 0xffff_ffff);
  within('rATovMs', config.rATovMs, 1, 0xffff_ffff);
  within('npivLoginsMax', config.npivLoginsMax, 0, 0xffff);
  within('duplicateWwpn', config.duplicateWwpn, 0, 2);
  within('receiveDataBytes', config.receiveDataBytes, 256, 2112);
  within('bbCredit', config.bbCredit, 0, 0xffff);
  within('bbScN', config.bbScN, 0, 15);
  for (const { port } of config.routes) within('port of a route', port, 0, config.ports - 1);
  checkStaticFcIds(config);
  checkZoning(config.zoning);
}
