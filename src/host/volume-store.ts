/**
 * A cache that is a logical unit of its own, which all hosts of a guest reach: what blocks of the disk it has.
 *
 * Ownership: the map of that is the memory of whoever runs the guest, and goes with it. A block is in the map once it was
 * written there and nothing has been written to it since: what is under way may not be read. Blocks lie where they lie on
 * the disk.
 */
import type { StampReading } from '../codecs/stamp/index.ts';

/** Fills that are under way at once; of more reads nothing is kept. */
const FILLS_MAX = 64;

/** Blocks that are being written to the store. */
export interface StoreWrite {
  readonly lba: number;
  readonly blocks: number;
  readonly isFill: boolean;
  /** Something else was written there since: which of both the store has nobody knows. */
  isSpoiled: boolean;
}

/** A run of blocks with one stamp, to be filled into the store. */
export interface StoreFill {
  readonly lba: number;
  readonly blocks: number;
  readonly version: number;
}

/** What a store has. */
export class VolumeStore {
  readonly #blocksMax: number;
  /** Those used last behind the others. */
  readonly #has = new Set<number>();
  readonly #open = new Set<StoreWrite>();
  /** Blocks that were ever written there: all others are blank. */
  readonly #written = new Set<number>();

  /** `blocksMax`: blocks that it has at most. */
  constructor(blocksMax: number) {
    this.#blocksMax = blocksMax;
  }

  /** How many blocks of the disk it has. */
  get size(): number {
    return this.#has.size;
  }

  /** Whether blocks can be read there. */
  has(lba: number, blocks: number): boolean {
    for (let i = lba; i < lba + blocks; i++) if (!this.#has.has(i)) return false;
    for (let i = lba; i < lba + blocks; i++) this.#put(i);
    return true;
  }

  /** Blocks are written there from now on, and cannot be read until that is over. */
  begin(lba: number, blocks: number, isFill: boolean): StoreWrite {
    const write = { lba, blocks, isFill, isSpoiled: false };
    for (const one of this.#open) {
      if (lba >= one.lba + one.blocks || one.lba >= lba + blocks) continue;
      one.isSpoiled = true;
      write.isSpoiled = true;
    }
    for (let i = lba; i < lba + blocks; i++) {
      this.#has.delete(i);
      this.#written.add(i);
    }
    this.#open.add(write);
    return write;
  }

  /** That is over. */
  end(write: StoreWrite, good: boolean): void {
    this.#open.delete(write);
    if (!good || write.isSpoiled) return;
    for (let i = write.lba; i < write.lba + write.blocks; i++) this.#put(i);
  }

  /**
   * A read of the disk has found this: what of it is to be written to the store. What is being written there already, is
   * of another writer, or would be too much is not; what is blank on both is there at once.
   */
  fills(lba: number, readings: readonly StampReading[], writerId: number): StoreFill[] {
    const fills: { lba: number; blocks: number; version: number }[] = [];
    let room = FILLS_MAX - [...this.#open].filter(({ isFill }) => isFill).length;
    for (const [i, reading] of readings.entries()) {
      const at = lba + i;
      if (this.#has.has(at) || this.#isOpen(at)) continue;
      if (reading.found === 'blank' && !this.#written.has(at)) this.#put(at);
      if (reading.found !== 'stamp' || reading.writerId !== writerId) continue;
      const last = fills.at(-1);
      const { version } = reading;
      if (last?.version === version && last.lba + last.blocks === at) last.blocks++;
      else if (room-- > 0) fills.push({ lba: at, blocks: 1, version });
    }
    return fills;
  }

  #isOpen(lba: number): boolean {
    return [...this.#open].some((one) => lba >= one.lba && lba < one.lba + one.blocks);
  }

  #put(lba: number): void {
    this.#has.delete(lba);
    this.#has.add(lba);
    if (this.#has.size > this.#blocksMax) this.#has.delete(this.#has.values().next().value!);
  }
}
