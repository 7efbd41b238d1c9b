/**
 * A scenario as machines and wiring, for whichever driver runs them.
 *
 * Names, addresses and WWNs that the scenario leaves open are made from its names and places, so
 * that the same scenario gives the same frames everywhere.
 */

import { StorageArray } from '../array/storage-array.ts';
import type { Mac, Wwn } from '../codecs/layout/index.ts';
import { macFromWords, parseWwn } from '../codecs/layout/index.ts';
import { AccessState } from '../codecs/scsi/index.ts';
import type { Zoning } from '../fabric/fc/zoning.ts';
import { Fcf } from '../fabric/fcoe/fcf.ts';
import { fcInitiatorDevice, fcInitiatorPort, type InitiatorPort } from '../history/port-name.ts';
import type { NewGuest } from '../host/control.ts';
import { Host } from '../host/host.ts';
import type { VhbaIdentity } from '../host/vhba-identity.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import type { MovePlan } from '../mobility/plan.ts';
import { VolatileCache } from '../scsi/medium/cache.ts';
import { type Medium, MemoryMedium } from '../scsi/medium/medium.ts';
import type { TargetPortGroup } from '../scsi/target/alua.ts';
import {
  allNamesOf,
  arrayWwpn,
  hostWwpn,
  identitiesOf,
  namesOn,
  planOf,
  wwpnsOf,
} from './identities.ts';
import type { FabricScenario, Scenario, VmScenario } from './schema.ts';

const MICROSECOND_NS = 1000;
/** Collecting advertisements for longer than this brings nothing where each fabric has one FCF. */
const FCF_SELECTION_DELAY_NS = 50 * MILLISECOND;
const VLAN_PRIORITY = 3;
/** Frames may wait in a link's queue up to this; FCoE links are lossless by priority pause. */
const LINK_QUEUE_BYTES = 16 * 1024 * 1024;

/** A cable between a port of a machine and a port of a fabric's FCF. */
export interface Cable {
  readonly name: string;
  readonly node: string;
  readonly port: number;
  readonly fcf: string;
  readonly fcfPort: number;
  readonly fabric: string;
}

/** A virtual machine as it is to be started. */
export interface VmStart {
  readonly name: string;
  readonly host: string;
  readonly identities: readonly VhbaIdentity[];
  readonly guest: NewGuest;
}

/** Machines and wiring of a scenario. */
export interface World {
  readonly scenario: Scenario;
  /** By fabric name. */
  readonly fcfs: ReadonlyMap<string, Fcf>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly array: StorageArray;
  readonly cables: readonly Cable[];
  readonly link: {
    readonly rateBps: number;
    readonly delayNs: number;
    readonly queueBytes: number;
  };
  readonly vms: readonly VmStart[];
  readonly plan: MovePlan;
  /**
   * Puts a fresh machine in the place of a node's, as after a crash: a host without guests, an
   * array with its media and without its nexuses; a switch restarts itself. Errors: `TypeError`
   * for a node that is none of these.
   */
  remake(node: string): Host | StorageArray;
}

/** Builds the world. `random` gives named streams of the run's seed. */
export function buildWorld(scenario: Scenario, random: (name: string) => RandomStream): World {
  const cables = cablesOf(scenario);
  const fcfs = new Map(
    scenario.fabrics.map((fabric, index) => [
      fabric.name,
      buildFcf(scenario, fabric, index, cables, random(`fcf ${fabric.name}`)),
    ]),
  );
  const hosts = new Map(
    scenario.hosts.map((host, index) => [host.name, buildHost(scenario, index, random)]),
  );
  const media = scenario.array.luns.map((lun) => {
    const medium = new MemoryMedium(lun.blocks);
    return scenario.array.writeCache === 'volatile' ? new VolatileCache(medium) : medium;
  });
  const vms = scenario.vms.map((vm, index) => vmStart(scenario, vm, index));
  const { gbps, delayUs } = scenario.links;
  let remade = 0;
  const world = {
    scenario,
    fcfs,
    hosts,
    array: buildArray(scenario, media, random('array')),
    cables,
    link: {
      rateBps: Math.round(gbps * 1e9),
      delayNs: Math.round(delayUs * MICROSECOND_NS),
      queueBytes: LINK_QUEUE_BYTES,
    },
    vms,
    plan: planOf(scenario),
    remake(node: string) {
      const again = (name: string) => random(`${name} again ${++remade}`);
      const host = scenario.hosts.findIndex((one) => one.name === node);
      if (host >= 0) {
        const machine = buildHost(scenario, host, random);
        hosts.set(node, machine);
        return machine;
      }
      if (node !== scenario.array.name) throw new TypeError(`world: there is no node ${node}`);
      world.array = StorageArray.afterPowerLoss(world.array, again(node));
      return world.array;
    },
  };
  return world;
}

