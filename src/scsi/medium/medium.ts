/** What a logical unit keeps its blocks on. */
import type { StorePlace } from '../../history/chain.ts';
import { roomFor } from '../../machine/slab.ts';
import { EXTENT_BLOCKS, type SpacePool } from './pool.ts';

/** Bytes of a logical block. */
export const BLOCK_BYTES = 512;

/** Why a medium could not do what it was asked. */
export type MediumFault = 'no-space' | 'unreadable' | 'unwritable';

/**
 * A medium that cannot serve a request throws this; the device server turns it into a CHECK
 * CONDITION. Any other exception is a defect.
 */
export class MediumError extends Error {
  override readonly name = 'MediumError';
  readonly fault: MediumFault;

  constructor(fault: MediumFault, what: string) {
    super(what);
    this.fault = fault;
  }
}

/** A run of blocks that are all mapped or all not. */
export interface MappedRun {
  readonly mapped: boolean;
  readonly blocks: number;
}

/**
 * Blocks that can be read and written. Callers stay within `blocks`; all calls are synchronous
 * and a call that returns has taken effect. Errors: `MediumError`.
 */
export interface Medium {
  readonly blocks: number;
  readonly blockBytes: typeof BLOCK_BYTES;
  /** A fresh copy of `count` blocks. */
  read(lba: number, count: number): Uint8Array;
  /** Takes whole blocks and keeps no reference to `data`. */
  write(lba: number, data: Uint8Array): void;
  /** Forgets blocks: they read as zeros afterwards. */
  unmap?(lba: number, count: number): void;
  /** How far the blocks from `lba` on share their mapped state; without it all count as mapped. */
  mappedRun?(lba: number): MappedRun;
  /** Where a block lies, layer by layer from the top; without it nobody can say. */
  storedAt?(lba: number): readonly StorePlace[];
  /** What was written before survives a loss of power. */
  flush?(): void;
  /** Writes that were not flushed do not survive a loss of power. */
  readonly volatile?: boolean;
  /** Power is lost and back. Returns how many blocks hold older data again. */
  powerLost?(): number;
}

const EXTENT_BYTES = EXTENT_BLOCKS * BLOCK_BYTES;

/** Largest medium: block addresses stay exact in a number with room for sums. */
export const MEDIUM_BLOCKS_MAX = 2 ** 48;

interface Extent {
  readonly bytes: Uint8Array;
  /** One flag a block: written and not unmapped since. */
  readonly mapped: Uint8Array;
  mappedBlocks: number;
  /** Its place in the pool, or among the extents of this medium. */
  readonly place: number;
}

/** What a memory medium may use. */
export interface MemoryMediumOptions {
  /** Extents of 64 KiB that may be in use at once; writes beyond fail with `no-space`. */
  readonly extentsMax?: number;
  /** Where extents are taken from, and given back to; writes that find none there fail with `no-space`. */
  readonly pool?: SpacePool;
}

/** A thin medium in memory: extents come with the first write to them, unwritten blocks are zeros. */
export class MemoryMedium implements Medium {
  readonly blocks: number;
  readonly blockBytes = BLOCK_BYTES;
  readonly #extents = new Map<number, Extent>();
  readonly #extentsMax: number;
  readonly #pool: SpacePool | undefined;
  /** Extents that have come, where there is no pool to number them. */
  #came = 0;

  /** Errors: `RangeError` for a size that is no whole number of 1 to 2^48 blocks. */
  constructor(blocks: number, options: MemoryMediumOptions = {}) {
    if (!Number.isInteger(blocks) || blocks < 1 || blocks > MEDIUM_BLOCKS_MAX) {
      throw new RangeError(`a medium has 1 to 2^48 blocks, not ${blocks}`);
    }
    this.blocks = blocks;
    this.#extentsMax = options.extentsMax ?? Number.POSITIVE_INFINITY;
    this.#pool = options.pool;
  }

  /** Bytes of memory held for blocks. */
  get allocatedBytes(): number {
    return this.#extents.size * EXTENT_BYTES;
  }

