/**
 * What stations of a LAN run: ARP, a small TCP that makes real frames, and the driver of stream machines on it.
 */

export { ANNOUNCEMENTS, type Announcement, Announcer, type AnnouncerOwner } from './announcer.ts';
export { type DcbxOptions, type DcbxOwner, DcbxPort } from './dcbx/dcbx-port.ts';
export type { TieBreak } from './dcbx/ieee.ts';
export { convergedSettings, NO_DCB } from './dcbx/settings.ts';
export { EcpEnd, type EcpOwner } from './ecp.ts';
export { IpPort, type IpPortOptions, type IpPortOwner, type IpRoute } from './ip-port.ts';
export {
  type AttachedMachine,
  type AttachOptions,
  IpStack,
  type IpStackOwner,
  type TcpPeer,
} from './ip-stack.ts';
export { formatIpv4, type Ipv4Address, parseIpv4 } from './ipv4-address.ts';
export { LanStation, type LanStationOptions } from './lan-station.ts';
export {
  type GuestNic,
  type LanAnswer,
  type LanCommand,
  type LanReply,
  LanUplink,
  type LanUplinkOptions,
} from './lan-uplink.ts';
export { StreamNode, type StreamNodeOptions } from './stream-node.ts';
export type { TcpConnection, TcpEnds, TcpState } from './tcp/connection.ts';
export { TCP_DEFAULTS, type TcpConfig, type TcpOptions } from './tcp/options.ts';
export { packetOf, readSegment, type Segment, writeSegment } from './tcp/segment.ts';
export { FIRST_SEGMENTS } from './tcp/sender.ts';
export type { Tcp } from './tcp/tcp.ts';
export { VdpStation, type VdpStationOwner, type Vsi, type VsiStep } from './vdp-station.ts';
