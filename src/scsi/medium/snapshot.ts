/**
 * A medium that keeps what it had: snapshots by copy on write.
 *
 * From a cut on, the first change of a block puts what the block had into the newest snapshot. An older
 * snapshot is read through those behind it: what the first of them kept, or what the medium has now. It lies
 * in front of a cache, so that whoever cuts flushes first; and it keeps a map of changed blocks where
 * somebody asks for one, because every change passes here before it is made.
 */
import type { BlockRun } from '../../history/backup.ts';
import type { StorePlace } from '../../history/chain.ts';
import { applyMapPolicy, ChangedBlocks, type MapPolicy } from './changed-blocks.ts';
import type { MappedRun, Medium } from './medium.ts';
import { BLOCK_BYTES } from './medium.ts';

/** Snapshots of one medium. */
export const SNAPSHOTS_MAX = 256;
/** Blocks that are read at once where many are gone through. */
const STRIDE_BLOCKS = 128;

/** Why a snapshot could not be made, read, or gone back to, in words for whoever asked. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

interface Snapshot {
  readonly name: string;
  /** What blocks had that were changed while this was the newest; `undefined` for an unmapped one. */
  readonly kept: Map<number, Uint8Array | undefined>;
}

/** The map of changed blocks of a medium. */
export interface MapOptions {
  readonly granularityBlocks?: number;
  /** What becomes of it at a loss of power; `carried` when left out. */
  readonly atPowerLoss?: MapPolicy;
}

/** A medium in front of another, with snapshots of it. */
export class SnapshotMedium implements Medium {
  readonly blocks: number;
  readonly blockBytes = BLOCK_BYTES;
  readonly #medium: Medium;
  /** The oldest first. */
  readonly #snapshots: Snapshot[] = [];
  /** What was changed, where somebody asks for it. */
  readonly changed: ChangedBlocks | undefined;
  readonly #atPowerLoss: MapPolicy;

  constructor(medium: Medium, changed?: MapOptions) {
    this.blocks = medium.blocks;
    this.#medium = medium;
    this.#atPowerLoss = changed?.atPowerLoss ?? 'carried';
    if (changed !== undefined) {
      this.changed = new ChangedBlocks(medium.blocks, changed.granularityBlocks);
    }
  }

  /** The names of its snapshots, the oldest first. */
  get snapshots(): string[] {
    return this.#snapshots.map(({ name }) => name);
  }

  get volatile(): boolean {
    return this.#medium.volatile === true;
  }

  read(lba: number, count: number): Uint8Array {
    return this.#medium.read(lba, count);
  }

  write(lba: number, data: Uint8Array): void {
    this.#beforeChange(lba, data.length / BLOCK_BYTES);
    this.#medium.write(lba, data);
  }

  unmap(lba: number, count: number): void {
    this.#beforeChange(lba, count);
    this.#forget(lba, count);
  }

  mappedRun(lba: number): MappedRun {
    return this.#medium.mappedRun?.(lba) ?? { mapped: true, blocks: this.blocks - lba };
  }

  /** What is there now is the medium's own: snapshots keep what was. */
  storedAt(lba: number): readonly StorePlace[] {
    return this.#medium.storedAt?.(lba) ?? [];
  }

  flush(): void {
    this.#medium.flush?.();
  }

