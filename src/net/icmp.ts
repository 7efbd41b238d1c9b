/** ICMP for IPv4, as far as routers say that a packet is too large. */
import { addWords, checksumOf, EtherType, IpProtocol, ipv4 } from '../codecs/ethernet/index.ts';
import { bytes, CodecError, codec, u8, u16, withDefault } from '../codecs/layout/index.ts';
import { type Ipv4Address, ipv4At, ipv4Bytes } from './ipv4-address.ts';
import { type FramePlace, frameFor } from './tcp/segment.ts';

/** Destination unreachable: fragmentation needed and DF set. Source: RFC 792, page 4. */
const DESTINATION_UNREACHABLE = 3;
const FRAGMENTATION_NEEDED = 4;
const IPV4_BYTES = 20;
/** Of the packet that it is about: its header and 64 bits more. Source: RFC 792, page 4. */
const QUOTED_BYTES = IPV4_BYTES + 8;
const CHECKSUM_AT = 2;

/**
 * A router's word that a packet is too large for the way behind it.
 *
 * Shape: 36 bytes. Units: `nextHopMtu` counts bytes of IP packets. Errors: `truncated` below that.
 * Source: RFC 792, page 4; RFC 1191, clause 4.
 */
export const packetTooBig = codec('ICMP packet too big', 'RFC 1191, 4', {
  type: withDefault(u8, DESTINATION_UNREACHABLE),
  code: withDefault(u8, FRAGMENTATION_NEEDED),
  checksum: u16,
  unused: withDefault(u16, 0),
  nextHopMtu: u16,
  /** The packet's IP header and the first 8 bytes behind it. */
  quoted: bytes(QUOTED_BYTES),
});

/** Which packet was too large, and for how much there is room. */
export interface PacketTooBig {
  readonly nextHopMtu: number;
  /** From whom to whom it was. */
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Its TCP sequence number. */
  readonly seq: number;
}

/** The frame that says it, of the packet at a byte of another frame. Errors: `CodecError` where that is cut. */
export function tooBigFrame(
  place: FramePlace,
  from: Ipv4Address,
  about: { readonly frame: Uint8Array; readonly at: number },
  nextHopMtu: number,
): Uint8Array {
  const quoted = about.frame.slice(about.at, about.at + QUOTED_BYTES);
  const message = packetTooBig.encode({ checksum: 0, nextHopMtu, quoted });
  const sum = checksumOf(addWords(message, 0, message.length));
  message[CHECKSUM_AT] = sum >> 8;
  message[CHECKSUM_AT + 1] = sum;
  const { frame, at } = frameFor(place, EtherType.IPv4, IPV4_BYTES + message.length);
  ipv4.write(frame, at, {
    totalLengthBytes: IPV4_BYTES + message.length,
    identification: place.identification,
    flags: 0,
    protocol: IpProtocol.ICMP,
    source: ipv4Bytes(from),
    destination: ipv4Bytes(ipv4At(quoted, 12)),
    options: new Uint8Array(0),
  });
  const headerSum = checksumOf(addWords(frame, at, at + IPV4_BYTES));
  frame[at + 10] = headerSum >> 8;
  frame[at + 11] = headerSum;
  frame.set(message, at + IPV4_BYTES);
  return frame;
}

/** What the IPv4 packet at a byte says of one that was too large; `undefined` where it says nothing of that. */
export function tooBigAt(frame: Uint8Array, at: number): PacketTooBig | undefined {
  const from = at + IPV4_BYTES;
  const end = from + packetTooBig.headBytes;
  if (frame.length < end || frame[at] !== 0x45 || frame[at + 9] !== IpProtocol.ICMP)
    return undefined;
  if (checksumOf(addWords(frame, at, from)) !== 0) return undefined;
  if (checksumOf(addWords(frame, from, end)) !== 0) return undefined;
  try {
    const { code, nextHopMtu, quoted, type } = packetTooBig.decode(frame, from, end);
    if (type !== DESTINATION_UNREACHABLE || code !== FRAGMENTATION_NEEDED) return undefined;
    if (quoted[0] !== 0x45 || quoted[9] !== IpProtocol.TCP) return undefined;
    const word = (i: number): number =>
      (quoted[IPV4_BYTES + i]! << 8) | quoted[IPV4_BYTES + i + 1]!;
    return {
      nextHopMtu,
      source: ipv4At(quoted, 12),
      destination: ipv4At(quoted, 16),
      sourcePort: word(0),
      destinationPort: word(2),
      seq: ipv4At(quoted, IPV4_BYTES + 4),
    };
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
