/** The TCP segments of a run whose hosts and array are stations of a LAN. */
import { EtherType } from '../codecs/ethernet/index.ts';
import { packetOf, readSegment, type Segment } from '../net/index.ts';

/** The segment of a frame of a LAN; `undefined` where there is none, or one that its receiver discards for a wrong checksum. */
export function segmentIn(frame: Uint8Array): Segment | undefined {
  const packet = packetOf(frame);
  return packet?.etherType === EtherType.IPv4 ? readSegment(frame, packet.at) : undefined;
}
