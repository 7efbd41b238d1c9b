/**
 * A plan of machines and what lies between them, as plain data: nodes of any kind with their ports
 * and options, cables between any two ports, guests, moves. Both drivers build their machines from
 * it, and whoever asks what a node, a port or a cable is finds it here: names say nothing.
 *
 * Everything is as JSON has it. World Wide Names and reservation keys are text.
 */
import type { ArrayIpOptions } from '../array/ip-services.ts';
import type { PairOptions } from '../array/pair/array-pair.ts';
import type { StorageArrayOptions } from '../array/storage-array.ts';
import type { FabricOptions } from '../fabric/fc/options.ts';
import type { FcfOptions } from '../fabric/fcoe/options.ts';
import type { RouterOptions } from '../fabric/lan/router.ts';
import type { VlanBridgeOptions } from '../fabric/lan/vlan-bridge.ts';
import type { VtepOptions } from '../fabric/lan/vtep.ts';
import type { NpvOptions } from '../fabric/npv/options.ts';
import type { NodePlace } from '../history/places.ts';
import type { AttachmentIdentity } from '../host/attachment-identity.ts';
import type { BackupAgentOptions } from '../host/backup-agent.ts';
import type { GuestMapOptions } from '../host/guest-maps.ts';
import type { HostOptions } from '../host/host.ts';
import type { VolumeOptions } from '../host/volume.ts';
import type { WorkloadOptions } from '../host/workload.ts';
import type { LinkOptions } from '../link/channel.ts';
import type { MovePlan } from '../mobility/plan.ts';
import type { IpPortOptions, IpRoute } from '../net/ip-port.ts';
import type { LanStationOptions } from '../net/lan-station.ts';
import type { LanUplinkOptions } from '../net/lan-uplink.ts';
import type { EnodeOptions } from '../port/enode/enode.ts';
import type { FcLinkOptions } from '../port/fc-link/fc-link.ts';
import type { GuestReservationOptions } from '../scsi/initiator/guest-reservation.ts';
import type { WriteCache } from '../scsi/medium/cache.ts';
import type { MapPolicy } from '../scsi/medium/changed-blocks.ts';
import type { PoolOptions } from '../scsi/medium/pool.ts';
import type { MapOptions } from '../scsi/medium/snapshot.ts';
import type { PlannedEvent } from './planned-event.ts';

/** What JSON keeps of a value: numbers beyond 53 bits are text. */
export type Plain<T> = T extends bigint
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : T extends readonly (infer U)[]
      ? readonly Plain<U>[]
      : { readonly [K in keyof T]: Plain<T[K]> };

/** A place where nodes stand together. */
export interface Site {
  readonly name: string;
}

/** How far two sites are apart. */
export interface SiteDistance {
  readonly between: readonly [string, string];
  /** One way. */
  readonly delayNs: number;
  /** Of each cable between them. */
  readonly rateBitsPerSecond: number;
}

/** A fabric: what its switches and cables belong to. */
export interface FabricPlan {
  readonly name: string;
  /** FCoE VLAN; 0 for untagged. */
  readonly vlan: number;
}

/** A port of a host or an array that speaks FCoE. */
export interface EnodePortPlan extends Omit<EnodeOptions, 'port' | 'nodeName'> {
  readonly kind: 'enode';
  readonly fabric: string;
  readonly wwpn: string;
}

/** A port of a host or an array that speaks Fibre Channel on a native link. */
export interface NPortPlan extends Omit<FcLinkOptions, 'port'> {
  readonly kind: 'n-port';
  readonly fabric: string;
  readonly wwpn: string;
}

/** A port of a host or an array that is a station of a LAN. */
export interface IpPortPlan {
  readonly kind: 'ip';
  /** The LAN. */
  readonly fabric: string;
  readonly mac: string;
  /** IPv4. */
  readonly address: string;
  /** 0: untagged. */
  readonly vlan: number;
  /** Whom it reaches by a router. */
  readonly routes?: readonly IpRoute[];
}

/** A port of a host or an array that logs in to a fabric. */
export type AdapterPortPlan = EnodePortPlan | NPortPlan;

/** A port of a switch that ENodes are plugged into. */
export interface VfPortPlan {
  readonly kind: 'vf-port';
  readonly fabric: string;
}

