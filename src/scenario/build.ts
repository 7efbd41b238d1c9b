/**
 * Machines from a topology, one node at a time or a whole world of them, for whichever driver runs
 * them.
 */
import { StorageArray } from '../array/storage-array.ts';
import { parseWwn } from '../codecs/layout/index.ts';
import type { FabricSwitch } from '../fabric/fc/fabric-switch.ts';
import { FcSwitch } from '../fabric/fc/fc-switch.ts';
import { Fcf } from '../fabric/fcoe/fcf.ts';
import { EthernetBridge } from '../fabric/lan/bridge.ts';
import { Router } from '../fabric/lan/router.ts';
import { Npv } from '../fabric/npv/npv.ts';
import { fcInitiatorPort } from '../history/port-name.ts';
import { type AttachmentIdentity, isVhba } from '../host/attachment-identity.ts';
import { BackupAgent } from '../host/backup-agent.ts';
import type { NewGuest } from '../host/control.ts';
import { Host } from '../host/host.ts';
import type { RandomStream } from '../machine/random.ts';
import type { MovePlan } from '../mobility/plan.ts';
import { MemoryMedium } from '../scsi/medium/medium.ts';
import { buildArray, buildPool } from './build-array.ts';
import { buildLan, type LanMachine } from './build-lan.ts';
import { adaptersOf, enodeOptions, ipPortsOf, portOptions } from './port-options.ts';
import {
  type BackupNode,
  type FcSwitchNode,
  type GuestPlan,
  type HostNode,
  type NodeKind,
  type NpvNode,
  nodesOf,
  type Plain,
  type SwitchNode,
  type Topology,
} from './topology.ts';

/** Gives the named random streams of a run's seed. */
export type Streams = (name: string) => RandomStream;

/** A virtual machine as it is to be started. */
export interface VmStart {
  readonly name: string;
  readonly host: string;
  /** How many logical units it must see. */
  readonly units: number;
  readonly identities: readonly AttachmentIdentity[];
  readonly guest: NewGuest;
}

/** What a node of each kind is made into. A mover is made where its move begins. */
export interface MachineOf {
  readonly switch: Fcf;
  readonly 'fc-switch': FcSwitch;
  readonly host: Host;
  readonly array: StorageArray;
  readonly bridge: EthernetBridge;
  readonly npv: Npv;
  readonly router: Router;
  readonly backup: BackupAgent;
  readonly lan: LanMachine;
}

/** The kinds of nodes that a world has machines of. */
export type MachineKind = Exclude<NodeKind, 'mover'>;

/** The machines of a topology. */
export interface World {
  readonly topology: Topology;
  /** All machines, by the kinds and the names of their nodes. */
  readonly machines: { readonly [K in MachineKind]: ReadonlyMap<string, MachineOf[K]> };
  /** All by the names of their nodes. */
  readonly switches: ReadonlyMap<string, FabricSwitch>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly arrays: ReadonlyMap<string, StorageArray>;
  readonly agents: ReadonlyMap<string, BackupAgent>;
  readonly vms: readonly VmStart[];
  readonly moves: readonly MovePlan[];
  /** The first move. Errors: `TypeError` where there is none. */
  readonly plan: MovePlan;
  /** The only array. Errors: `TypeError` where there are more, or none. */
  readonly array: StorageArray;
  /**
   * Puts a fresh machine in the place of a node's, as after a crash: a host without guests, an
   * array with its media and without its nexuses; a switch restarts itself. Errors: `TypeError`
   * for a node that is none of these.
   */
  remake(node: string): Host | StorageArray;
  /** The same for a node of the LAN; `undefined` for every other one. */
  remakeLan(node: string): LanMachine | undefined;
}

/** Builds every machine of a topology; logical units lie in memory. Errors: `TypeError` for one without a size. */
export function buildWorld(topology: Topology, random: Streams): World {
  const arrays = new Map(
    nodesOf(topology, 'array').map((node, index) => {
      const pool = buildPool(node);
      const stores = node.units.map(({ blocks, name, restores }) => {
        if (blocks === undefined) throw new TypeError(`world: ${name} does not say its blocks`);
        return new MemoryMedium(
          blocks,
          pool === undefined || restores !== undefined ? {} : { pool },
        );
      });
      const seed = random(index === 0 ? 'array' : `array ${node.name}`);
      return [node.name, buildArray(node, stores, seed, pool)];
    }),
  );
  const hostNodes = new Map(nodesOf(topology, 'host').map((node) => [node.name, node]));
  const hosts = new Map([...hostNodes].map(([name, node]) => [name, buildHost(node, random)]));
  const fcfs = new Map(
    nodesOf(topology, 'switch').map((node) => [
      node.name,
      buildSwitch(node, random(`fcf ${node.options.name}`)),
    ]),
  );
  const fcSwitches = new Map(
    nodesOf(topology, 'fc-switch').map((node) => [node.name, new FcSwitch(fabricOptions(node))]),
  );
  const bridges = new Map(
    nodesOf(topology, 'bridge').map(({ name, ports, snoops }) => [
      name,
      new EthernetBridge({
        name,
        ports: ports.length,
        enodePorts: ports.flatMap(({ isOfEnode }, port) => (isOfEnode ? [port] : [])),
        ...(snoops === undefined ? {} : { snoops }),
      }),
    ]),
  );
  const npvs = new Map(
    nodesOf(topology, 'npv').map((node) => [node.name, buildNpv(node, random(node.name))]),
  );
  const routers = new Map(
    nodesOf(topology, 'router').map(({ name, options }) => [name, new Router(options)]),
  );
  const agents = new Map(nodesOf(topology, 'backup').map((node) => [node.name, buildAgent(node)]));
  const moves = topology.moves.map(({ plan }) => movePlan(plan));
  const lan = buildLan(topology, random);
  let remade = 0;
  return {
    topology,
    machines: {
      switch: fcfs,
      'fc-switch': fcSwitches,
      host: hosts,
      array: arrays,
      bridge: bridges,
      npv: npvs,
      router: routers,
      backup: agents,
      lan: lan.machines,
    },
    switches: new Map<string, FabricSwitch>([...fcfs, ...fcSwitches]),
    hosts,
    arrays,
    agents,
    vms: topology.guests.map(vmStart),
    moves,
    get plan() {
      const [first] = moves;
      if (first === undefined) throw new TypeError('world: there is no move');
      return first;
    },
    get array() {
      return only('array', [...arrays.values()]);
    },
    remakeLan: (name) => lan.remake(name),
    remake(name) {
      const node = hostNodes.get(name);
      if (node !== undefined) {
        const machine = buildHost(node, random);
        hosts.set(name, machine);
        return machine;
      }
      const lost = arrays.get(name);
      if (lost === undefined) throw new TypeError(`world: there is no host or array ${name}`);
      const machine = StorageArray.afterPowerLoss(lost, random(`${name} again ${++remade}`));
      arrays.set(name, machine);
      return machine;
    },
  };
}

