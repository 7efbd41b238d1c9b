/**
 * The stamp of a written block: who wrote it, where it belongs, and which version it is.
 *
 * A workload stamps every block it writes, so that every block read anywhere, by anybody, on the
 * wire or from the medium, can be judged: right place, right version, in one piece.
 */
import { crc32 } from '../crc32.ts';
import { bytes, codec, hex, type Infer, text, u32, u64, withDefault } from '../layout/index.ts';

/** Bytes of a stamped block. */
export const STAMP_BYTES = 512;
const MAGIC = 'SANMOTN1';
const LU_ID_BYTES = 16;
const CRC_AT = STAMP_BYTES - 4;
const FILL_AT = 44;

/**
 * A stamped block.
 *
 * Shape: 512 bytes: magic, writer, version, LBA, logical unit, a fill that depends on all of
 * these, CRC-32 of the first 508 bytes. Version 0 is never written.
 */
export const blockStamp = codec('block stamp', 'sanmotion, block stamp', {
  magic: withDefault(text(8), MAGIC),
  writerId: u32,
  version: u32,
  lba: u64,
  luId: bytes(LU_ID_BYTES),
  reserved: withDefault(u32, 0),
  fill: bytes(CRC_AT - FILL_AT),
  crc: hex(u32),
});
export type BlockStamp = Infer<typeof blockStamp>;

/** What a block turned out to be. */
export type StampReading =
  /** All zeros: never written. */
  | { readonly found: 'blank' }
  | { readonly found: 'stamp'; readonly writerId: number; readonly version: number }
  /**
   * Nothing that was written here: parts of two writes (`torn`), bytes that are no stamp or not in
   * one piece (`damaged`), or a stamp for another place (`misplaced`).
   */
  | {
      readonly found: 'wrong';
      readonly why: string;
      readonly fault?: 'torn' | 'damaged' | 'misplaced';
    };

function put32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

function get32(source: Uint8Array, at: number): number {
  return (
    ((source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!) >>> 0
  );
}

/** Writes a stamp into 512 bytes at `at`. `luId` has 16 bytes; `lba` is a safe integer. */
export function putStamp(
  target: Uint8Array,
  at: number,
  stamp: { writerId: number; version: number; lba: number; luId: Uint8Array },
): void {
  for (let i = 0; i < MAGIC.length; i++) target[at + i] = MAGIC.charCodeAt(i);
  put32(target, at + 8, stamp.writerId);
  put32(target, at + 12, stamp.version);
  put32(target, at + 16, Math.floor(stamp.lba / 2 ** 32));
  put32(target, at + 20, stamp.lba >>> 0);
  target.set(stamp.luId, at + 24);
  put32(target, at + 40, 0);
  // A fill that differs from version to version and along the block: torn writes show anywhere.
  const seed = (stamp.version * 0x9e3779b1 + stamp.lba) >>> 0;
  for (let i = FILL_AT; i < CRC_AT; i += 4) put32(target, at + i, (seed + i) >>> 0);
  put32(target, at + CRC_AT, crc32(target, at, at + CRC_AT));
}

/** What the stamp of a block says of its write. */
export interface StampHead {
  readonly writerId: number;
  readonly version: number;
  /** A number that blocks of one logical unit share. */
  readonly unit: number;
}

/**
 * What a block of at least 512 bytes says of itself, believed unseen: its checksum is not looked at. `undefined`
 * where it has no stamp.
 */
export function stampIn(source: Uint8Array, at: number): StampHead | undefined {
  for (let i = 0; i < MAGIC.length; i++)
    if (source[at + i] !== MAGIC.charCodeAt(i)) return undefined;
  let unit = 0;
  for (let i = 24; i < 24 + LU_ID_BYTES; i++) unit = (Math.imul(unit, 31) + source[at + i]!) >>> 0;
  return { writerId: get32(source, at + 8), version: get32(source, at + 12), unit };
}

/** Reads the stamp of a block that should lie at this LBA of this logical unit. */
export function readStamp(
  source: Uint8Array,
  at: number,
  place: { lba: number; luId: Uint8Array },
): StampReading {
  if (isBlank(source, at)) return { found: 'blank' };
  for (let i = 0; i < MAGIC.length; i++) {
    if (source[at + i] !== MAGIC.charCodeAt(i)) {
      return { found: 'wrong', why: 'no stamp', fault: 'damaged' };
    }
  }
  if (crc32(source, at, at + CRC_AT) !== get32(source, at + CRC_AT)) {
    return isTorn(source, at)
      ? { found: 'wrong', why: 'torn: it holds parts of two writes', fault: 'torn' }
      : { found: 'wrong', why: 'damaged: its checksum does not match', fault: 'damaged' };
  }
  const lba = get32(source, at + 16) * 2 ** 32 + get32(source, at + 20);
  if (lba !== place.lba) {
    return { found: 'wrong', why: `belongs to LBA ${lba}`, fault: 'misplaced' };
  }
  for (let i = 0; i < LU_ID_BYTES; i++) {
    if (source[at + 24 + i] !== place.luId[i])
      return { found: 'wrong', why: 'belongs to another logical unit', fault: 'misplaced' };
  }
  return { found: 'stamp', writerId: get32(source, at + 8), version: get32(source, at + 12) };
}

/** The fill begins as that of one write and ends as that of another. */
function isTorn(source: Uint8Array, at: number): boolean {
  const seedAt = (i: number): number => (get32(source, at + i) - i) >>> 0;
  const first = seedAt(FILL_AT);
  const last = seedAt(CRC_AT - 4);
  return first !== last && first === seedAt(FILL_AT + 4) && last === seedAt(CRC_AT - 8);
}

function isBlank(source: Uint8Array, at: number): boolean {
  for (let i = at; i < at + STAMP_BYTES; i++) if (source[i] !== 0) return false;
  return true;
}