  powerLost(): number {
    if (this.changed !== undefined) applyMapPolicy(this.changed, this.#atPowerLoss);
    return this.#medium.powerLost?.() ?? 0;
  }

  /** A snapshot of this moment. Errors: `SnapshotError` for a name that is taken, and beyond `SNAPSHOTS_MAX`. */
  cut(name: string): void {
    if (this.#indexOf(name) >= 0) throw new SnapshotError(`there is a snapshot ${name} already`);
    if (this.#snapshots.length >= SNAPSHOTS_MAX) {
      throw new SnapshotError(`a unit has at most ${SNAPSHOTS_MAX} snapshots`);
    }
    this.#snapshots.push({ name, kept: new Map() });
  }

  /** Blocks as they were at a cut: a fresh copy. Errors: `SnapshotError` for a snapshot that is not there. */
  readSnapshot(name: string, lba: number, count: number): Uint8Array {
    const from = this.#required(name);
    const data = this.#medium.read(lba, count).slice();
    for (let i = 0; i < count; i++) {
      const keeper = this.#keeperOf(from, lba + i);
      if (keeper === undefined) continue;
      const block = keeper.kept.get(lba + i);
      if (block === undefined) data.fill(0, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
      else data.set(block, i * BLOCK_BYTES);
    }
    return data;
  }

  /**
   * How far the blocks from one on shared their mapped state at a cut, or less. A block of zeros that was kept counts
   * as unmapped: it reads the same. Errors: `SnapshotError` for a snapshot that is not there.
   */
  snapshotMappedRun(name: string, lba: number): MappedRun {
    const from = this.#required(name);
    const keeper = this.#keeperOf(from, lba);
    if (keeper === undefined) {
      const run = this.mappedRun(lba);
      let end = lba + run.blocks;
      for (const { kept } of this.#snapshots.slice(from))
        for (const one of kept.keys()) if (one > lba && one < end) end = one;
      return { mapped: run.mapped, blocks: end - lba };
    }
    const mapped = keeper.kept.get(lba) !== undefined;
    let end = lba + 1;
    for (; end < this.blocks; end++) {
      const next = this.#keeperOf(from, end);
      if (next === undefined || (next.kept.get(end) !== undefined) !== mapped) break;
    }
    return { mapped, blocks: end - lba };
  }

  /**
   * The medium holds again what it had at a cut. Newer snapshots stay what they are: for them and for the
   * map of changed blocks going back is a change like any. Gives the blocks that were changed.
   * Errors: `SnapshotError` for a snapshot that is not there.
   */
  revert(name: string): BlockRun[] {
    const from = this.#required(name);
    const touched = new Set(this.#snapshots.slice(from).flatMap(({ kept }) => [...kept.keys()]));
    const lbas = [...touched].sort((a, b) => a - b);
    const before = lbas.map((lba) => this.#keeperOf(from, lba)!.kept.get(lba));
    for (const [i, lba] of lbas.entries()) {
      const block = before[i];
      if (block === undefined) this.unmap(lba, 1);
      else this.write(lba, block);
    }
    return lbas.map((lba) => ({ lba, blocks: 1 }));
  }

  /**
   * A snapshot is gone; what it kept and an older one needs goes over to that one.
   * Errors: `SnapshotError` for a snapshot that is not there.
   */
  delete(name: string): void {
    const at = this.#required(name);
    const [gone] = this.#snapshots.splice(at, 1);
    const older = this.#snapshots[at - 1];
    if (older === undefined) return;
    for (const [lba, block] of gone!.kept) if (!older.kept.has(lba)) older.kept.set(lba, block);
  }

  /** These blocks change next: what the newest snapshot needs of them is kept, and the map has them. */
  #beforeChange(lba: number, count: number): void {
    this.changed?.mark(lba, count);
    const newest = this.#snapshots.at(-1);
    if (newest === undefined) return;
    for (let at = lba; at < lba + count; at += STRIDE_BLOCKS) {
      this.#keep(newest, at, Math.min(STRIDE_BLOCKS, lba + count - at));
    }
  }

  #keep({ kept }: Snapshot, lba: number, count: number): void {
    let missing = false;
    for (let i = 0; i < count && !missing; i++) missing = !kept.has(lba + i);
    if (!missing) return;
    const data = this.#medium.read(lba, count);
    for (let i = 0; i < count; i++) {
      if (kept.has(lba + i)) continue;
      const block = data.slice(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
      kept.set(lba + i, block.every((byte) => byte === 0) ? undefined : block);
    }
  }

  /** The first snapshot from this one on that kept a block; `undefined` where none has: it was not changed. */
  #keeperOf(from: number, lba: number): Snapshot | undefined {
    for (let i = from; i < this.#snapshots.length; i++) {
      if (this.#snapshots[i]!.kept.has(lba)) return this.#snapshots[i];
    }
    return undefined;
  }

  #forget(lba: number, count: number): void {
    if (this.#medium.unmap !== undefined) this.#medium.unmap(lba, count);
    else this.#medium.write(lba, new Uint8Array(count * BLOCK_BYTES));
  }

  #indexOf(name: string): number {
    return this.#snapshots.findIndex((one) => one.name === name);
  }

  #required(name: string): number {
    const at = this.#indexOf(name);
    if (at < 0) throw new SnapshotError(`there is no snapshot ${name}`);
    return at;
  }
}
