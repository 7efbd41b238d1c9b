/**
 * Frames of a LAN's stations: announcements, ARP, and the numbered datagrams that show what a move loses.
 *
 * A datagram is UDP to the discard port; its payload says between whom it goes and which one it is, so that a tap
 * finds it again behind every tag and tunnel.
 */
import {
  ArpOperation,
  addWords,
  arp,
  checksumOf,
  ETHERTYPE_VLAN,
  EtherType,
  ethernet,
  IpProtocol,
  icmpv6,
  ipv4,
  ipv6,
  udp,
  vlanTag,
} from '../codecs/ethernet/index.ts';
import {
  CodecError,
  codec,
  type Infer,
  type Mac,
  putMac,
  u8,
  u32,
  u64,
  withDefault,
} from '../codecs/layout/index.ts';
import type { DatagramWay } from '../history/lan.ts';
import { ipv4Bytes, parseIpv4 } from './ipv4-address.ts';

/** Everybody on the segment. */
export const BROADCAST: Mac = 'ff:ff:ff:ff:ff:ff' as Mac;
/** All nodes of IPv6, as a group of Ethernet. Source: RFC 2464, clause 7. */
const ALL_NODES: Mac = '33:33:00:00:00:01' as Mac;
const DISCARD_PORT = 9;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;
const ETHERNET_BYTES = 14;
const TAG_BYTES = 4;
/** Frames are filled up to this, without FCS. Source: IEEE 802.3, 3.2.7. */
const FRAME_BYTES_MIN = 60;
/** Ways by their codes in datagrams. */
export const DATAGRAM_WAYS: readonly DatagramWay[] = ['to-guest', 'from-guest', 'to-all'];
/** The guest of a datagram to everybody. */
const NO_GUEST = 0xffff_ffff;
const MAGIC = 0x534d_6467;

/** What a datagram says of itself. Shape: 21 bytes. Source: none but this project. */
export const guestDatagram = codec('guest datagram', 'sanmotion', {
  magic: withDefault(u32, MAGIC),
  /** A way's place in `DATAGRAM_WAYS`. */
  way: u8,
  /** The guest, by its place among all. */
  guest: u32,
  number: u32,
  sentNs: u64,
});
/** What `guestDatagram` decodes. */
export type GuestDatagram = Infer<typeof guestDatagram>;

/** A place on the LAN. */
export interface LanAddress {
  readonly mac: Mac;
  /** IPv4. */
  readonly address: string;
}

/** How frames of a station are tagged. */
export interface LanTag {
  /** 0: untagged. */
  readonly vid: number;
  readonly priority: number;
}

/** A frame with its header and tag, filled up; `payload` begins at the place that is returned. */
function frameOf(
  source: Mac,
  destination: Mac,
  { vid, priority }: LanTag,
  etherType: number,
  payload: Uint8Array,
): Uint8Array {
  const tagged = vid !== 0;
  const at = ETHERNET_BYTES + (tagged ? TAG_BYTES : 0);
  const frame = new Uint8Array(Math.max(FRAME_BYTES_MIN, at + payload.length));
  ethernet.write(frame, 0, { destination, source, etherType: tagged ? ETHERTYPE_VLAN : etherType });
  if (tagged) vlanTag.write(frame, ETHERNET_BYTES, { priority, vid, etherType });
  frame.set(payload, at);
  return frame;
}

const macBytes = (mac: Mac): Uint8Array => {
  const bytes = new Uint8Array(6);
  putMac(bytes, 0, mac);
  return bytes;
};

/** The RARP frame by which QEMU and vMotion announce a guest: both hardware addresses its own. */
export function rarpFrame(mac: Mac, tag: LanTag): Uint8Array {
  const packet = arp.encode({
    operation: ArpOperation['RARP request'],
    senderHardwareAddress: macBytes(mac),
    senderProtocolAddress: new Uint8Array(4),
    targetHardwareAddress: macBytes(mac),
    targetProtocolAddress: new Uint8Array(4),
  });
  return frameOf(mac, BROADCAST, tag, EtherType.RARP, packet);
}

/** An ARP packet as a frame. */
export function arpFrame(
  operation: number,
  sender: LanAddress,
  target: LanAddress,
  destination: Mac,
  tag: LanTag,
): Uint8Array {
  const packet = arp.encode({
    operation,
    senderHardwareAddress: macBytes(sender.mac),
    senderProtocolAddress: ipv4Bytes(parseIpv4(sender.address)),
    targetHardwareAddress: macBytes(target.mac),
    targetProtocolAddress: ipv4Bytes(parseIpv4(target.address)),
  });
  return frameOf(sender.mac, destination, tag, EtherType.ARP, packet);
}

/** Gratuitous ARP: the guest says that an address is its own. Source: RFC 5227, 2.3. */
export function gratuitousArpFrame(who: LanAddress, tag: LanTag): Uint8Array {
  const target = { mac: '00:00:00:00:00:00' as Mac, address: who.address };
  return arpFrame(ArpOperation['ARP request'], who, target, BROADCAST, tag);
}

/** The link-local address that a MAC address gives. Source: RFC 4291, appendix A. */
function linkLocal(mac: Mac): Uint8Array {
  const [a, b, c, d, e, f] = macBytes(mac) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 0x02, b, c, 0xff, 0xfe, d, e, f);
}

