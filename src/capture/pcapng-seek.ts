/** Where a pcapng file can be read again behind damage. Source: draft-ietf-opsawg-pcapng, blocks. */
import { BLOCK_OVERHEAD_BYTES, BlockType, BYTE_ORDER_MAGIC, padTo4 } from './pcapng-format.ts';
import { CAPTURED_BYTES_MAX } from './types.ts';
import type { ReadWindow } from './window.ts';

const KNOWN_BLOCKS: ReadonlySet<number> = new Set(Object.values(BlockType));
/** Longest block that is looked for: one frame and its comments. */
const BLOCK_BYTES_MAX = CAPTURED_BYTES_MAX + 0x1_0000;

/** The byte order that a section header's magic at `position` says, `undefined` where it is none. */
function isLittleEndian(view: DataView, position: number): boolean | undefined {
  if (view.getUint32(position, true) === BYTE_ORDER_MAGIC) return true;
  return view.getUint32(position, false) === BYTE_ORDER_MAGIC ? false : undefined;
}

/** Bytes in front of the data of a packet block. */
const PACKET_HEAD_BYTES = 28;

/** Where a packet block has its lengths, they fit, and its interface is one of those declared. */
function isPacket(view: DataView, start: number, end: number, order: boolean, interfaces: number) {
  const type = view.getUint32(start, order);
  if (type !== BlockType.ENHANCED_PACKET && type !== BlockType.PACKET) return false;
  const dataBytes = end - start - PACKET_HEAD_BYTES;
  const captured = dataBytes < 0 ? 0 : view.getUint32(start + 20, order);
  if (dataBytes < 0 || captured > dataBytes || padTo4(captured) > dataBytes) return false;
  const isEnhanced = type === BlockType.ENHANCED_PACKET;
  const from = isEnhanced ? view.getUint32(start + 8, order) : view.getUint16(start + 8, order);
  return from < interfaces;
}

/**
 * Bytes of the block at `start`, whose length is the same at both its ends; 0 where none is there.
 * Negative: so many must be held to see it.
 */
function spanAt(window: ReadWindow, start: number, littleEndian: boolean, ended: boolean): number {
  const { view, end } = window;
  if (end - start < BLOCK_OVERHEAD_BYTES) return ended ? 0 : -BLOCK_OVERHEAD_BYTES;
  const isSection = view.getUint32(start) === BlockType.SECTION_HEADER;
  const order = isSection ? isLittleEndian(view, start + 8) : littleEndian;
  if (order === undefined) return 0;
  const total = view.getUint32(start + 4, order);
  if (total < BLOCK_OVERHEAD_BYTES || total > BLOCK_BYTES_MAX) return 0;
  const span = padTo4(total);
  if (span > end - start) return ended ? 0 : -span;
  return view.getUint32(start + span - 4, order) === total ? span : 0;
}

/**
 * Moves the window to the next place where a block of a known type has the same length at both its
 * ends. Two equal numbers may stand in any frame's payload: what is there must be a packet of one of
 * so many `interfaces` too, or another block or the file's end must follow.
 *
 * Returns how many bytes must be held to see more, 0 when a block is there. `ended`: the window holds
 * all that is left of the file.
 */
export function seekBlock(
  window: ReadWindow,
  { littleEndian, ended, interfaces }: SeekState,
): number {
  const { view } = window;
  for (; window.heldBytes >= BLOCK_OVERHEAD_BYTES; window.position += 1) {
    const start = window.position;
    const isSection = view.getUint32(start) === BlockType.SECTION_HEADER;
    if (!isSection && !KNOWN_BLOCKS.has(view.getUint32(start, littleEndian))) continue;
    const span = spanAt(window, start, littleEndian, ended);
    if (span < 0) return -span;
    if (span === 0) continue;
    if (isPacket(view, start, start + span - 4, littleEndian, interfaces)) return 0;
    if (ended && start + span === window.end) return 0;
    const order = isSection ? isLittleEndian(view, start + 8)! : littleEndian;
    const next = spanAt(window, start + span, order, ended);
    if (next > 0) return 0;
    if (next < 0) return span - next;
  }
  return BLOCK_OVERHEAD_BYTES;
}

/** What the blocks before say of those that follow. */
export interface SeekState {
  readonly littleEndian: boolean;
  readonly ended: boolean;
  /** Interfaces that the section has declared. */
  readonly interfaces: number;
}
