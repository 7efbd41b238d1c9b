/**
 * A write cache in front of a medium.
 *
 * Writes are answered as soon as the cache has them. They reach the medium whole: block by block,
 * in the order of their addresses, when the cache is flushed (SYNCHRONIZE CACHE, FUA, the array's
 * own destaging). A loss of power before that leaves the medium's older blocks.
 */
import type { StorePlace } from '../../history/chain.ts';
import type { MappedRun, Medium } from './medium.ts';
import { BLOCK_BYTES } from './medium.ts';

/**
 * What an array does with a write before it answers: put it on the medium, into a cache that
 * survives a loss of power, or into one that does not.
 */
export const WRITE_CACHES = ['none', 'protected', 'volatile'] as const;
/** Whether there is a write cache, and whether it outlives a loss of power. */
export type WriteCache = (typeof WRITE_CACHES)[number];
/** What arrays have, where nobody says otherwise. */
export const WRITE_CACHE_DEFAULT: WriteCache = 'protected';

/** Blocks that a cache holds before it flushes by itself: 16 MiB. */
const DIRTY_BLOCKS_MAX = 32_768;

/** A medium behind a cache that loses what was not flushed. */
export class VolatileCache implements Medium {
  readonly blocks: number;
  readonly blockBytes = BLOCK_BYTES;
  readonly volatile = true;
  readonly #medium: Medium;
  /** Blocks that differ from the medium's; `undefined` is an unmapped one. */
  readonly #dirty = new Map<number, Uint8Array | undefined>();

  constructor(medium: Medium) {
    this.blocks = medium.blocks;
    this.#medium = medium;
  }

  read(lba: number, count: number): Uint8Array {
    const data = this.#medium.read(lba, count);
    if (this.#dirty.size === 0) return data;
    for (let i = 0; i < count; i++) {
      if (!this.#dirty.has(lba + i)) continue;
      const block = this.#dirty.get(lba + i);
      if (block === undefined) data.fill(0, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
      else data.set(block, i * BLOCK_BYTES);
    }
    return data;
  }

  write(lba: number, data: Uint8Array): void {
    const count = data.length / BLOCK_BYTES;
    for (let i = 0; i < count; i++) {
      this.#dirty.set(lba + i, data.slice(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES));
    }
    if (this.#dirty.size > DIRTY_BLOCKS_MAX) this.flush();
  }

  unmap(lba: number, count: number): void {
    if (count > DIRTY_BLOCKS_MAX) {
      this.flush();
      this.#medium.unmap?.(lba, count);
      return;
    }
    for (let i = 0; i < count; i++) this.#dirty.set(lba + i, undefined);
    if (this.#dirty.size > DIRTY_BLOCKS_MAX) this.flush();
  }

  mappedRun(lba: number): MappedRun {
    this.flush();
    return this.#medium.mappedRun?.(lba) ?? { mapped: true, blocks: this.blocks - lba };
  }

  storedAt(lba: number): StorePlace[] {
    const below = this.#medium.storedAt?.(lba) ?? [];
    return this.#dirty.has(lba)
      ? [{ layer: 'cache', name: 'not written out yet' }, ...below]
      : [...below];
  }

  flush(): void {
    const blocks = [...this.#dirty].sort(([a], [b]) => a - b);
    this.#dirty.clear();
    for (const [lba, block] of blocks) {
      if (block !== undefined) this.#medium.write(lba, block);
      else if (this.#medium.unmap !== undefined) this.#medium.unmap(lba, 1);
      else this.#medium.write(lba, new Uint8Array(BLOCK_BYTES));
    }
    this.#medium.flush?.();
  }

  powerLost(): number {
    const lost = this.#dirty.size;
    this.#dirty.clear();
    return lost;
  }
}
