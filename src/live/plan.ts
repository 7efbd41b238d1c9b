/** What a server is made of, as plain data: fabrics, target ports, logical units, masks. */

import type { StorageArrayOptions } from '../array/storage-array.ts';
import { macFromWords, type Wwn } from '../codecs/layout/index.ts';
import type { FcfOptions } from '../fabric/fcoe/options.ts';
import type { WriteCache } from '../scsi/medium/cache.ts';
import type { ListenAddress } from './listen-address.ts';
import { ListenError } from './listen-address.ts';
import type { LunSource } from './lun-source.ts';

export interface FabricPlan {
  readonly name: string;
  readonly fcf: Omit<FcfOptions, 'random' | 'ports' | 'linksUp'>;
}

export interface UnitPlan {
  readonly name: string;
  readonly source: LunSource;
  readonly writeCache: WriteCache;
}

/** LUN to the place of a logical unit in the plan's list. */
export type MaskPlan = readonly { readonly lun: number; readonly unit: number }[];

export interface ArrayPlan {
  readonly options: Omit<StorageArrayOptions, 'random'>;
  /** The fabric of each target port. */
  readonly fabrics: readonly string[];
  readonly units: readonly UnitPlan[];
  /** What a WWPN without a mask of its own sees. */
  readonly defaultMask: MaskPlan;
  readonly masks: ReadonlyMap<Wwn, MaskPlan>;
}

export interface ServePlan {
  readonly fabrics: readonly FabricPlan[];
  readonly array: ArrayPlan;
  /** Whom the scenario expects, by WWPN. */
  readonly guests: ReadonlyMap<Wwn, string>;
  readonly listen: readonly ListenAddress[];
}

const FABRIC_DEFAULT = 'A';
const LUN_DEFAULT: LunSource = { kind: 'memory', bytes: 64 * 2 ** 20 };
const VLAN_PRIORITY = 3;
const FCF_SELECTION_DELAY_NS = 0;
const DOMAINS_MAX = 239;

/** What the command line may ask for. */
export interface PlanOptions {
  readonly listen: readonly ListenAddress[];
  readonly luns: readonly LunSource[];
  /** FCoE VLAN of every fabric; 0 for frames without a tag. */
  readonly vlan?: number;
}

/**
 * Without a scenario: the fabrics that the addresses name (A without a name), one array with a
 * target port on each, and all its logical units for every WWPN. Errors: `ListenError`.
 */
export function defaultPlan(options: PlanOptions): ServePlan {
  const { listen, vlan = 0 } = options;
  if (listen.length === 0)
    throw new ListenError('serve: --listen unix:PATH, tcp:HOST:PORT or udp:PORT,PORT is missing');
  const names = [...new Set(listen.map((one) => one.fabric ?? FABRIC_DEFAULT))];
  if (names.length > DOMAINS_MAX) throw new ListenError(`serve: more than ${DOMAINS_MAX} fabrics`);
  const luns = options.luns.length === 0 ? [LUN_DEFAULT] : options.luns;
  return {
    fabrics: names.map((name, index) => ({ name, fcf: defaultFcf(name, index + 1, vlan) })),
    array: {
      options: {
        name: 'array',
        nodeName: 0x5006_0160_0000_0000n,
        ports: names.map((_, index) => ({
          mac: macFromWords(0x0060, (0x1600_0000 | (index + 1)) >>> 0),
          wwpn: 0x5006_0160_0000_0001n + BigInt(index),
          vlanDiscovery: vlan !== 0,
          vlan,
          vlanPriority: VLAN_PRIORITY,
          fcfSelectionDelayNs: FCF_SELECTION_DELAY_NS,
        })),
        service: { readNs: 0, writeNs: 0, jitterNs: 0 },
      },
      fabrics: names,
      units: luns.map((source, index) => ({
        name: `lun${index}`,
        source,
        writeCache: 'protected',
      })),
      defaultMask: luns.map((_, index) => ({ lun: index, unit: index })),
      masks: new Map(),
    },
    guests: new Map(),
    listen: listen.map((one) => ({ ...one, fabric: one.fabric ?? FABRIC_DEFAULT })),
  };
}

function defaultFcf(name: string, number: number, vlanId: number): FabricPlan['fcf'] {
  return {
    name,
    fcfMac: macFromWords(0x0e00, (0xfcf0_0000 | number) >>> 0),
    fabricName: 0x2000_0200_fab0_0000n + BigInt(number),
    switchName: 0x1000_0200_fcf0_0000n + BigInt(number),
    domainId: number,
    vlanId,
    // A port that a duplicate name took out of service would need an operator to come back.
    duplicateDisablesPort: false,
  };
}
