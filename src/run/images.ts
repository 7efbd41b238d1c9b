/**
 * Images of units as the driver of a run reads them: what snapshots hold right after their cut and at the
 * end, and what was restored from backups. It asks the media themselves, whatever machines say of them.
 */
import type { StorageArray } from '../array/storage-array.ts';
import type { CutTaken, HistoryEntry, ImageRead } from '../history/index.ts';
import type { World } from '../scenario/build.ts';
import type { Scenario } from '../scenario/schema.ts';
import { nodesOf } from '../scenario/topology.ts';
import { SnapshotMedium } from '../scsi/medium/snapshot.ts';

/** Blocks of an array's n-th unit that guests may have written, from the first on; 0 where nobody uses it. */
export function usedBlocks({ array, vms }: Scenario, unit: number): number {
  const name = array.luns[unit]?.name;
  const users = vms.filter((vm) => name !== undefined && vm.luns.includes(name));
  const whole = array.luns[unit]?.blocks ?? 0;
  return Math.max(
    0,
    ...users.map(({ volumes, workload }) => (volumes === undefined ? workload.rangeBlocks : whole)),
  );
}

/** Reads images and tells of them. */
export class Images {
  readonly #scenario: Scenario;
  readonly #world: Pick<World, 'arrays' | 'topology'>;
  readonly #tell: (entry: HistoryEntry) => void;

  constructor(
    scenario: Scenario,
    world: Pick<World, 'arrays' | 'topology'>,
    tell: (entry: HistoryEntry) => void,
  ) {
    this.#scenario = scenario;
    this.#world = world;
    this.#tell = tell;
  }

  /** Units were cut: their images as they are now. */
  cut(at: number, node: string, { luNames, snapshot }: CutTaken): void {
    const array = this.#world.arrays.get(node);
    if (array === undefined) return;
    for (const [unit, { luName }] of array.device.units.entries()) {
      if (luNames.includes(luName)) this.#read(at, node, array, unit, snapshot);
    }
  }

  /** All snapshots that are there. */
  all(at: number): void {
    for (const [node, array] of this.#world.arrays) {
      for (const [unit, { medium }] of array.device.units.entries()) {
        if (!(medium instanceof SnapshotMedium)) continue;
        for (const snapshot of medium.snapshots) this.#read(at, node, array, unit, snapshot);
      }
    }
  }

  /** What backups gave back is read where it was restored to, before anything else is written there. */
  restored(at: number, snapshot: string): void {
    for (const { name: node, units } of nodesOf(this.#world.topology, 'array')) {
      const array = this.#world.arrays.get(node);
      for (const [unit, { restores }] of units.entries()) {
        if (restores === undefined || array === undefined) continue;
        const { luName } = array.device.units[restores]!;
        const blocks = usedBlocks(this.#scenario, restores);
        const data = array.device.units[unit]!.medium.read(0, blocks);
        const event: ImageRead = {
          type: 'image',
          of: 'restore',
          snapshot,
          luName,
          lba: 0,
          blocks,
          data,
        };
        this.#tell({ at, node, event });
      }
    }
  }

  #read(at: number, node: string, array: StorageArray, unit: number, snapshot: string): void {
    const { luName, medium } = array.device.units[unit]!;
    const blocks = usedBlocks(this.#scenario, unit);
    if (blocks === 0 || !(medium instanceof SnapshotMedium)) return;
    if (!medium.snapshots.includes(snapshot)) return;
    const data = medium.readSnapshot(snapshot, 0, blocks);
    const event: ImageRead = {
      type: 'image',
      of: 'snapshot',
      snapshot,
      luName,
      lba: 0,
      blocks,
      data,
    };
    this.#tell({ at, node, event });
  }
}
