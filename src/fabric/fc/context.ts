/** What the fabric's services share: options, ports, logins, zones, counters. */

import type { FcId, Wwn } from '../../codecs/layout/index.ts';
import type { FabricEvent, FrameRefusal } from '../../history/fabric.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import { MachineCore } from '../../machine/machine-core.ts';
import { RecentRequests } from '../../machine/recent-requests.ts';
import { type Login, Logins } from './logins.ts';
import { NPortIds } from './n-port-ids.ts';
import type { FabricConfig } from './options.ts';
import { RouteTable } from './route-table.ts';
import { VirtualNames } from './virtual-names.ts';
import { ZoneTable } from './zoning.ts';

/** A port of the switch. */
export interface FcfPort {
  readonly index: number;
  /** F_Port name. */
  readonly portName: Wwn;
  up: boolean;
  /** Taken out of service by a duplicate WWPN; ignores every frame until it is enabled. */
  disabled: boolean;
}

/** Frames since the FCF was made. */
export interface FcfCounters {
  /** Between N_Ports. */
  forwarded: number;
  /** To the fabric's own services and FIP. */
  served: number;
  /** Not for this FCF and no fault of anybody's: other protocols, other FCFs' multicasts. */
  ignored: number;
  readonly dropped: Record<FrameRefusal, number>;
}

/** NAA 2 names: 12 bits that the vendor assigns, in front of the switch's 48-bit address. */
const NAA_2 = 2n << 60n;
const NAA_AND_VENDOR_SHIFT = 48n;
const SERVICE_NAMES_FIRST = 0xf00n;

/**
 * What the parts of one switch work on together. A switch makes one; only `logins` is ever replaced,
 * by a power cycle.
 */
export class FabricContext {
  readonly config: FabricConfig;
  readonly core = new MachineCore<FabricEvent>();
  readonly ports: readonly FcfPort[];
  readonly zones: ZoneTable<Login>;
  readonly ids: NPortIds;
  readonly names: VirtualNames;
  /** FLOGI and FDISC that came lately: port, adapter, WWPN and OX_ID. */
  readonly recentLogins = new RecentRequests();
  readonly routes: RouteTable;
  logins: Logins;
  readonly counters: FcfCounters = {
    forwarded: 0,
    served: 0,
    ignored: 0,
    dropped: {
      malformed: 0,
      'bad-crc': 0,
      'discard-eof': 0,
      'wrong-vlan': 0,
      'not-addressed': 0,
      'port-down': 0,
      'no-login': 0,
      'unknown-d-id': 0,
      zoning: 0,
      unsupported: 0,
    },
  };

  constructor(config: FabricConfig) {
    this.config = config;
    this.ports = Array.from({ length: config.ports }, (_, index) => ({
      index,
      portName: this.#name(BigInt(index + 1)),
      up: config.linksUp,
      disabled: false,
    }));
    this.zones = new ZoneTable(config.zoning);
    this.ids = new NPortIds(
      config.domain,
      config.rATovMs * MILLISECOND,
      config.persistentFcIds,
      config.staticFcIds,
      { order: config.fcIdReuse, avoidsUnclean: config.cleanAddress },
    );
    this.names = new VirtualNames(config.virtualWwpns);
    this.routes = new RouteTable(config.domain, config.routes);
    this.logins = new Logins(config.domain, config.ports);
  }

  /** Name of the service at a well-known address. */
  serviceName(address: FcId): Wwn {
    return this.#name(SERVICE_NAMES_FIRST | BigInt(address & 0xff));
  }

  /** Hard zoning: whether two ports that are logged in see each other. */
  mayPass(sId: FcId, dId: FcId): boolean {
    const { zones, logins } = this;
    if (zones.passed.has(sId, dId)) return true;
    const permits = zones.permits(logins.byId(sId)!, logins.byId(dId)!);
    if (permits) zones.passed.add(sId, dId);
    return permits;
  }

  /** Refuses a frame: counts it and tells the owner. */
  drop(reason: FrameRefusal, port: number, more: { detail?: string; sId?: FcId; dId?: FcId } = {}) {
    this.counters.dropped[reason]++;
    this.core.emit({ type: 'dropped', reason, port, ...more });
  }

  /** The peer contradicts our state. */
  protocol(port: number, what: string, nPortId?: FcId): void {
    const more = nPortId === undefined ? {} : { nPortId };
    this.core.emit({ type: 'protocol', port, what, ...more });
  }

  #name(vendorAssigned: bigint): Wwn {
    const address = BigInt.asUintN(48, this.config.switchName);
    return NAA_2 | (vendorAssigned << NAA_AND_VENDOR_SHIFT) | address;
  }
}
