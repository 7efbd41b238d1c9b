/** What a switch in N_Port virtualizer mode is told when it is made. */
import { FIP_PRIORITY_DEFAULT } from '../../codecs/fip/index.ts';
import { type Mac, parseMac, type Wwn } from '../../codecs/layout/index.ts';
import type { RandomStream } from '../../machine/random.ts';
import type { EnodeOptions } from '../../port/enode/enode.ts';
import { within } from '../fc/options.ts';

/** A port towards the core: an ENode as any other, with a port name of its own. */
export interface NpvUplinkOptions extends Omit<EnodeOptions, 'port' | 'nodeName'> {
  readonly wwpn: Wwn;
}

/** Options of an N_Port virtualizer. */
export interface NpvOptions {
  /** Name for people; the symbolic name of its own ports. */
  readonly name: string;
  /** Source of every frame it sends to servers. */
  readonly fcfMac: Mac;
  readonly switchName: Wwn;
  /** Ports 0 and on; the servers' ports follow. */
  readonly uplinks: readonly NpvUplinkOptions[];
  /** Number of ports for servers. */
  readonly downlinks: number;
  /** For the jitter of advertisements. */
  readonly random: RandomStream;
  /** VLAN of FIP and FCoE frames on its servers' links; the core's must be the same. Default 0. */
  readonly vlan?: number;
  /** Default 3. */
  readonly vlanPriority?: number;
  /** Default 128. */
  readonly fipPriority?: number;
  /** Default 8000. */
  readonly fkaAdvPeriodMs?: number;
}

/** Options with every default filled in. */
export type NpvConfig = Required<NpvOptions>;

const DEFAULTS = {
  vlan: 0,
  vlanPriority: 3,
  fipPriority: FIP_PRIORITY_DEFAULT,
  fkaAdvPeriodMs: 8000,
} as const satisfies Partial<NpvOptions>;

/** Uplinks and servers' ports of one switch. */
const PORTS_MAX = 1024;

/** Options with defaults. Errors: `RangeError` or `TypeError` naming the option. */
export function resolveNpvOptions(options: NpvOptions): NpvConfig {
  const config: NpvConfig = { ...DEFAULTS, ...options, fcfMac: parseMac(options.fcfMac) };
  within('uplinks', config.uplinks.length, 1, PORTS_MAX);
  within('downlinks', config.downlinks, 1, PORTS_MAX);
  within('vlan', config.vlan, 0, 4094);
  within('vlanPriority', config.vlanPriority, 0, 7);
  within('fipPriority', config.fipPriority, 0, 255);
  within('fkaAdvPeriodMs', config.fkaAdvPeriodMs, 1, 0xffff_ffff);
  return config;
}
