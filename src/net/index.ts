/**
 * What stations of a LAN run: ARP, a small TCP that makes real frames, and the driver of stream machines on it.
 */
export { IpPort, type IpPortOptions, type IpPortOwner } from './ip-port.ts';
export {
  type AttachedMachine,
  type AttachOptions,
  IpStack,
  type IpStackOwner,
  type TcpPeer,
} from './ip-stack.ts';
export { formatIpv4, type Ipv4Address, parseIpv4 } from './ipv4-address.ts';
export { StreamNode, type StreamNodeOptions } from './stream-node.ts';
export type { TcpConnection, TcpEnds, TcpState } from './tcp/connection.ts';
export { TCP_DEFAULTS, type TcpConfig, type TcpOptions } from './tcp/options.ts';
export { packetOf, readSegment, type Segment, writeSegment } from './tcp/segment.ts';
export type { Tcp } from './tcp/tcp.ts';
