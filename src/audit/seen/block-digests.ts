/** What blocks hold, as numbers: kept in the place of data, which a capture has too much of. */
import { stampIn } from '../../codecs/stamp/index.ts';
import type { SeenBlocks } from './session.ts';

/** Blocks of one task that are looked at. */
const BLOCKS_MAX = 4096;
const MULTIPLIER = 0x0100_0193;
const OTHER_MULTIPLIER = 0x85eb_ca6b;

/** Blocks of which nothing is known yet; `undefined` for more than are looked at. */
export function seenBlocks(
  unit: string,
  first: number,
  count: number,
  blockBytes: number,
): SeenBlocks | undefined {
  if (count < 1 || count > BLOCKS_MAX || blockBytes < 512 || !Number.isSafeInteger(first))
    return undefined;
  return { unit, first, count, blockBytes, digests: new Array<undefined>(count).fill(undefined) };
}

/** Notes data that lie so many bytes behind the first block; pieces of blocks tell nothing. */
export function noteData(blocks: SeenBlocks, offset: number, bytes: Uint8Array): void {
  const { blockBytes, count, digests } = blocks;
  let index = Math.ceil(offset / blockBytes);
  for (;;) {
    const at = index * blockBytes - offset;
    if (index >= count || at + blockBytes > bytes.length) return;
    digests[index] = digestOf(bytes, at, at + blockBytes);
    noteStamp(blocks, index, bytes, at);
    index++;
  }
}

/** Which write the block is of, where it says so; its digest vouches for the rest of it. */
function noteStamp(blocks: SeenBlocks, index: number, bytes: Uint8Array, at: number): void {
  const stamp = stampIn(bytes, at);
  if (stamp === undefined) return;
  blocks.stamps ??= new Map();
  blocks.stamps.set(index, stamp);
}

/** A number for what a block holds; `undefined` where it holds one value all over, as many do. */
function digestOf(bytes: Uint8Array, from: number, to: number): number | undefined {
  const first = bytes[from]!;
  let isUniform = true;
  let low = 0x811c_9dc5;
  let high = 0x9e37_79b9;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte !== first) isUniform = false;
    low = Math.imul(low ^ byte, MULTIPLIER);
    high = Math.imul(high ^ byte, OTHER_MULTIPLIER) + 1;
  }
  return isUniform ? undefined : (high >>> 11) * 2 ** 32 + (low >>> 0);
}
