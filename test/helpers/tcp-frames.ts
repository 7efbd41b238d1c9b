/** TCP segments in IPv4 and Ethernet, written byte by byte. */
import { addWords, checksumOf } from '../../src/codecs/ethernet/index.ts';

/** A host's last octet in 10.0.0.0/24, and its TCP port. */
export type End = readonly [host: number, port: number];

export interface SegmentOptions {
  readonly from: End;
  readonly to: End;
  readonly seq: number;
  readonly ack?: number;
  /** ACK unless told. */
  readonly flags?: number;
  readonly payload?: Uint8Array;
}

/** SYN and ACK bits. */
export const SYN = 0x02;
export const ACK = 0x10;
export const RST = 0x04;

/** One segment; checksums stay zero. */
export function tcpFrame({
  from,
  to,
  seq,
  ack = 0,
  flags = ACK,
  payload,
}: SegmentOptions): Uint8Array {
  const data = payload ?? new Uint8Array(0);
  const bytes = new Uint8Array(54 + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([2, 0, 0, 0, 0, to[0], 2, 0, 0, 0, 0, from[0], 0x08, 0x00, 0x45]);
  view.setUint16(16, 40 + data.length);
  bytes.set([64, 6], 22);
  bytes.set([10, 0, 0, from[0], 10, 0, 0, to[0]], 26);
  view.setUint16(34, from[1]);
  view.setUint16(36, to[1]);
  view.setUint32(38, seq >>> 0);
  view.setUint32(42, ack >>> 0);
  bytes[46] = 0x50;
  bytes[47] = flags;
  view.setUint16(48, 0xffff);
  bytes.set(data, 54);
  return bytes;
}

/** The sum of the pseudo header, as a system leaves it to its card. */
const pseudoSum = (frame: Uint8Array): number => addWords(frame, 26, 34, 6 + frame.length - 34);

/** The frame with its TCP checksum, or with what a system leaves there for its card. */
export function summed(frame: Uint8Array, how: 'right' | 'left to the card' = 'right'): Uint8Array {
  const again = frame.slice();
  again.set([0, 0], 50);
  const pseudo = pseudoSum(again);
  const sum =
    how === 'right'
      ? checksumOf(addWords(again, 34, again.length, pseudo))
      : ~checksumOf(pseudo) & 0xffff;
  again.set([sum >> 8, sum & 0xff], 50);
  return again;
}
