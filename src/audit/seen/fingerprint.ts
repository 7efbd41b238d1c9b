/** A number that the copies of a frame share, and hardly another frame. */
import type { FramePlace } from '../../capture/index.ts';

const HEAD_BYTES = 64;
const END_BYTES = 12;

/** A number of the length, the beginning and the end, where the CRC stands. */
export function fingerprint({ bytes, at, end }: Pick<FramePlace, 'bytes' | 'at' | 'end'>): number {
  const headEnd = end - at < HEAD_BYTES ? end : at + HEAD_BYTES;
  const hash = taken(end - at, bytes, at, headEnd);
  return taken(hash, bytes, headEnd > end - END_BYTES ? headEnd : end - END_BYTES, end);
}

/** Takes bytes into a hash, four at a time. */
function taken(before: number, bytes: Uint8Array, from: number, end: number): number {
  let hash = before;
  let i = from;
  for (; i + 4 <= end; i += 4) {
    const word = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    hash = Math.imul(hash ^ word, 0x0100_0193);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  return hash | 0;
}
