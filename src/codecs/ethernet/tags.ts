/** Tags between the addresses and what a frame carries, each behind an EtherType of its own. */
import {
  bit,
  codec,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved16,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { EtherType } from './ether-type.ts';

/**
 * Congestion notification tag (CN-TAG) behind its EtherType 22E9h: the flow that is to slow down.
 *
 * Shape: 4 bytes, the next EtherType included.
 * Source: IEEE 802.1Q, congestion notification tag.
 */
export const cnTag = codec('CN-Tag', 'IEEE 802.1Q, CN-TAG', {
  flowId: hex(u16),
  etherType: named(u16, EtherType),
});
export type CnTag = Infer<typeof cnTag>;
export type CnTagInput = InferInput<typeof cnTag>;

/**
 * Redundancy tag behind its EtherType F1C1h.
 *
 * Shape: 6 bytes, the next EtherType included.
 * Source: IEEE 802.1CB, R-TAG.
 */
export const rTag = codec('R-TAG', 'IEEE 802.1CB, R-TAG', {
  reserved: reserved16,
  sequence: u16,
  etherType: named(u16, EtherType),
});
export type RTag = Infer<typeof rTag>;
export type RTagInput = InferInput<typeof rTag>;

/**
 * Cisco MetaData behind its EtherType 8909h: the security group of the sender.
 *
 * Shape: 8 bytes, the next EtherType included.
 * Source: Wireshark epan/dissectors/packet-cisco-metadata.c.
 */
export const ciscoMetaData = codec('Cisco MetaData', 'Wireshark packet-cisco-metadata.c', {
  version: withDefault(u8, 1),
  length: withDefault(u8, 1),
  optionLength: withDefault(bit(3), 0),
  optionType: withDefault(bit(13), 1),
  securityGroup: u16,
  etherType: named(u16, EtherType),
});
export type CiscoMetaData = Infer<typeof ciscoMetaData>;
export type CiscoMetaDataInput = InferInput<typeof ciscoMetaData>;
