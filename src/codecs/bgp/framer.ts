/** Messages of BGP in a stream, for readers of captures and for speakers. */
import { nameOf } from '../layout/index.ts';
import type { Framer } from '../stream/framer.ts';
import { BgpType } from './codes.ts';
import { BGP_HEADER_BYTES, BGP_MESSAGE_BYTES_MAX, bgpBytesAt } from './message.ts';

const MARKER_BYTES = 16;
const TYPE_AT = 18;
/** What both speakers may agree on. Source: RFC 8654, clause 4. */
const EXTENDED_BYTES_MAX = 65_535;

/** Whether the marker stands here: without it the two ends have lost each other. */
export function isBgpMarkerAt(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < MARKER_BYTES; i++) if (bytes[at + i] !== 0xff) return false;
  return true;
}

/** Bytes of the message that begins here; `undefined` where none does. */
export function bgpLengthAt(
  bytes: Uint8Array,
  at: number,
  bytesMax = BGP_MESSAGE_BYTES_MAX,
): number | undefined {
  const length = bgpBytesAt(bytes, at);
  const fits = length >= BGP_HEADER_BYTES && length <= bytesMax;
  return fits && isBgpMarkerAt(bytes, at) ? length : undefined;
}

/** The messages of a connection. */
export const bgpFramer: Framer = {
  headBytes: BGP_HEADER_BYTES,
  lengthAt: (bytes, at) => bgpLengthAt(bytes, at, EXTENDED_BYTES_MAX),
  begins: (bytes, at, end) =>
    end - at >= BGP_HEADER_BYTES &&
    bgpLengthAt(bytes, at, EXTENDED_BYTES_MAX) !== undefined &&
    nameOf(BgpType, bytes[at + TYPE_AT]!) !== undefined,
};
