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

/**
 * Moves the window to the next place where a block of a known type has the same length at both its
 * ends. Returns how many bytes must be held to see more, 0 when a block is there. `ended`: the
 * window holds all that is left of the file.
 */
export function seekBlock(window: ReadWindow, littleEndian: boolean, ended: boolean): number {
  const { view, end } = window;
  for (; window.heldBytes >= BLOCK_OVERHEAD_BYTES; window.position += 1) {
    const start = window.position;
    const isSection = view.getUint32(start) === BlockType.SECTION_HEADER;
    const order = isSection ? isLittleEndian(view, start + 8) : littleEndian;
    if (order === undefined) continue;
    if (!isSection && !KNOWN_BLOCKS.has(view.getUint32(start, order))) continue;
    const total = view.getUint32(start + 4, order);
    if (total < BLOCK_OVERHEAD_BYTES || total > BLOCK_BYTES_MAX) continue;
    const span = padTo4(total);
    if (span > end - start) {
      if (ended) continue;
      return span;
    }
    if (view.getUint32(start + span - 4, order) === total) return 0;
  }
  return BLOCK_OVERHEAD_BYTES;
}
