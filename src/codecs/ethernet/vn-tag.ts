import {
  bit,
  codec,
  type Infer,
  type InferInput,
  named,
  u16,
  withDefault,
} from '../layout/index.ts';
import { EtherType } from './ether-type.ts';

/**
 * VN-Tag behind its EtherType 8926h: which virtual interface of a port extender a frame came from
 * or goes to.
 *
 * Shape: 6 bytes, the next EtherType included.
 * Source: Cisco VN-Tag (802.1Qbh draft); Wireshark epan/dissectors/packet-vntag.c for the layout.
 */
export const vnTag = codec('VN-Tag', 'Cisco VN-Tag', {
  direction: withDefault(bit(1), 0),
  pointer: withDefault(bit(1), 0),
  destinationVif: bit(14),
  looped: withDefault(bit(1), 0),
  reserved: withDefault(bit(1), 0),
  version: withDefault(bit(2), 0),
  sourceVif: bit(12),
  etherType: named(u16, EtherType),
});
export type VnTag = Infer<typeof vnTag>;
export type VnTagInput = InferInput<typeof vnTag>;
