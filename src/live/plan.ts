/** What a server is made of, as plain data: a topology, what keeps its blocks, where guests plug in. */

import { macFromWords, parseWwn, type Wwn } from '../codecs/layout/index.ts';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { iscsiTargetPort, type TargetPort } from '../history/port-name.ts';
import type { ExportRule } from '../port/nfs/exports.ts';
import { ARRAY_NODE_NAME, targetPortIdentity } from '../scenario/array-from-scenario.ts';
import { ALL_TARGET_PORTS, cableName, switchName } from '../scenario/names.ts';
import { switchIdentity } from '../scenario/switch-from-scenario.ts';
import {
  type ArrayNode,
  type EnodePortPlan,
  type IpPortPlan,
  nodesOf,
  type SwitchNode,
  type Topology,
  targetPortsOf,
  type UnitPlan,
} from '../scenario/topology.ts';
import { ISCSI_TARGET_NAME, type IscsiPlan } from './iscsi-plan.ts';
import type { LanAddress } from './lan-address.ts';
import type { ListenAddress } from './listen-address.ts';
import { ListenError } from './listen-address.ts';
import type { LunSource } from './lun-source.ts';
import type { NbdPlace } from './nbd-service.ts';
import type { HalfPlan } from './pair/half.ts';
import type { PeerAddress, StreamPlace } from './pair/place.ts';
import type { ServiceAddress } from './service-address.ts';

/** A logical unit and where its blocks are. */
export interface LiveUnit {
  readonly name: string;
  readonly source: LunSource;
}

/** An address of the array on the Ethernet of a fabric. */
export interface LanPortal {
  readonly fabric: string;
  readonly address: string;
  readonly target: TargetPort;
}

/** A server. */
export interface ServePlan {
  /** Switches, one array, and the cables between them. Its guests come by sockets. */
  readonly topology: Topology;
  /** The array's, in its order. */
  readonly units: readonly LiveUnit[];
  readonly listen: readonly ListenAddress[];
  /** Where its units are served without a fabric. */
  readonly services: readonly ServiceAddress[];
  /** Who may mount them over NFS; everybody where there is no rule. */
  readonly exports: readonly ExportRule[];
  /** Who mounts them over NFS version 4.1 may go to the disks by itself. */
  readonly layouts?: boolean;
  /** Its iSCSI targets on sockets; none where left out. */
  readonly iscsi?: readonly IscsiPlan[];
  /** Where its units are NBD exports; none where left out. */
  readonly nbd?: readonly NbdPlace[];
  /** The array's addresses on the fabrics' Ethernet; none where left out. */
  readonly lan?: readonly LanPortal[];
  /** Another server has the other legs of its units. */
  readonly half?: HalfPlan;
}

/** The array of a plan. */
export function arrayOf({ topology }: ServePlan): ArrayNode {
  return nodesOf(topology, 'array')[0]!;
}

/** Whose the WWPNs are that the plan knows: guests', and target ports'. */
export function ownersOf(plan: ServePlan): Map<Wwn, string> {
  const array = arrayOf(plan);
  const { name } = array;
  const guests = plan.topology.guests.flatMap((guest) =>
    guest.names.map(({ wwpn }) => [parseWwn(wwpn), guest.name] as const),
  );
  const targets = targetPortsOf(array).map(
    ({ wwpn }, port) => [parseWwn(wwpn), `${name} port ${port}`] as const,
  );
  return new Map([...guests, ...targets]);
}

const FABRIC_DEFAULT = 'A';
const LUN_DEFAULT: LunSource = { kind: 'memory', bytes: 64 * 2 ** 20 };
const FCF_SELECTION_DELAY_NS = 0;
const DOMAINS_MAX = 239;
const BLOCK_BYTES = 512;
/** The times of a real array are those of the real medium. */
export const NO_SERVICE_TIMES = { readNs: 0, writeNs: 0, jitterNs: 0 };