function only<T>(what: string, all: readonly T[]): T {
  const [first] = all;
  if (first === undefined || all.length > 1)
    throw new TypeError(`world: ${all.length} of ${what}, not one`);
  return first;
}

/**
 * A switch. `changes`: a driver may want more ports than there are cables, and tell itself when
 * links come up.
 */
export function buildSwitch(
  node: SwitchNode,
  random: RandomStream,
  changes: { readonly ports?: number; readonly linksUp?: boolean } = {},
): Fcf {
  return new Fcf({ ...fabricOptions(node), random, ...changes });
}

/** The options of a switch with its names as numbers. */
function fabricOptions<O extends FcSwitchNode['options']>({
  options,
  ports,
}: {
  readonly options: O;
  readonly ports: readonly unknown[];
}) {
  const { fabricName, staticFcIds, switchName, virtualWwpns, zoning } = options;
  return {
    ...options,
    fabricName: parseWwn(fabricName),
    switchName: parseWwn(switchName),
    ports: ports.length,
    ...(staticFcIds === undefined
      ? {}
      : { staticFcIds: staticFcIds.map((one) => ({ ...one, wwpn: parseWwn(one.wwpn) })) }),
    ...(virtualWwpns === undefined
      ? {}
      : {
          virtualWwpns: virtualWwpns.map(({ to, wwpn }) => ({
            wwpn: parseWwn(wwpn),
            to: parseWwn(to),
          })),
        }),
    ...(zoning === undefined
      ? {}
      : {
          zoning: {
            ...zoning,
            zones: zoning.zones.map((zone) => ({ ...zone, members: zone.members.map(parseWwn) })),
          },
        }),
  };
}

/** A switch in N_Port virtualizer mode, its uplinks down. */
export function buildNpv({ options, ports }: NpvNode, random: RandomStream): Npv {
  const uplinks = ports.flatMap((port) => (port.kind === 'enode' ? [enodeOptions(port)] : []));
  return new Npv({
    ...options,
    switchName: parseWwn(options.switchName),
    uplinks,
    downlinks: ports.length - uplinks.length,
    random,
  });
}

/** A host without guests. */
export function buildHost({ name, options, ports }: HostNode, random: Streams): Host {
  const ipPorts = ipPortsOf(ports);
  return new Host({
    ...options,
    name,
    nodeName: parseWwn(options.nodeName),
    ports: adaptersOf(ports),
    ...(ipPorts.length === 0 ? {} : { ipPorts }),
    random,
  });
}

/** A backup agent. */
export function buildAgent({ name, options, ports }: BackupNode): BackupAgent {
  const nodeName = parseWwn(options.nodeName);
  return new BackupAgent({ ...options, name, nodeName, ports: ports.map(portOptions) });
}

const identity = (one: Plain<AttachmentIdentity>): AttachmentIdentity =>
  isVhba(one) ? { ...one, wwpn: parseWwn(one.wwpn), wwnn: parseWwn(one.wwnn) } : one;

/** A guest that is to be started. */
function vmStart({ host, identities, name, reservation, ...plan }: GuestPlan): VmStart {
  const { maps, stream, units, volumes, workload } = plan;
  const mapped = maps === undefined ? {} : { maps };
  const onVolumes = volumes === undefined ? {} : { volumes };
  const reserves = reservation === undefined ? {} : { reservation: reservationOf(reservation) };
  return {
    name,
    host,
    units,
    identities: identities.map(identity),
    guest: { workload, stream, ...reserves, ...mapped, ...onVolumes },
  };
}

function reservationOf({
  key,
  successors,
  ...options
}: NonNullable<GuestPlan['reservation']>): NonNullable<NewGuest['reservation']> {
  return {
    ...options,
    key: BigInt(`0x${key}`),
    successors: new Map(
      successors.map(([from, to]) => [
        fcInitiatorPort(parseWwn(from)),
        fcInitiatorPort(parseWwn(to)),
      ]),
    ),
  };
}

/** A move as its mover takes it. */
export function movePlan(plan: Plain<MovePlan>): MovePlan {
  return {
    ...plan,
    fabrics: plan.fabrics.map((one) => ({
      ...one,
      wwpn: parseWwn(one.wwpn),
      sourceWwpn: parseWwn(one.sourceWwpn),
      destinationWwpn: parseWwn(one.destinationWwpn),
    })),
    source: plan.source.map(identity),
    destination: plan.destination.map(identity),
  };
}