/** Ports of the array first, then those of the hosts, each fabric's FCF ports counting up. */
function cablesOf(scenario: Scenario): Cable[] {
  const next = new Map<string, number>();
  const take = (fabric: string): number => {
    const port = next.get(fabric) ?? 0;
    next.set(fabric, port + 1);
    return port;
  };
  const ends = [
    ...scenario.array.ports.map((fabric, port) => ({ node: scenario.array.name, fabric, port })),
    ...scenario.hosts.flatMap((host) =>
      host.ports.map((fabric, port) => ({ node: host.name, fabric, port })),
    ),
  ];
  return ends.map(({ node, fabric, port }) => ({
    name: `${node}.${port}-${fabric}`,
    node,
    port,
    fcf: fcfName(fabric),
    fcfPort: take(fabric),
    fabric,
  }));
}

/** The node name of a fabric's FCF. */
export function fcfName(fabric: string): string {
  return `fcf-${fabric}`;
}

function buildFcf(
  scenario: Scenario,
  fabric: FabricScenario,
  index: number,
  cables: readonly Cable[],
  random: RandomStream,
): Fcf {
  return new Fcf({
    name: fabric.name,
    fcfMac: macFromWords(0x0e00, (0xfcf0_0000 | (index + 1)) >>> 0),
    fabricName: 0x2000_0200_fab0_0000n + BigInt(index + 1),
    switchName: 0x1000_0200_fcf0_0000n + BigInt(index + 1),
    domainId: fabric.domain,
    ports: cables.filter((one) => one.fabric === fabric.name).length,
    random,
    vlanId: fabric.vlan,
    fkaAdvPeriodMs: fabric.fkaAdvPeriodMs,
    eDTovMs: fabric.eDTovMs,
    rATovMs: fabric.rATovMs,
    npivLoginsMax: fabric.npivLoginsMax,
    duplicateWwpn: fabric.duplicateWwpn,
    persistentFcIds: fabric.persistentFcIds,
    fcIdReuse: fabric.fcIdReuse,
    avoidsUncleanFcIds: fabric.cleanAddress,
    accessLists: fabric.accessLists,
    rscnScope: fabric.rscn,
    baseLogout: fabric.baseLogout,
    virtualWwpns: planOf(scenario).fabrics.flatMap(({ name, wwpn, sourceWwpn }) =>
      name === fabric.name && wwpn !== sourceWwpn ? [{ wwpn, to: sourceWwpn }] : [],
    ),
    zoning: zoningOf(scenario, fabric),
  });
}

function zoningOf(scenario: Scenario, fabric: FabricScenario): Zoning {
  const arrayPorts = scenario.array.ports.flatMap((name, port) =>
    name === fabric.name ? [arrayWwpn(port)] : [],
  );
  const membersOf = (member: string): Wwn[] => {
    if (member === 'array') return arrayPorts;
    const index = scenario.vms.findIndex((vm) => vm.name === member);
    if (index >= 0) return namesOn(scenario, scenario.vms[index]!, index, fabric.name);
    return [parseWwn(member)];
  };
  const zones =
    fabric.zones?.map((zone) => ({ name: zone.name, members: zone.members.flatMap(membersOf) })) ??
    scenario.vms.map((vm) => ({ name: vm.name, members: [...membersOf(vm.name), ...arrayPorts] }));
  return { enforced: fabric.zoning, zones, defaultZone: 'deny' };
}

function enodeOptions(scenario: Scenario, fabricName: string, mac: Mac) {
  const fabric = scenario.fabrics.find((one) => one.name === fabricName)!;
  return {
    mac,
    vlanDiscovery: fabric.vlan !== 0,
    vlan: fabric.vlan,
    vlanPriority: VLAN_PRIORITY,
    fcfSelectionDelayNs: FCF_SELECTION_DELAY_NS,
  };
}

function buildHost(
  scenario: Scenario,
  index: number,
  random: (name: string) => RandomStream,
): Host {
  const host = scenario.hosts[index]!;
  const { timing } = scenario;
  const rATovMs = Math.max(...scenario.fabrics.map((one) => one.rATovMs));
  return new Host({
    name: host.name,
    nodeName: 0x2000_0025_b500_0000n + BigInt(index + 1),
    ports: host.ports.map((fabric, port) => ({
      ...enodeOptions(
        scenario,
        fabric,
        macFromWords(0x0025, (0xb500_0000 | ((index + 1) << 8) | port) >>> 0),
      ),
      wwpn: hostWwpn(index, port),
    })),
    npiv: host.npiv,
    policy: {
      commandTimeoutNs: timing.commandTimeoutMs * MILLISECOND,
      lateWriteWaitNs: (timing.lateWriteWaitMs ?? rATovMs) * MILLISECOND,
      guestTimeoutNs: timing.guestTimeoutMs * MILLISECOND,
    },
    random,
  });
}