/** What the command line may ask for. */
export interface PlanOptions {
  readonly listen: readonly ListenAddress[];
  readonly luns: readonly LunSource[];
  readonly services?: readonly ServiceAddress[];
  readonly exports?: readonly ExportRule[];
  /** Clients of NFS version 4.1 may go to the disks by themselves. */
  readonly layouts?: boolean;
  /** FCoE VLAN of every fabric; 0 for frames without a tag. */
  readonly vlan?: number;
  /** An iSCSI target over the array's logical units. */
  readonly iscsi?: IscsiPlan | undefined;
  /** Where the array's logical units are NBD exports. */
  readonly nbd?: readonly NbdPlace[];
  /** Addresses of the array on the fabrics' Ethernet, each a portal of its iSCSI target. */
  readonly lan?: readonly LanAddress[];
  /** Fabrics that the server of the other array has, of a scenario with stretched units. */
  readonly peers?: readonly PeerAddress[] | undefined;
  /** Who says which of two arrays goes on alone. */
  readonly witness?: StreamPlace | undefined;
}

/** A plan whose units are NBD exports, and keep snapshots and a map of changed blocks. */
export function withNbd(plan: ServePlan, nbd: readonly NbdPlace[]): ServePlan {
  if (nbd.length === 0) return plan;
  const array = arrayOf(plan);
  const units = array.units.map(
    (unit): UnitPlan =>
      unit.shows === undefined ? { map: {}, ...unit, keepsSnapshots: true } : unit,
  );
  const nodes = plan.topology.nodes.map((node) => (node === array ? { ...array, units } : node));
  return { ...plan, topology: { ...plan.topology, nodes }, nbd };
}

/** A plan whose array has the target ports of its iSCSI targets too, and of one more. Errors: `ListenError`. */
export function withIscsi(plan: ServePlan, given: IscsiPlan | undefined): ServePlan {
  const iscsi = [...(plan.iscsi ?? []), ...(given === undefined ? [] : [given])];
  if (iscsi.length === 0) return plan;
  const names = new Set(iscsi.map(({ targetName }) => targetName));
  if (names.size < iscsi.length)
    throw new ListenError(
      `--listen iscsi: ${ISCSI_TARGET_NAME} is a target of the scenario; leave it out`,
    );
  const iscsiPorts = iscsi.flatMap(({ groupTags, targetName }) =>
    groupTags.map((tag) => iscsiTargetPort(targetName, tag)),
  );
  const array = arrayOf(plan);
  const nodes = plan.topology.nodes.map((node) =>
    node === array ? { ...array, options: { ...array.options, iscsiPorts } } : node,
  );
  return { ...plan, topology: { ...plan.topology, nodes }, iscsi };
}

/**
 * A plan whose array has addresses on the Ethernet of its fabrics, where it is an iSCSI target: its own portals' groups come
 * behind those of sockets. Errors: `ListenError`.
 */
export function withLan(plan: ServePlan, lan: readonly LanAddress[]): ServePlan {
  if (lan.length === 0) return plan;
  const array = arrayOf(plan);
  const first = array.ports.length;
  const places = lan.map(({ address, fabric = plan.topology.fabrics[0]?.name ?? '' }, i) => {
    const node = nodesOf(plan.topology, 'switch').find((one) => one.fabric === fabric);
    if (node === undefined)
      throw new ListenError(
        `--listen ${fabric === '' ? '' : `${fabric}=`}lan:${address}: no guests are let in there; say --listen ${fabric === '' ? '' : `${fabric}=`}unix:PATH too`,
      );
    if (lan.findIndex((one) => one.address === address) < i)
      throw new ListenError(`--listen lan:${address}: given twice; each needs its own`);
    return { address, fabric, node };
  });
  const ports = places.map(
    ({ address, fabric }, i): IpPortPlan => ({
      kind: 'ip',
      fabric,
      mac: lanMac(i),
      address,
      vlan: 0,
    }),
  );
  const taken = (plan.iscsi ?? []).filter(({ targetName }) => targetName === ISCSI_TARGET_NAME);
  const firstGroupTag = Math.max(0, ...taken.flatMap(({ groupTags }) => groupTags)) + 1;
  const withPorts: ArrayNode = {
    ...array,
    ports: [...array.ports, ...ports],
    ip: { iscsi: { targetName: ISCSI_TARGET_NAME, firstGroupTag } },
  };
  const cables = places.map(({ fabric, node }, i) => ({
    name: cableName(array.name, first + i, fabric),
    kind: 'fcoe' as const,
    fabric,
    vlan: 0,
    ends: [
      { node: array.name, port: first + i },
      { node: node.name, port: freePortOf(plan.topology, node.name) + placesBefore(places, i) },
    ] as const,
  }));
  const nodes = plan.topology.nodes.map((node) => (node === array ? withPorts : node));
  const topology = { ...plan.topology, nodes, cables: [...plan.topology.cables, ...cables] };
  const portals = places.map(({ address, fabric }, i) => ({
    fabric,
    address,
    target: iscsiTargetPort(ISCSI_TARGET_NAME, firstGroupTag + i),
  }));
  return { ...plan, topology, lan: portals };
}

