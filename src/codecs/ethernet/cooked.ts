/**
 * Linux cooked captures: what stands in front of a packet when the interface's own header was not
 * captured.
 * Source: tcpdump.org, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.
 */
import {
  bytes,
  codec,
  type Infer,
  type InferInput,
  named,
  reserved16,
  u8,
  u16,
  u32,
  u32le,
} from '../layout/index.ts';
import { EtherType } from './ether-type.ts';

/** How the packet met the capturing host. */
export const PacketType = {
  'to us': 0,
  broadcast: 1,
  multicast: 2,
  'to another host': 3,
  'from us': 4,
} as const;

/** Cooked header, version 1 (link type 113). Shape: 16 bytes. */
export const sll = codec('Linux cooked header', 'LINKTYPE_LINUX_SLL', {
  packetType: named(u16, PacketType),
  hardwareType: u16,
  addressLengthBytes: u16,
  address: bytes(8),
  protocol: named(u16, EtherType),
});
export type Sll = Infer<typeof sll>;
export type SllInput = InferInput<typeof sll>;

/** Cooked header, version 2 (link type 276). Shape: 20 bytes. */
export const sll2 = codec('Linux cooked header v2', 'LINKTYPE_LINUX_SLL2', {
  protocol: named(u16, EtherType),
  reserved: reserved16,
  interfaceIndex: u32,
  hardwareType: u16,
  packetType: named(u8, PacketType),
  addressLengthBytes: u8,
  address: bytes(8),
});
export type Sll2 = Infer<typeof sll2>;
export type Sll2Input = InferInput<typeof sll2>;

/** BSD loopback (link types 0 and 108): an address family, then an IP packet. Shape: 4 bytes. */
export const loopback = codec('loopback header', 'LINKTYPE_NULL', { family: u32 });
export type Loopback = Infer<typeof loopback>;
export type LoopbackInput = InferInput<typeof loopback>;
/** The same as a little-endian host writes it. Shape: 4 bytes. */
export const loopbackLittle = codec('loopback header', 'LINKTYPE_NULL', { family: u32le });