  read(lba: number, count: number): Uint8Array {
    this.#check(lba, count);
    const data = roomFor(count * BLOCK_BYTES);
    this.#eachPart(lba, count, (index, first, blocks, done) => {
      const extent = this.#extents.get(index);
      if (extent === undefined) return;
      const from = first * BLOCK_BYTES;
      data.set(extent.bytes.subarray(from, from + blocks * BLOCK_BYTES), done * BLOCK_BYTES);
    });
    return data;
  }

  write(lba: number, data: Uint8Array): void {
    if (data.length % BLOCK_BYTES !== 0) {
      throw new RangeError(`${data.length} bytes are no whole number of blocks`);
    }
    const count = data.length / BLOCK_BYTES;
    this.#check(lba, count);
    this.#reserve(lba, count);
    this.#eachPart(lba, count, (index, first, blocks, done) => {
      const extent = this.#extentAt(index);
      const from = done * BLOCK_BYTES;
      extent.bytes.set(data.subarray(from, from + blocks * BLOCK_BYTES), first * BLOCK_BYTES);
      for (let i = first; i < first + blocks; i++) {
        if (extent.mapped[i] === 0) {
          extent.mapped[i] = 1;
          extent.mappedBlocks++;
        }
      }
    });
  }

  unmap(lba: number, count: number): void {
    this.#check(lba, count);
    this.#eachPart(lba, count, (index, first, blocks) => {
      const extent = this.#extents.get(index);
      if (extent === undefined) return;
      extent.bytes.fill(0, first * BLOCK_BYTES, (first + blocks) * BLOCK_BYTES);
      for (let i = first; i < first + blocks; i++) extent.mappedBlocks -= extent.mapped[i]!;
      extent.mapped.fill(0, first, first + blocks);
      if (extent.mappedBlocks > 0) return;
      this.#extents.delete(index);
      this.#pool?.give(extent.place);
    });
  }

  mappedRun(lba: number): MappedRun {
    this.#check(lba, 1);
    const mapped = this.#isMapped(lba);
    let next = lba + 1;
    while (next < this.blocks) {
      const index = Math.floor(next / EXTENT_BLOCKS);
      const extent = this.#extents.get(index);
      if (extent === undefined) {
        if (mapped) break;
        next = this.#nextExtentAfter(index) * EXTENT_BLOCKS;
      } else if ((extent.mapped[next % EXTENT_BLOCKS] === 1) === mapped) next++;
      else break;
    }
    return { mapped, blocks: Math.min(next, this.blocks) - lba };
  }

  storedAt(lba: number): StorePlace[] {
    this.#check(lba, 1);
    const extent = this.#extents.get(Math.floor(lba / EXTENT_BLOCKS));
    if (extent?.mapped[lba % EXTENT_BLOCKS] !== 1) return [{ layer: 'extent', name: '' }];
    const block = lba % EXTENT_BLOCKS;
    const name = String(extent.place);
    return this.#pool === undefined
      ? [{ layer: 'extent', name, block }]
      : [
          { layer: 'extent', name: String(Math.floor(lba / EXTENT_BLOCKS)), block },
          { layer: 'pool', name, block },
        ];
  }

  /** Memory needs no flush: it lives as long as the object. */
  flush(): void {}

  /** Calls `part` for each extent touched: its index, first block in it, blocks, blocks done before. */
  #eachPart(
    lba: number,
    count: number,
    part: (index: number, first: number, blocks: number, done: number) => void,
  ): void {
    for (let done = 0; done < count; ) {
      const first = (lba + done) % EXTENT_BLOCKS;
      const blocks = Math.min(EXTENT_BLOCKS - first, count - done);
      part(Math.floor((lba + done) / EXTENT_BLOCKS), first, blocks, done);
      done += blocks;
    }
  }

  /** All or nothing: a write that finds no space must not have changed a block. */
  #reserve(lba: number, count: number): void {
    const pool = this.#pool;
    if (this.#extentsMax === Number.POSITIVE_INFINITY && pool === undefined) return;
    let missing = 0;
    this.#eachPart(lba, count, (index) => {
      if (!this.#extents.has(index)) missing++;
    });
    if (this.#extents.size + missing > this.#extentsMax) {
      throw new MediumError('no-space', `all ${this.#extentsMax} extents are in use`);
    }
    if (missing > 0 && pool?.take(missing) === false) {
      throw new MediumError('no-space', `the pool has ${pool.available} extents left`);
    }
  }

  #extentAt(index: number): Extent {
    let extent = this.#extents.get(index);
    if (extent === undefined) {
      extent = {
        bytes: new Uint8Array(EXTENT_BYTES),
        mapped: new Uint8Array(EXTENT_BLOCKS),
        mappedBlocks: 0,
        place: this.#pool?.place() ?? this.#came++,
      };
      this.#extents.set(index, extent);
    }
    return extent;
  }

  #isMapped(lba: number): boolean {
    return this.#extents.get(Math.floor(lba / EXTENT_BLOCKS))?.mapped[lba % EXTENT_BLOCKS] === 1;
  }

  #nextExtentAfter(index: number): number {
    let next = Math.ceil(this.blocks / EXTENT_BLOCKS);
    for (const one of this.#extents.keys()) if (one > index && one < next) next = one;
    return next;
  }

  #check(lba: number, count: number): void {
    if (lba < 0 || count < 0 || lba + count > this.blocks) {
      throw new RangeError(`blocks ${lba} to ${lba + count - 1} are not on this medium`);
    }
  }
}
