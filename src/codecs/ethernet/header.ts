import {
  bit,
  codec,
  type Infer,
  type InferInput,
  mac,
  named,
  u16,
  withDefault,
} from '../layout/index.ts';
import { EtherType } from './ether-type.ts';

/**
 * Ethernet II header.
 *
 * Shape: 14 bytes. `etherType` values of 1500 and below are an 802.3 length.
 * Source: IEEE 802.3, MAC frame format.
 */
export const ethernet = codec('Ethernet', 'IEEE 802.3, MAC frame format', {
  destination: mac,
  source: mac,
  etherType: named(u16, EtherType),
});
export type Ethernet = Infer<typeof ethernet>;
export type EthernetInput = InferInput<typeof ethernet>;

/**
 * The part of a VLAN tag behind its own EtherType: tag control information, then the EtherType of
 * what follows. The same for C-VLAN (8100h) and S-VLAN (88A8h) tags.
 *
 * Shape: 4 bytes.
 * Source: IEEE 802.1Q, VLAN tag.
 */
export const vlanTag = codec('VLAN tag', 'IEEE 802.1Q, VLAN tag', {
  priority: withDefault(bit(3), 0),
  dei: withDefault(bit(1), 0),
  vid: bit(12),
  etherType: named(u16, EtherType),
});
export type VlanTag = Infer<typeof vlanTag>;
export type VlanTagInput = InferInput<typeof vlanTag>;
