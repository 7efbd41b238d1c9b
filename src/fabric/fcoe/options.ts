/** What an FCF is told when it is made: its fabric's options, and those of FIP and FCoE. */
import { FC_MAP_DEFAULT } from '../../codecs/fcoe/index.ts';
import { FIP_PRIORITY_DEFAULT } from '../../codecs/fip/index.ts';
import { type Mac, parseMac } from '../../codecs/layout/index.ts';
import type { RandomStream } from '../../machine/random.ts';
import type { DcbxOptions } from '../../net/dcbx/dcbx-port.ts';
import { checkFabricOptions, FABRIC_DEFAULTS, type FabricOptions, within } from '../fc/options.ts';
import type { AccessLists } from './access-list.ts';

/** Options of an FCF. */
export interface FcfOptions extends FabricOptions {
  /** FCF-MAC address: source of every frame this FCF sends. */
  readonly fcfMac: Mac;
  /** For the jitter of advertisements. */
  readonly random: RandomStream;
  /** FC-MAP, 0EFC00h to 0EFCFFh. Default 0EFC00h. */
  readonly fcMap?: number;
  /** VLAN of FIP and FCoE frames, 1 to 4094; 0 (default) for frames without a tag. */
  readonly vlan?: number;
  /** VLANs that it names in answer to a VLAN request; without any it does not answer. Default: its own. */
  readonly vlans?: readonly number[];
  /** Priority code point of our tagged frames. Default 3. */
  readonly vlanPriority?: number;
  /** FIP priority; the lower number wins. Default 128. */
  readonly fipPriority?: number;
  /** Period of advertisements and ENode keep-alives. Default 8000. */
  readonly fkaAdvPeriodMs?: number;
  /** D bit: ENodes need not send keep-alives and are not supervised. Default false. */
  readonly dBit?: boolean;
  /** Default `strict`. */
  readonly accessLists?: AccessLists;
  /** Data center bridging exchange at all ports, or at each one by its number that has an entry. Default `off`. */
  readonly dcbx?: DcbxOptions | readonly DcbxOptions[] | 'off';
}

/** Options with every default filled in. */
export type FcfConfig = Required<FcfOptions>;

/** VLANs in one answer: of 4 bytes each, they fit any Ethernet frame. */
const VLANS_MAX = 255;

/** What holds of an FCF where its options leave it out. */
export const FCF_DEFAULTS = {
  ...FABRIC_DEFAULTS,
  fcMap: FC_MAP_DEFAULT,
  vlan: 0,
  vlanPriority: 3,
  fipPriority: FIP_PRIORITY_DEFAULT,
  fkaAdvPeriodMs: 8000,
  dBit: false,
  accessLists: 'strict',
  dcbx: 'off',
} as const satisfies Partial<FcfOptions>;

/** Errors: `RangeError` for more VLANs than an answer holds, and for one that is none. */
export function checkVlans(vlans: readonly number[]): void {
  within('number of vlans', vlans.length, 0, VLANS_MAX);
  for (const vid of vlans) within('vlans', vid, 0, 4094);
}

/** Options with defaults. Errors: `RangeError` or `TypeError` naming the option. */
export function resolveFcfOptions(options: FcfOptions): FcfConfig {
  const config: FcfConfig = {
    ...FCF_DEFAULTS,
    vlans: [options.vlan ?? FCF_DEFAULTS.vlan],
    ...options,
    fcfMac: parseMac(options.fcfMac),
  };
  if ((Number.parseInt(config.fcfMac.slice(0, 2), 16) & 1) !== 0)
    throw new RangeError(`FCF: fcfMac must be a unicast address, not ${config.fcfMac}`);
  within('fcMap', config.fcMap, 0x0e_fc00, 0x0e_fcff);
  within('vlan', config.vlan, 0, 4094);
  checkVlans(config.vlans);
  within('vlanPriority', config.vlanPriority, 0, 7);
  within('fipPriority', config.fipPriority, 0, 255);
  within('fkaAdvPeriodMs', config.fkaAdvPeriodMs, 1, 0xffff_ffff);
  checkFabricOptions(config);
  return config;
}
