/** ARP and RARP: the announcements by which a moved machine's addresses follow it. */
import {
  codec,
  derived,
  type Infer,
  type InferInput,
  named,
  of,
  rest,
  sized,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { EtherType } from './ether-type.ts';

/** ARP and RARP operation codes. */
export const ArpOperation = {
  'ARP request': 1,
  'ARP reply': 2,
  'RARP request': 3,
  'RARP reply': 4,
} as const;

const HARDWARE_ETHERNET = 1;
type Lengths = { hardwareAddressBytes: number; protocolAddressBytes: number };
const hardwareAddress = sized(
  of<Lengths>((v) => v.hardwareAddressBytes),
  rest,
);
const protocolAddress = sized(
  of<Lengths>((v) => v.protocolAddressBytes),
  rest,
);

/**
 * ARP or RARP packet; the EtherType tells which. A gratuitous ARP names the same protocol address
 * as sender and target.
 *
 * Shape: 8 bytes, then two pairs of addresses of the lengths said; 28 bytes for Ethernet and IPv4.
 * Source: RFC 826, RFC 903.
 */
export const arp = codec('ARP', 'RFC 826 and RFC 903', {
  hardwareType: withDefault(u16, HARDWARE_ETHERNET),
  protocolType: withDefault(named(u16, EtherType), EtherType.IPv4),
  hardwareAddressBytes: derived(u8, (_, sizeOf) => sizeOf('senderHardwareAddress')),
  protocolAddressBytes: derived(u8, (_, sizeOf) => sizeOf('senderProtocolAddress')),
  operation: named(u16, ArpOperation),
  senderHardwareAddress: hardwareAddress,
  senderProtocolAddress: protocolAddress,
  targetHardwareAddress: hardwareAddress,
  targetProtocolAddress: protocolAddress,
});
export type Arp = Infer<typeof arp>;
export type ArpInput = InferInput<typeof arp>;

/** True for an ARP or RARP by which a station announces itself. */
export function isGratuitous(packet: Arp): boolean {
  const { senderProtocolAddress: sender, targetProtocolAddress: target } = packet;
  if (packet.operation > ArpOperation['ARP reply']) {
    return equal(packet.senderHardwareAddress, packet.targetHardwareAddress);
  }
  return sender.length > 0 && equal(sender, target);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
