/** A medium that shows a snapshot of another one, to be read only. */
import type { StorePlace } from '../../history/chain.ts';
import { BLOCK_BYTES, type MappedRun, type Medium, MediumError } from './medium.ts';
import type { SnapshotMedium } from './snapshot.ts';

/** Shows one snapshot after the other; before the first, and once its snapshot is gone, it cannot be read. */
export class SnapshotView implements Medium {
  readonly blocks: number;
  readonly blockBytes = BLOCK_BYTES;
  readonly #source: SnapshotMedium;
  #name = '';

  constructor(source: SnapshotMedium) {
    this.blocks = source.blocks;
    this.#source = source;
  }

  /** From now on this snapshot is shown. */
  show(name: string): void {
    this.#name = name;
  }

  /** Errors: `MediumError` while there is no snapshot to show. */
  read(lba: number, count: number): Uint8Array {
    if (!this.#source.snapshots.includes(this.#name)) {
      throw new MediumError('unreadable', 'there is no snapshot to show');
    }
    return this.#source.readSnapshot(this.#name, lba, count);
  }

  /** Errors: `MediumError` while there is no snapshot to show. */
  mappedRun(lba: number): MappedRun {
    if (!this.#source.snapshots.includes(this.#name)) {
      throw new MediumError('unreadable', 'there is no snapshot to show');
    }
    return this.#source.snapshotMappedRun(this.#name, lba);
  }

  storedAt(): StorePlace[] {
    return [{ layer: 'snapshot', name: this.#name }];
  }

  /** Errors: `MediumError`: what was cut is not changed. */
  write(): void {
    throw new MediumError('unwritable', 'a snapshot is read only');
  }
}