const lanMac = (index: number): string => macFromWords(0x0060, (0x1600_0000 | (index + 1)) >>> 0);

/** The first port of a switch that no cable is in. */
const freePortOf = ({ cables }: Topology, node: string): number =>
  cables.filter(({ ends }) => ends.some((end) => end.node === node)).length;

/** How many before one are behind the same switch. */
const placesBefore = (places: readonly { readonly fabric: string }[], index: number): number =>
  places.slice(0, index).filter(({ fabric }) => fabric === places[index]!.fabric).length;

/**
 * Without a scenario: the fabrics that the addresses name (A without a name; none where all are without a fabric), one array with a
 * target port on each, and all its logical units for every WWPN. Errors: `ListenError`.
 */
export function defaultPlan(options: PlanOptions): ServePlan {
  const { listen, services = [], vlan = 0, iscsi, nbd = [] } = options;
  if (listen.length + services.length + nbd.length === 0 && iscsi === undefined)
    throw new ListenError(
      'serve: --listen unix:PATH, tcp:HOST:PORT, udp:PORT,PORT, nfs:HOST:PORT, nbd:HOST:PORT or iscsi:HOST:PORT is missing',
    );
  const fabrics = [...new Set(listen.map((one) => one.fabric ?? FABRIC_DEFAULT))];
  if (fabrics.length > DOMAINS_MAX)
    throw new ListenError(`serve: more than ${DOMAINS_MAX} fabrics`);
  const luns = options.luns.length === 0 ? [LUN_DEFAULT] : options.luns;
  const units = luns.map((source, index) => ({ name: `lun${index}`, source }));
  const array = defaultArray(fabrics, units, vlan);
  return {
    topology: {
      name: 'serve',
      sites: [],
      fabrics: fabrics.map((name) => ({ name, vlan })),
      nodes: [...fabrics.map((name, index) => defaultSwitch(name, index + 1, vlan)), array],
      cables: fabrics.map((fabric, port) => ({
        name: cableName(array.name, port, fabric),
        kind: 'fcoe',
        fabric,
        vlan,
        ends: [
          { node: array.name, port },
          { node: switchName(fabric), port: 0 },
        ],
      })),
      guests: [],
      moves: [],
      events: [],
    },
    units,
    listen: listen.map((one) => ({ ...one, fabric: one.fabric ?? FABRIC_DEFAULT })),
    services,
    exports: options.exports ?? [],
  };
}

function defaultSwitch(fabric: string, number: number, vlan: number): SwitchNode {
  return {
    name: switchName(fabric),
    kind: 'switch',
    fabric,
    ports: [{ kind: 'vf-port', fabric }],
    options: {
      ...switchIdentity(fabric, number),
      domain: number,
      vlan,
      ...LIVE_SWITCH,
    },
  };
}

/** A port that a duplicate name took out of service would need an operator to come back. */
export const LIVE_SWITCH = { duplicateDisablesPort: false };

function defaultArray(
  fabrics: readonly string[],
  units: readonly LiveUnit[],
  vlan: number,
): ArrayNode {
  return {
    name: ALL_TARGET_PORTS,
    kind: 'array',
    ports: fabrics.map(
      (fabric, port): EnodePortPlan => ({
        kind: 'enode',
        fabric,
        ...targetPortIdentity(port),
        vlanDiscovery: vlan !== 0,
        vlan,
        vlanPriority: FCF_DEFAULTS.vlanPriority,
        fcfSelectionDelayNs: FCF_SELECTION_DELAY_NS,
      }),
    ),
    options: { nodeName: ARRAY_NODE_NAME, service: NO_SERVICE_TIMES, tellsOfCopies: true },
    units: units.map(({ name, source }) => ({
      name,
      ...(source.bytes === undefined ? {} : { blocks: source.bytes / BLOCK_BYTES }),
      writeCache: 'protected',
    })),
    defaultMask: units.map((_, index) => ({ lun: index, unit: index })),
    masks: [],
  };
}
