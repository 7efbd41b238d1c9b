/** What happens on the LAN beside the storage network, as its switches, its stations and its taps tell it. */
import type { Mac } from '../codecs/layout/index.ts';

/** A virtual machine's NIC is plugged in at a host's uplink, or no more. */
export interface NicPlaced {
  readonly type: 'nic';
  readonly vm: string;
  readonly mac: Mac;
  /** IPv4. */
  readonly address: string;
  readonly state: 'attached' | 'detached';
}

/** Somebody says where a virtual machine's MAC address is. */
export interface MacAnnounced {
  readonly type: 'announced';
  readonly vm: string;
  readonly mac: Mac;
  readonly by: 'RARP' | 'ARP' | 'NA';
  /** Counts from 1. */
  readonly round: number;
}

/** Why a switch's table changed. */
export type MacTableCause = 'learned' | 'moved' | 'aged' | 'flushed' | 'route' | 'withdrawn';

/** A switch forwards a MAC address elsewhere from now on; to nobody where it has forgotten it. */
export interface MacForwarded {
  readonly type: 'mac-table';
  readonly vid: number;
  readonly mac: Mac;
  /** The port that its frames leave by; `undefined`: the address is not known. */
  readonly port: number | undefined;
  /** The tunnel endpoint that they go to, where that port leads into tunnels. */
  readonly vtep?: string;
  readonly cause: MacTableCause;
}

/** Between whom a datagram goes: from the station to the virtual machine, or back; or from the station to everybody. */
export type DatagramWay = 'to-guest' | 'from-guest' | 'to-all';

/** A numbered datagram was sent, or has come to its receiver. */
export interface DatagramPassed {
  readonly type: 'datagram';
  readonly vm: string;
  readonly way: DatagramWay;
  readonly number: number;
  readonly step: 'sent' | 'received';
}

/** A tap saw a numbered datagram on a link. */
export interface DatagramTapped {
  readonly type: 'datagram-tapped';
  readonly link: string;
  readonly direction: 'in' | 'out' | 'unknown';
  /** The tunnel endpoint that it is on its way to: each copy of what is flooded has its own. */
  readonly tunnel?: string;
  /** Empty for one to everybody. */
  readonly vm: string;
  readonly way: DatagramWay;
  readonly number: number;
}

/** A tunnel endpoint advertises where a MAC address is, takes that back, or has chosen among routes. */
export interface MacRouted {
  readonly type: 'mac-route';
  readonly mac: Mac;
  readonly vtep: string;
  readonly sequence: number;
  readonly sticky: boolean;
  readonly step: 'advertised' | 'withdrawn' | 'chosen';
}

/** A MAC address moved so often that two stations must have it. */
export interface MacDuplicated {
  readonly type: 'mac-duplicate';
  readonly mac: Mac;
  readonly moves: number;
}

/** A port profile is in force at a port, or no more. */
export interface ProfileApplied {
  readonly type: 'port-profile';
  readonly mac: Mac;
  readonly port: number;
  readonly vid: number;
  readonly priority: number;
  readonly state: 'in-force' | 'gone';
}

/** What a bridge said to a virtual machine's interface. */
export interface VsiAnswered {
  readonly type: 'vsi';
  readonly mac: Mac;
  readonly port: number;
  readonly step: 'pre-associate' | 'associate' | 'de-associate';
  /** Empty where it was granted. */
  readonly refusal: string;
}

/** A switch answered for a station who has an address. */
export interface NeighbourAnswered {
  readonly type: 'neighbour-answer';
  readonly address: string;
  readonly mac: Mac;
}

/** Why a frame of the LAN was dropped. */
export type LanRefusal = 'vlan' | 'profile' | 'mtu' | 'storm' | 'malformed';

/** A switch dropped a frame. */
export interface LanFrameDropped {
  readonly type: 'lan-dropped';
  readonly port: number;
  readonly reason: LanRefusal;
  /** Source of the frame. */
  readonly mac: Mac;
}

/** A session of a routing protocol is up, or no more. */
export interface BgpSessionChanged {
  readonly type: 'bgp-session';
  readonly peer: string;
  readonly state: 'established' | 'closed';
  readonly reason: string;
}

/** Everything that is told of a LAN. */
export type LanEvent =
  | NicPlaced
  | MacAnnounced
  | MacForwarded
  | DatagramPassed
  | DatagramTapped
  | MacRouted
  | MacDuplicated
  | ProfileApplied
  | VsiAnswered
  | NeighbourAnswered
  | LanFrameDropped
  | BgpSessionChanged;
