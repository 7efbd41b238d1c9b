/**
 * A host's cache in front of a logical unit: what blocks hold, and writes that are not on the unit yet.
 *
 * Ownership: it goes with its guest, as the host's memory of it. What was written last is what a read finds; writes that
 * wait go to the unit in the order in which they came, those of one block one after the other.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { VolumeCacheOptions } from './volume.ts';
import type { GuestIo } from './workload.ts';

/** Writes that go to the unit at once. */
const FLUSHES_MAX = 4;

/** The cache of one volume. */
export class VolumeCache {
  readonly options: VolumeCacheOptions;
  /** What blocks hold, those used last behind the others. */
  readonly #blocks = new Map<number, StampReading>();
  readonly #waiting: GuestIo[] = [];
  readonly #flushing = new Map<number, GuestIo>();
  /** Reads that it served, and all. */
  hits = 0;
  reads = 0;

  constructor(options: VolumeCacheOptions) {
    this.options = options;
  }

  /** Blocks of writes that are not on the unit yet. */
  get dirtyBlocks(): number {
    const open = [...this.#waiting, ...this.#flushing.values()];
    return open.reduce((sum, { blocks }) => sum + blocks, 0);
  }

  /** Blocks that it holds. */
  get size(): number {
    return this.#blocks.size;
  }

  /** What blocks hold, where it has all of them. */
  read(lba: number, count: number): StampReading[] | undefined {
    this.reads++;
    const found: StampReading[] = [];
    for (let i = lba; i < lba + count; i++) {
      const one = this.#blocks.get(i);
      if (one === undefined) return undefined;
      found.push(one);
    }
    for (const [i, one] of found.entries()) this.#put(lba + i, one);
    this.hits++;
    return found;
  }

  /** Blocks hold this from now on. */
  fill(lba: number, readings: readonly StampReading[]): void {
    for (const [i, one] of readings.entries()) this.#put(lba + i, one);
  }

  /** A read of the unit brought this: what the cache has itself is newer, and goes into the answer. */
  complete(lba: number, readings: StampReading[]): void {
    for (const [i, one] of readings.entries()) {
      const own = this.#blocks.get(lba + i);
      if (own === undefined) this.#put(lba + i, one);
      else readings[i] = own;
    }
  }

  /** Blocks are not held any more. */
  drop(lba: number, count: number): void {
    if (count > this.#blocks.size) {
      for (const one of [...this.#blocks.keys()])
        if (one >= lba && one < lba + count) this.#blocks.delete(one);
    } else for (let i = lba; i < lba + count; i++) this.#blocks.delete(i);
  }

  /** No block is held any more. */
  clear(): void {
    this.#blocks.clear();
  }

  #put(lba: number, reading: StampReading): void {
    this.#blocks.delete(lba);
    this.#blocks.set(lba, reading);
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= this.options.blocks) return;
      // What is not on the unit cannot be read there.
      if (!this.#isDirty(old)) this.#blocks.delete(old);
    }
  }

  #isDirty(lba: number): boolean {
    const has = (one: GuestIo): boolean => lba >= one.lba && lba < one.lba + one.blocks;
    return this.#waiting.some(has) || [...this.#flushing.values()].some(has);
  }

  /** A write waits for its turn. */
  hold(part: GuestIo): void {
    this.#waiting.push(part);
  }

  /** The next write that may go to the unit; none while too many do, or one of its blocks is on its way. */
  next(): GuestIo | undefined {
    if (this.#flushing.size >= FLUSHES_MAX) return undefined;
    const before: GuestIo[] = [...this.#flushing.values()];
    for (const [i, one] of this.#waiting.entries()) {
      const isBehind = before.some(
        ({ blocks, lba }) => lba < one.lba + one.blocks && one.lba < lba + blocks,
      );
      if (isBehind) {
        before.push(one);
        continue;
      }
      this.#waiting.splice(i, 1);
      this.#flushing.set(one.id, one);
      return one;
    }
    return undefined;
  }

  /** A write that `next` gave goes to the unit under another number. */
  sent(id: number, part: GuestIo): void {
    this.#flushing.delete(id);
    this.#flushing.set(part.id, part);
  }

  /** A write that went to the unit has ended; false for one that was none of these. */
  flushed(id: number): boolean {
    return this.#flushing.delete(id);
  }

  /** Its guest goes to another host. */
  leave(): void {
    if (this.options.atMove === 'carried') return;
    for (const lba of [...this.#blocks.keys()]) if (!this.#isDirty(lba)) this.#blocks.delete(lba);
  }
}