/** A port of a switch with a native link. */
export interface FPortPlan {
  readonly kind: 'f-port';
  readonly fabric: string;
}

/** A port of a bridge. */
export interface BridgePortPlan {
  readonly kind: 'bridge-port';
  readonly fabric: string;
  /** An ENode is plugged in. */
  readonly isOfEnode: boolean;
}

interface NodeBase {
  /** Unique among all nodes. */
  readonly name: string;
  readonly site?: string;
}

/** A hypervisor. */
export interface HostNode extends NodeBase {
  readonly kind: 'host';
  /** IP ports stand behind the others. */
  readonly ports: readonly (AdapterPortPlan | IpPortPlan)[];
  readonly options: Plain<Omit<HostOptions, 'name' | 'ports' | 'ipPorts' | 'random'>>;
}

/** A switch whose links carry FCoE. Its own name for people is in its options. */
export interface SwitchNode extends NodeBase {
  readonly kind: 'switch';
  readonly fabric: string;
  readonly ports: readonly VfPortPlan[];
  readonly options: Plain<Omit<FcfOptions, 'ports' | 'random' | 'linksUp'>>;
}

/** A switch whose links are native Fibre Channel. */
export interface FcSwitchNode extends NodeBase {
  readonly kind: 'fc-switch';
  readonly fabric: string;
  readonly ports: readonly FPortPlan[];
  readonly options: Plain<Omit<FabricOptions, 'ports' | 'linksUp'>>;
}

/** A bridge between the ports of a fabric and its switches. */
export interface BridgeNode extends NodeBase {
  readonly kind: 'bridge';
  readonly fabric: string;
  /** It reads logins in FIP. */
  readonly snoops?: boolean;
  readonly ports: readonly BridgePortPlan[];
}

/** A router between a port and its LAN: the port's side is its first end. */
export interface RouterNode extends NodeBase {
  readonly kind: 'router';
  readonly fabric: string;
  readonly ports: readonly [RouterPortPlan, RouterPortPlan];
  readonly options: RouterOptions;
}

/** A port of a router. */
export interface RouterPortPlan {
  readonly kind: 'router-port';
  readonly fabric: string;
}

/** A switch in N_Port virtualizer mode; its uplinks are its first ports. */
export interface NpvNode extends NodeBase {
  readonly kind: 'npv';
  readonly fabric: string;
  readonly ports: readonly (EnodePortPlan | VfPortPlan)[];
  readonly options: Plain<Omit<NpvOptions, 'uplinks' | 'downlinks' | 'random'>>;
}

/** A logical unit. */
export interface UnitPlan {
  readonly name: string;
  /** Of 512 bytes. Left out: as many as its file has. */
  readonly blocks?: number;
  /** What keeps the blocks where a driver has files. */
  readonly file?: string;
  readonly writeCache: WriteCache;
  /** Left out: no snapshot can be cut of it. */
  readonly keepsSnapshots?: true;
  /** Its map of changed blocks; left out, the medium's own defaults. */
  readonly map?: MapOptions;
  /** It shows snapshots of the unit at this place in the list. */
  readonly shows?: number;
  /** What the unit at this place was is restored to it from backups. */
  readonly restores?: number;
  /** What it is in a pair of arrays. */
  readonly pair?: PairUnitPlan;
}

/** A unit of a pair: one for hosts, which may be another array's too, or what only the other array sees. */
export type PairUnitPlan =
  | {
      readonly role: 'hosts';
      readonly sameAs?: { readonly device: string; readonly index: number };
    }
  | { readonly role: 'record' }
  /** Of the unit for hosts at this place. */
  | { readonly role: 'leg' | 'forward'; readonly of: number };

/** One side of a pair of arrays. */
export type PairPlan = Plain<Omit<PairOptions, 'ports'>> & {
  /** So many of the array's ports, its last ones, are its way to the other. */
  readonly ports: number;
};

/** A LUN, and the place of its logical unit in the array's list. */
export interface LunPlan {
  readonly lun: number;
  readonly unit: number;
  /** Places of the target ports that show it; all when left out. */
  readonly ports?: readonly number[];
}

