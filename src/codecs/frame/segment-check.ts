/**
 * The checksums of one direction of a TCP connection: what its receiver discards is not its sender's word.
 *
 * A capture has wrong ones that no receiver saw: a card computes the checksum behind the tap, or has put several
 * segments together. So a wrong one counts only where the sum of the pseudo header does not stand in its place, in a
 * direction of which right ones were seen, and in a segment no longer than one on a wire.
 */
import { addWords, checksumOf } from '../ethernet/index.ts';

/** IP's number for TCP, as the pseudo header has it. */
const TCP_PROTOCOL = 6;
const CHECKSUM_AT = 16;
/** Payload of a segment on Ethernet without jumbo frames. */
const PLAIN_BYTES_MAX = 1460;

/** A segment with its addresses: its header lies from `headerAt`, its payload to `end`. */
export interface CheckedSegment {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly headerAt: number;
  readonly at: number;
  readonly end: number;
  /** Bytes that its payload had on the wire. */
  readonly lengthBytes: number;
}

/** Follows the checksums of one direction. Source: RFC 9293, 3.1; RFC 1071. */
export class SegmentCheck {
  /** Payload of the longest segment with a right checksum; -1 before the first. */
  #longest = -1;

  /** True where the receiver discards the segment, for all that the capture shows. */
  isDamaged(segment: CheckedSegment, bytes: Uint8Array): boolean {
    const { at, destination, end, headerAt, lengthBytes, source } = segment;
    // Of a segment that a snap length cut nobody can tell.
    if (end - at !== lengthBytes) return false;
    const stored = (bytes[headerAt + CHECKSUM_AT]! << 8) | bytes[headerAt + CHECKSUM_AT + 1]!;
    if (stored === 0) return false;
    const addresses = addWords(source, 0, source.length, TCP_PROTOCOL + end - headerAt);
    const pseudo = addWords(destination, 0, destination.length, addresses);
    if (checksumOf(addWords(bytes, headerAt, end, pseudo)) === 0) {
      this.#longest = Math.max(this.#longest, lengthBytes);
      return false;
    }
    if (this.#longest < 0 || stored === (~checksumOf(pseudo) & 0xffff)) return false;
    return lengthBytes <= Math.max(this.#longest, PLAIN_BYTES_MAX);
  }
}