function buildArray(
  scenario: Scenario,
  media: readonly Medium[],
  random: RandomStream,
): StorageArray {
  const { array } = scenario;
  const groups = groupsOf(scenario);
  const machine = new StorageArray({
    name: array.name,
    powerOnAttention: array.powerOnAttention,
    retry: array.retry,
    firstBurst: array.firstBurst,
    oxIdEpochs: scenario.move.defences.includes('oxid-epochs'),
    confirm: array.confirm,
    destageNs: array.destageMs * MILLISECOND,
    ...(groups === undefined ? {} : { groups }),
    nodeName: 0x5006_0160_0000_0000n,
    ports: array.ports.map((fabric, port) => ({
      ...enodeOptions(scenario, fabric, macFromWords(0x0060, (0x1600_0000 | (port + 1)) >>> 0)),
      wwpn: arrayWwpn(port),
    })),
    service: {
      readNs: Math.round(array.readUs * MICROSECOND_NS),
      writeNs: Math.round(array.writeUs * MICROSECOND_NS),
      jitterNs: Math.round(array.jitterUs * MICROSECOND_NS),
    },
    random,
  });
  const units = new Map(
    array.luns.map((lun, index) => [
      lun.name,
      machine.device.addUnit({
        medium: media[index]!,
        writeCacheEnabled: array.writeCache !== 'none',
      }),
    ]),
  );
  const map = (wwpns: readonly Wwn[], luns: readonly (readonly [number, string])[]): void => {
    const mappings = luns.map(([lun, name]) => ({ lun, lu: units.get(name)! }));
    for (const wwpn of wwpns) machine.device.setMask(fcInitiatorDevice(wwpn), mappings);
  };
  for (const [index, vm] of scenario.vms.entries()) {
    if (array.masks?.some((one) => one.for === vm.name) === true) continue;
    if (array.masks === undefined)
      map(
        allNamesOf(scenario, vm, index),
        vm.luns.map((name, lun) => [lun, name]),
      );
  }
  for (const mask of array.masks ?? []) {
    const index = scenario.vms.findIndex((vm) => vm.name === mask.for);
    const wwpns =
      index < 0 ? [parseWwn(mask.for)] : allNamesOf(scenario, scenario.vms[index]!, index);
    map(
      wwpns,
      Object.entries(mask.luns).map(([lun, name]) => [Number(lun), name]),
    );
  }
  return machine;
}

/** Target port groups as the array takes them: port n has the relative identifier n + 1. */
function groupsOf(scenario: Scenario): TargetPortGroup[] | undefined {
  return scenario.array.targetPortGroups?.map(({ id, ports, state, preferred }) => ({
    id,
    relativePortIds: ports.map((port) => port + 1),
    state: ACCESS_STATES[state],
    ...(preferred === undefined ? {} : { preferred }),
  }));
}

const ACCESS_STATES = {
  'active-optimized': AccessState.ACTIVE_OPTIMIZED,
  'active-non-optimized': AccessState.ACTIVE_NON_OPTIMIZED,
  standby: AccessState.STANDBY,
  unavailable: AccessState.UNAVAILABLE,
  transitioning: AccessState.TRANSITIONING,
} as const;

/** The reservation of a guest; on each fabric the second of its names succeeds the first. */
function reservationOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
): Pick<NewGuest, 'reservation'> {
  if (vm.reservation === undefined) return {};
  const { key, ...options } = vm.reservation;
  const successors = new Map<InitiatorPort, InitiatorPort>();
  for (const fabric of scenario.fabrics) {
    const [first, second] = wwpnsOf(scenario, vm, index, fabric.name);
    if (first === undefined || second === undefined) continue;
    successors.set(fcInitiatorPort(first), fcInitiatorPort(second));
  }
  return { reservation: { ...options, key: BigInt(`0x${key}`), successors } };
}

function vmStart(scenario: Scenario, vm: VmScenario, index: number): VmStart {
  const { thinkUs, ...workload } = vm.workload;
  return {
    name: vm.name,
    host: vm.host,
    identities:
      vm.name === scenario.move.vm
        ? planOf(scenario).source
        : identitiesOf(scenario, vm, index, vm.host, 0),
    guest: {
      workload: {
        writerId: index + 1,
        ...workload,
        thinkNs: Math.round(thinkUs * MICROSECOND_NS),
      },
      stream: `guest ${vm.name}`,
      ...reservationOf(scenario, vm, index),
    },
  };
}