/** What one initiator sees. */
export interface MaskPlan {
  /** Its WWPN, or its name over iSCSI. */
  readonly initiator: string;
  readonly luns: readonly LunPlan[];
}

/** A storage array. */
export interface ArrayNode extends NodeBase {
  readonly kind: 'array';
  /** IP ports stand behind the others. */
  readonly ports: readonly (AdapterPortPlan | IpPortPlan)[];
  readonly options: Plain<Omit<StorageArrayOptions, 'name' | 'ports' | 'ip' | 'random' | 'pair'>>;
  /** Another array has a leg of its units. */
  readonly pair?: PairPlan;
  /** What it offers on its IP ports. */
  readonly ip?: Plain<Omit<ArrayIpOptions, 'ports'>>;
  readonly units: readonly UnitPlan[];
  /** Its units take their space from here; where it is left out there is always more. */
  readonly pool?: PoolOptions;
  /** What an initiator port sees that has no mask of its own. */
  readonly defaultMask: readonly LunPlan[];
  /** Of two for one port the later counts. */
  readonly masks: readonly MaskPlan[];
}

/** What makes a move; it has no ports in the fabric. */
export interface MoverNode extends NodeBase {
  readonly kind: 'mover';
  readonly ports: readonly [];
}

/** A backup agent, and the array that it asks. */
export interface BackupNode extends NodeBase {
  readonly kind: 'backup';
  readonly ports: readonly AdapterPortPlan[];
  readonly array: string;
  /** What becomes of the array's maps where the guest moves and its data along; nothing when left out. */
  readonly mapsAtMove?: MapPolicy;
  readonly options: Plain<Omit<BackupAgentOptions, 'name' | 'ports'>>;
}

/** A port on the LAN. */
export interface LanPortPlan {
  readonly kind: 'lan-port';
  /** IPv4, of a port that has an address. */
  readonly address?: string;
}

/** What a node of the LAN is. */
export type LanMachinePlan =
  /** A host's port there, with the NICs of its guests. */
  | { readonly role: 'uplink'; readonly host: string; readonly options: Plain<LanUplinkOptions> }
  /** Who talks with the guests. */
  | { readonly role: 'station'; readonly options: Plain<LanStationOptions> }
  | { readonly role: 'bridge'; readonly options: Plain<VlanBridgeOptions> }
  | { readonly role: 'vtep'; readonly options: Plain<VtepOptions> }
  | {
      readonly role: 'reflector';
      readonly options: Plain<IpPortOptions> & { readonly as: number };
    };

/** A node of the LAN. */
export interface LanNode extends NodeBase {
  readonly kind: 'lan';
  readonly ports: readonly LanPortPlan[];
  readonly machine: LanMachinePlan;
}

/** Any node. */
export type TopologyNode =
  | HostNode
  | SwitchNode
  | FcSwitchNode
  | BridgeNode
  | NpvNode
  | RouterNode
  | ArrayNode
  | MoverNode
  | BackupNode
  | LanNode;
/** What a node can be. */
export type NodeKind = TopologyNode['kind'];

/** A port by its node and its place there, from 0. */
export interface PortRef {
  readonly node: string;
  readonly port: number;
}

/** A link between two ports. */
export interface Cable {
  /** Unique among all cables. */
  readonly name: string;
  /** What frames it carries: FCoE on Ethernet, native Fibre Channel, or those of a LAN; `lan`: of the LAN beside the fabrics. */
  readonly kind: 'fcoe' | 'fc' | 'ethernet' | 'lan';
  readonly fabric: string;
  /** 0 without a tag, and on Fibre Channel. */
  readonly vlan: number;
  /** Towards the core of the fabric: where one end is a switch and the other is not, it is the second. */
  readonly ends: readonly [PortRef, PortRef];
  /** Left out: the link's own defaults. */
  readonly link?: LinkOptions;
  /** It joins what lies between hosts and arrays: what passes it is seen at their cables too. */
  readonly isTrunk?: true;
  /** Out at first, until somebody plugs it in. */
  readonly isOut?: true;
  /** The sites of its ends, where they are two: its link is as long as the way between them. */
  readonly sites?: readonly [string, string];
}

