/**
 * Frames in tunnels: a station's frame as the UDP payload of VXLAN, and taken out of one.
 * Source: RFC 7348; what a VLAN's frames carry inside has no tag.
 */
import {
  ETHERTYPE_VLAN,
  EtherType,
  ethernet,
  IpProtocol,
  ipv4,
  VXLAN_PORT,
  vlanTag,
  vxlan,
} from '../../codecs/ethernet/index.ts';
import { type Mac, macAt, u32 } from '../../codecs/layout/index.ts';
import { formatIpv4, ipv4At, parseIpv4 } from '../../net/ipv4-address.ts';
import { lanFrame, udpPacket } from '../../net/lan-frame.ts';

const VXLAN_BYTES = 8;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;
const ETHERNET_BYTES = 14;
/** Source: RFC 7348, 4: ports of tunnels. */
const TUNNEL_SOURCE_PORT = 49_152;

/** The end of tunnels of one network. */
export interface TunnelEnd {
  readonly mac: Mac;
  readonly address: string;
  /** The VLAN of its stations, and the VXLAN network of that. */
  readonly vid: number;
  readonly vni: number;
}

/** What goes into tunnels for a station's frame: VXLAN's header and the frame without its tag. */
export function tunnelPayload(frame: Uint8Array, vni: number): Uint8Array {
  const inner = untagged(frame);
  const payload = new Uint8Array(VXLAN_BYTES + inner.length);
  vxlan.write(payload, 0, { vni });
  payload.set(inner, VXLAN_BYTES);
  return payload;
}

/** Bytes of the IP packet that a payload goes in. */
export const packetBytesOf = (payload: Uint8Array): number =>
  payload.length + UDP_BYTES + IPV4_BYTES;

/** That packet, to another end. */
export function tunnelPacket(payload: Uint8Array, from: string, to: string): Uint8Array {
  const ports = { source: TUNNEL_SOURCE_PORT, destination: VXLAN_PORT };
  return udpPacket(from, to, ports, payload);
}

/** A packet in the frame that it crosses the next link in. */
export function outerFrame(packet: Uint8Array, source: Mac, destination: Mac): Uint8Array {
  const outer = new Uint8Array(ETHERNET_BYTES + packet.length);
  ethernet.write(outer, 0, { destination, source, etherType: EtherType.IPv4 });
  outer.set(packet, ETHERNET_BYTES);
  return outer;
}

/**
 * What a frame brings out of a tunnel: the station's frame with its tag, and the end that sent it.
 * `elsewhere`: it is for another end or network, or cut. Errors: `undefined` for a frame of no tunnel.
 */
export function outOfTunnel(
  frame: Uint8Array,
  { address, mac, vid, vni }: TunnelEnd,
): { readonly inner: Uint8Array; readonly from: string } | 'elsewhere' | undefined {
  const at = ETHERNET_BYTES;
  const innerAt = at + IPV4_BYTES + UDP_BYTES + VXLAN_BYTES;
  const place = lanFrame(frame);
  if (place?.etherType !== EtherType.IPv4 || place.at !== at) return undefined;
  if (frame.length < innerAt + ETHERNET_BYTES) return undefined;
  const ip = ipv4.view(frame, at);
  const port = (frame[at + IPV4_BYTES + 2]! << 8) | frame[at + IPV4_BYTES + 3]!;
  if (ip.protocol !== IpProtocol.UDP || ip.headerWords !== 5 || port !== VXLAN_PORT)
    return undefined;
  if (ipv4At(frame, at + 16) !== parseIpv4(address) || macAt(frame, 0) !== mac) return 'elsewhere';
  if (u32.read(frame, innerAt - 4, 0) >>> 8 !== vni) return 'elsewhere';
  const end = Math.min(frame.length, at + ip.totalLengthBytes);
  if (end < innerAt + ETHERNET_BYTES) return 'elsewhere';
  return {
    inner: tagged(frame.subarray(innerAt, end), vid),
    from: formatIpv4(ipv4At(frame, at + 12)),
  };
}

/** A frame without its VLAN tag. */
function untagged(frame: Uint8Array): Uint8Array {
  if (lanFrame(frame)?.at === ETHERNET_BYTES) return frame;
  const bare = new Uint8Array(frame.length - 4);
  bare.set(frame.subarray(0, 12));
  bare.set(frame.subarray(16), 12);
  return bare;
}

/** A frame with a VLAN tag. */
function tagged(frame: Uint8Array, vid: number): Uint8Array {
  const whole = new Uint8Array(frame.length + 4);
  whole.set(frame.subarray(0, 12));
  whole[12] = ETHERTYPE_VLAN >> 8;
  whole[13] = ETHERTYPE_VLAN & 0xff;
  const etherType = (frame[12]! << 8) | frame[13]!;
  vlanTag.write(whole, ETHERNET_BYTES, { vid, etherType });
  whole.set(frame.subarray(ETHERNET_BYTES), ETHERNET_BYTES + 4);
  return whole;
}
