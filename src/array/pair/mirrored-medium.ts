/** A leg of a unit as its array's commands see it: what they change is noted, for the other leg. */
import type { StorePlace } from '../../history/chain.ts';
import { BLOCK_BYTES, type MappedRun, type Medium } from '../../scsi/medium/medium.ts';

/** A change of blocks; without data they were unmapped. */
export interface BlockChange {
  readonly lba: number;
  readonly blocks: number;
  readonly data: Uint8Array | undefined;
}

/** The medium of a unit with two legs. */
export class MirroredMedium implements Medium {
  readonly blocks: number;
  readonly blockBytes = BLOCK_BYTES;
  readonly #leg: Medium;
  readonly #array: string;
  #changes: BlockChange[] = [];

  /** `leg` keeps the blocks here, at this array. */
  constructor(leg: Medium, array = '') {
    this.#leg = leg;
    this.#array = array;
    this.blocks = leg.blocks;
  }

  read(lba: number, count: number): Uint8Array {
    return this.#leg.read(lba, count);
  }

  write(lba: number, data: Uint8Array): void {
    this.#leg.write(lba, data);
    this.#changes.push({ lba, blocks: data.length / BLOCK_BYTES, data: data.slice() });
  }

  unmap(lba: number, count: number): void {
    this.#leg.unmap?.(lba, count);
    this.#changes.push({ lba, blocks: count, data: undefined });
  }

  mappedRun(lba: number): MappedRun {
    return this.#leg.mappedRun?.(lba) ?? { mapped: true, blocks: this.blocks - lba };
  }

  /** Here is one leg, by the name of its array. */
  storedAt(lba: number): readonly StorePlace[] {
    const leg = { layer: 'leg', name: this.#array, block: lba } as const;
    return [leg, ...(this.#leg.storedAt?.(lba) ?? [])];
  }

  /** What has changed since this was asked last. */
  take(): readonly BlockChange[] {
    const changes = this.#changes;
    if (changes.length > 0) this.#changes = [];
    return changes;
  }
}