/** An unsolicited neighbor advertisement with Override. Source: RFC 4861, 7.2.6. */
export function neighborAdvertisementFrame(mac: Mac, tag: LanTag): Uint8Array {
  const source = linkLocal(mac);
  const destination = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  const body = {
    kind: 'neighbor advertisement',
    override: 1,
    targetAddress: source,
    options: [{ kind: 'targetLinkLayerAddress', mac }],
  } as const;
  const message = icmpv6.encode(body);
  const pseudo = Uint8Array.of(
    ...source,
    ...destination,
    0,
    0,
    0,
    message.length,
    0,
    0,
    0,
    IpProtocol.ICMPv6,
  );
  const sum = addWords(message, 0, message.length, addWords(pseudo, 0, pseudo.length));
  const checked = icmpv6.encode({ ...body, checksum: checksumOf(sum) });
  const header = ipv6.encode({
    payloadLengthBytes: checked.length,
    nextHeader: IpProtocol.ICMPv6,
    hopLimit: 255,
    source,
    destination,
  });
  const packet = new Uint8Array(header.length + checked.length);
  packet.set(header);
  packet.set(checked, header.length);
  return frameOf(mac, ALL_NODES, tag, EtherType.IPv6, packet);
}

/** What a datagram is, and how long its IP packet is to be. */
export interface DatagramToSend {
  /** Left out where it is to everybody. */
  readonly guest?: number;
  readonly way: DatagramWay;
  readonly number: number;
  readonly sentNs: number;
  /** At least what the headers and the payload need. */
  readonly packetBytes: number;
}

/** A UDP datagram in IPv4 as bytes; the checksum of UDP is left out, as IPv4 allows. */
export function udpPacket(
  source: string,
  destination: string,
  ports: { readonly source: number; readonly destination: number },
  payload: Uint8Array,
): Uint8Array {
  const packet = new Uint8Array(IPV4_BYTES + UDP_BYTES + payload.length);
  ipv4.write(packet, 0, {
    totalLengthBytes: packet.length,
    flags: 2,
    protocol: IpProtocol.UDP,
    source: ipv4Bytes(parseIpv4(source)),
    destination: ipv4Bytes(parseIpv4(destination)),
  });
  const sum = checksumOf(addWords(packet, 0, IPV4_BYTES));
  packet[10] = sum >> 8;
  packet[11] = sum;
  udp.write(packet, IPV4_BYTES, {
    sourcePort: ports.source,
    destinationPort: ports.destination,
    lengthBytes: UDP_BYTES + payload.length,
  });
  packet.set(payload, IPV4_BYTES + UDP_BYTES);
  return packet;
}

/** The frame of a UDP datagram. */
export function udpFrame(
  from: LanAddress,
  to: LanAddress,
  tag: LanTag,
  ports: { readonly source: number; readonly destination: number },
  payload: Uint8Array,
): Uint8Array {
  const packet = udpPacket(from.address, to.address, ports, payload);
  return frameOf(from.mac, to.mac, tag, EtherType.IPv4, packet);
}

/** The frame of a numbered datagram. */
export function datagramFrame(
  from: LanAddress,
  to: LanAddress,
  tag: LanTag,
  { guest, way, number, sentNs, packetBytes }: DatagramToSend,
): Uint8Array {
  const stamp = guestDatagram.encode({
    way: DATAGRAM_WAYS.indexOf(way),
    guest: guest ?? NO_GUEST,
    number,
    sentNs: BigInt(sentNs),
  });
  const room = Math.max(stamp.length, packetBytes - IPV4_BYTES - UDP_BYTES);
  const payload = new Uint8Array(room);
  payload.set(stamp);
  const ports = { source: DISCARD_PORT, destination: DISCARD_PORT };
  return udpFrame(from, to, tag, ports, payload);
}

/** Where what a frame carries begins, and what that is; `undefined` for one that is too short. */
export function lanFrame(
  frame: Uint8Array,
): { readonly etherType: number; readonly vid: number; readonly at: number } | undefined {
  if (frame.length < ETHERNET_BYTES) return undefined;
  const outer = (frame[12]! << 8) | frame[13]!;
  if (outer !== ETHERTYPE_VLAN) return { etherType: outer, vid: 0, at: ETHERNET_BYTES };
  if (frame.length < ETHERNET_BYTES + TAG_BYTES) return undefined;
  const vid = ((frame[14]! & 0x0f) << 8) | frame[15]!;
  return { etherType: (frame[16]! << 8) | frame[17]!, vid, at: ETHERNET_BYTES + TAG_BYTES };
}

/** The numbered datagram at an Ethernet header; `undefined` where there is none. */
export function datagramIn(frame: Uint8Array): GuestDatagram | undefined {
  const place = lanFrame(frame);
  if (place?.etherType !== EtherType.IPv4) return undefined;
  const { at } = place;
  const from = at + IPV4_BYTES + UDP_BYTES;
  if (frame.length < from + guestDatagram.headBytes || frame[at + 9] !== IpProtocol.UDP)
    return undefined;
  const one = guestDatagram.decode(frame, from, from + guestDatagram.headBytes);
  return one.magic === MAGIC ? one : undefined;
}

/** The ARP packet of a frame; `undefined` where there is none, or it does not hold together. */
export function arpIn(
  frame: Uint8Array,
):
  | { readonly operation: number; readonly sender: LanAddress; readonly target: LanAddress }
  | undefined {
  const place = lanFrame(frame);
  if (
    place === undefined ||
    (place.etherType !== EtherType.ARP && place.etherType !== EtherType.RARP)
  )
    return undefined;
  try {
    const packet = arp.decode(frame, place.at);
    if (packet.hardwareAddressBytes !== 6 || packet.protocolAddressBytes !== 4) return undefined;
    const at = (mac: Uint8Array, address: Uint8Array): LanAddress => ({
      mac: Array.from(mac, (one) => one.toString(16).padStart(2, '0')).join(':') as Mac,
      address: address.join('.'),
    });
    return {
      operation: packet.operation,
      sender: at(packet.senderHardwareAddress, packet.senderProtocolAddress),
      target: at(packet.targetHardwareAddress, packet.targetProtocolAddress),
    };
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
