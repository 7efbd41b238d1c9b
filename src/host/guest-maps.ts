/**
 * Maps of changed blocks that a hypervisor keeps of its guest's writes: in its memory, beside the guest's, so
 * that a move has to take them along. It sees what its own guest writes, and nothing of others.
 */
import type { BlockRun } from '../history/backup.ts';
import { applyMapPolicy, ChangedBlocks, type MapPolicy } from '../scsi/medium/changed-blocks.ts';
import { MEDIUM_BLOCKS_MAX } from '../scsi/medium/medium.ts';
import type { GuestWork } from './workload.ts';

/** How a hypervisor keeps maps. */
export interface GuestMapOptions {
  readonly granularityBlocks: number;
  /** What becomes of them where the guest goes to another host. */
  readonly atMove: MapPolicy;
}

/** The maps of one guest's logical units. */
export class GuestMaps {
  readonly #options: GuestMapOptions;
  readonly #maps = new Map<string, ChangedBlocks>();

  constructor(options: GuestMapOptions) {
    this.#options = options;
  }

  /** The guest writes these blocks: told before anything of it is sent. */
  mark({ blocks, lba, luName }: { luName: string; lba: number; blocks: number }): void {
    if (blocks > 0) this.#maps.get(luName)?.mark(lba, blocks);
  }

  /** A reference begins. What is under way may reach the unit behind it, and counts as changed. */
  begin(reference: string, workload: Pick<GuestWork, 'luNames' | 'busy'>): void {
    for (const luName of workload.luNames) {
      let map = this.#maps.get(luName);
      if (map === undefined) {
        map = new ChangedBlocks(MEDIUM_BLOCKS_MAX, this.#options.granularityBlocks);
        this.#maps.set(luName, map);
      }
      map.begin(reference);
    }
    for (const [luName, lba] of workload.busy()) this.mark({ luName, lba, blocks: 1 });
  }

  /** What was changed in a unit since a reference; `undefined` where that is not known. A run may go past the unit's end. */
  since(luName: string, reference: string): BlockRun[] | undefined {
    return this.#maps.get(luName)?.since(reference);
  }

  /** The guest goes to another host. */
  leave(): void {
    for (const map of this.#maps.values()) applyMapPolicy(map, this.#options.atMove);
  }
}
