/** CRC-32 as Ethernet and Fibre Channel use it: reflected 0x04C11DB7, all ones in, inverted out. */
import { crcByTable } from './crc-table.ts';
import { partOf } from './layout/part.ts';

const POLYNOMIAL_REFLECTED = 0xedb8_8320;
/** From about this many bytes on, the call into zlib costs less than the table. Measured, Node 20. */
const ZLIB_PAYS_BYTES = 256;

type ZlibCrc32 = (bytes: Uint8Array, before?: number) => number;

/** The platform's own CRC-32 where there is one; looked up at run time, so browsers need no shim. */
function findZlib(): ZlibCrc32 | undefined {
  type Host = {
    process?: { getBuiltinModule?: (id: string) => { crc32?: ZlibCrc32 } | undefined };
  };
  return (globalThis as Host).process?.getBuiltinModule?.('node:zlib')?.crc32;
}

const zlibCrc32 = findZlib();

/**
 * CRC-32 of `bytes[at, end)` by table, eight bytes a step; the same value as `crc32` everywhere.
 * `before` is the CRC of the bytes in front of them, where they go on.
 */
export const crc32ByTable = crcByTable(POLYNOMIAL_REFLECTED);

/**
 * CRC-32 of `bytes[at, end)`, an unsigned 32-bit number. FCoE stores it least significant byte
 * first. The bounds are not checked.
 * Source: FC-FS, annex on the CRC; IEEE 802.3, frame check sequence.
 */
export function crc32(bytes: Uint8Array, at = 0, end: number = bytes.length): number {
  if (zlibCrc32 === undefined || end - at < ZLIB_PAYS_BYTES) return crc32ByTable(bytes, at, end);
  return zlibCrc32(at === 0 && end === bytes.length ? bytes : partOf(bytes, at, end));
}

/**
 * As `crc32`, where an array of the bytes `[pieceAt, pieceAt + piece.length)` is already there:
 * it saves making one.
 */
export function crc32Around(
  bytes: Uint8Array,
  at: number,
  end: number,
  piece: Uint8Array,
  pieceAt: number,
): number {
  const pieceEnd = pieceAt + piece.length;
  const isLarge = zlibCrc32 !== undefined && piece.length >= ZLIB_PAYS_BYTES;
  if (!isLarge || pieceAt < at || pieceEnd > end) return crc32(bytes, at, end);
  const before = crc32ByTable(bytes, at, pieceAt);
  return crc32ByTable(bytes, pieceEnd, end, zlibCrc32(piece, before));
}