/** A name by which a guest may be known on a fabric. */
export interface GuestName {
  readonly fabric: string;
  readonly wwpn: string;
}

/** A virtual machine as it starts. */
export interface GuestPlan {
  readonly name: string;
  readonly host: string;
  /** How many logical units it must see. */
  readonly units: number;
  /** Its own, in use or to be used. */
  readonly names: readonly GuestName[];
  readonly identities: readonly Plain<AttachmentIdentity>[];
  readonly workload: WorkloadOptions;
  /** Name of the random stream that drives it. */
  readonly stream: string;
  /** Its host keeps maps of what it changes. */
  readonly maps?: GuestMapOptions;
  /** Its disks, where its host makes them of its logical units. */
  readonly volumes?: readonly VolumeOptions[];
  readonly reservation?: Plain<Omit<GuestReservationOptions, 'successors'>> & {
    /** WWPNs, each with the one that takes its place. */
    readonly successors: readonly (readonly [string, string])[];
  };
}

/** A move and the node that makes it. */
export interface PlannedMove {
  readonly mover: string;
  readonly plan: Plain<MovePlan>;
  /** Begins so long after the move before it has ended, or, with `together`, has begun. */
  readonly afterNs: number;
  readonly together: boolean;
}

/** Everything of one world. */
export interface Topology {
  readonly name: string;
  readonly sites: readonly Site[];
  /** For each pair of them; none where there are fewer than two. */
  readonly distances?: readonly SiteDistance[];
  readonly fabrics: readonly FabricPlan[];
  readonly nodes: readonly TopologyNode[];
  readonly cables: readonly Cable[];
  readonly guests: readonly GuestPlan[];
  readonly moves: readonly PlannedMove[];
  readonly events: readonly PlannedEvent[];
}

/** Where a node is, and what: a switch is one whatever its links are. */
export function nodePlaceOf(node: TopologyNode): NodePlace {
  const { name } = node;
  return node.kind === 'switch' || node.kind === 'fc-switch'
    ? { name, kind: 'switch', fabric: node.fabric }
    : {
        name,
        kind: node.kind,
        ...(node.kind === 'lan' && node.machine.role === 'uplink'
          ? { host: node.machine.host }
          : {}),
      };
}

/** All switches of a topology. */
export function switchesOf(topology: Pick<Topology, 'nodes'>): (SwitchNode | FcSwitchNode)[] {
  return [...nodesOf(topology, 'switch'), ...nodesOf(topology, 'fc-switch')];
}

/** The ports of a node that log in to a fabric: its first ones. */
export function adapterPortsOf({
  ports,
}: Pick<HostNode | ArrayNode, 'ports'>): readonly AdapterPortPlan[] {
  return ports.filter((port) => port.kind !== 'ip');
}

/** The target ports of an array in fabrics: those that are not its way to another array. */
export function targetPortsOf(array: ArrayNode): readonly AdapterPortPlan[] {
  const ports = adapterPortsOf(array);
  return array.pair === undefined ? ports : ports.slice(0, -array.pair.ports);
}

/** Whether a port logs in to a fabric when its link comes up. */
export function isAdapterPort(port: { readonly kind: string }): boolean {
  return port.kind === 'enode' || port.kind === 'n-port';
}

/** How many ports of an array hosts log in to: its first ones. */
export function targetPortCount({ pair, ports }: Pick<ArrayNode, 'pair' | 'ports'>): number {
  return ports.length - (pair?.ports ?? 0);
}

/** The nodes of a kind, in their order. */
export function nodesOf<K extends NodeKind>(
  { nodes }: Pick<Topology, 'nodes'>,
  kind: K,
): Extract<TopologyNode, { readonly kind: K }>[] {
  return nodes.filter(
    (node): node is Extract<TopologyNode, { readonly kind: K }> => node.kind === kind,
  );
}

/** The cables that are plugged into a node. */
export function cablesAt({ cables }: Pick<Topology, 'cables'>, node: string): Cable[] {
  return cables.filter(({ ends }) => ends.some((end) => end.node === node));
}

/** The port of a node at which a cable ends; `undefined` where it ends elsewhere. */
export function portAt({ ends }: Cable, node: string): number | undefined {
  return ends.find((end) => end.node === node)?.port;
}
