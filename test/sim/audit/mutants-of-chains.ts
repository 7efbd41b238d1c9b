/** Machines that are broken in what they say of where a block lies, one at each level of its chain. */

import { VolumeWork } from '../../../src/host/volume-work.ts';
import type { World } from '../../../src/scenario/build.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { SnapshotMedium } from '../../../src/scsi/medium/snapshot.ts';
import { hostOf, type Mutant } from '../../helpers/audited-run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

type Volume = NonNullable<Scenario['vms'][number]['volumes']>[number];

const volume = (name: string, kind: Volume['kind'], ...on: string[]): Volume => ({
  name,
  kind,
  on,
  by: 'identity',
  chunkBlocks: 16,
});

/** The guest has these volumes, on units of its own. */
function onVolumes(
  volumes: readonly Volume[],
  change: (scenario: Scenario) => Scenario = (one) => one,
): (scenario: Scenario) => Scenario {
  return (scenario) => {
    const luns = volumes.flatMap(({ on }) => on);
    return change({
      ...scenario,
      array: {
        ...scenario.array,
        luns: luns.map((name) => ({ name, blocks: 512 })),
        pool: { blocks: 8192 },
      },
      vms: scenario.vms.slice(0, 1).map((vm) => ({
        ...vm,
        luns,
        volumes: [...volumes],
        workload: {
          ...vm.workload,
          ...{ readPercent: 30, rangeBlocks: 256, blocksMax: 8, queueDepth: 4, thinkUs: 100 },
        },
      })),
    });
  };
}

/** The guest of a stretched unit has a volume on it. */
function stretchedVolumes(): Scenario {
  const scenario = scenarioOf({}, 'stretched-move');
  return {
    ...scenario,
    vms: scenario.vms.map((vm) => ({
      ...vm,
      volumes: [volume('disk', 'linear', ...vm.luns)],
      workload: {
        ...vm.workload,
        ...{
          compareAndWritePercent: 0,
          unmapPercent: 0,
          writeSamePercent: 0,
          synchronizePercent: 0,
        },
      },
    })),
  };
}

/** Changes a guest's work when the destination takes it over, before its volumes are assembled there. */
function onArrival(world: World, change: (work: VolumeWork) => void): void {
  const host = hostOf(world, 'h2');
  const take = host.takeGuest.bind(host);
  host.takeGuest = (token) => {
    const carried = take(token);
    const work = carried?.guest.workload;
    if (work instanceof VolumeWork) change(work);
    return carried;
  };
}

const stripe = volume('fast', 'stripe', 'a', 'b');
const mirrors = [volume('one', 'mirror', 'a', 'b'), volume('two', 'mirror', 'c', 'd')];

/** For each invariant some machines: the first is the one that `sanmotion explain` names. */
export const mutantsOfChains: Readonly<
  Record<string, readonly (Mutant & { readonly what: string })[]>
> = {
  I51: [
    {
      what: 'volume: the destination has the stripes in another order',
      make: (world) =>
        onArrival(world, (work) => {
          work.order = ({ members }) => members.map(({ luName }) => luName).reverse();
        }),
      tune: onVolumes([stripe]),
      also: ['I8'],
    },
    {
      what: 'volume: the destination takes a leg of one mirror for the other volume’s',
      make: (world) =>
        onArrival(world, (work) => {
          const [one, two] = work.volumes.map(({ options }) =>
            options.members.map(({ luName }) => luName),
          );
          work.order = ({ name }) => (name === 'one' ? [one![0]!, two![1]!] : [two![0]!, one![1]!]);
        }),
      tune: onVolumes(mirrors),
      also: ['I8'],
    },
    {
      what: 'volume: the map of a thin volume stays behind, and begins anew',
      make: (world) =>
        onArrival(world, (work) => {
          const [thin] = work.volumes;
          const place = thin!.place.bind(thin);
          thin!.place = (lba, blocks, forWrite) =>
            lba < 64 && !forWrite ? [] : place(lba, blocks, forWrite);
        }),
      tune: onVolumes([volume('slim', 'thin', 'a')]),
      also: ['I8'],
    },
    {
      what: 'volume: a write goes to one leg of a mirror only',
      make: (world) =>
        onArrival(world, (work) => {
          const [mirror] = work.volumes;
          const place = mirror!.place.bind(mirror);
          mirror!.place = (lba, blocks, forWrite) => {
            const legs = place(lba, blocks, forWrite);
            return forWrite ? legs?.slice(0, 1) : legs;
          };
        }),
      tune: onVolumes(mirrors.slice(0, 1)),
      also: ['I8'],
    },
    {
      what: 'LUN: the array has another unit behind it after the move, and tells nobody',
      make: (world) =>
        onArrival(world, () => {
          const { masks } = world.array.device;
          for (const [device, view] of [...masks.own()]) {
            const units = [...view.values()].reverse();
            masks.set(
              device,
              units.map((lu, lun) => ({ lun, lu })),
            );
          }
        }),
      tune: onVolumes([stripe]),
      also: ['I6', 'I8', 'I11', 'I21'],
    },
    {
      what: 'extent: what a deleted snapshot kept comes over what is newer',
      make(world) {
        for (const { medium } of world.array.device.units) {
          if (!(medium instanceof SnapshotMedium)) continue;
          const remove = medium.delete.bind(medium);
          medium.delete = (name) => {
            const { blocks } = medium;
            const old = medium.readSnapshot(name, 0, blocks);
            remove(name);
            medium.write(0, old);
          };
        }
      },
      tune: onVolumes([stripe], (scenario) => ({
        ...scenario,
        events: [
          { at: 1, afterMs: 0, ofMove: 1, do: 'snapshot', snapshot: 'x' },
          { at: 'pre-copy', afterMs: 1, ofMove: 1, do: 'snapshot-delete', snapshot: 'x' },
        ],
      })),
      also: ['I6', 'I8'],
    },
    {
      what: 'extent: a block still lies in a snapshot that is deleted',
      make(world) {
        for (const { medium } of world.array.device.units) {
          medium.storedAt = () => [{ layer: 'snapshot', name: 'x' }];
        }
      },
      tune: onVolumes([stripe], (scenario) => ({
        ...scenario,
        events: [
          { at: 1, afterMs: 0, ofMove: 1, do: 'snapshot', snapshot: 'x' },
          { at: 'pre-copy', afterMs: 1, ofMove: 1, do: 'snapshot-delete', snapshot: 'x' },
        ],
      })),
    },
    {
      what: 'pool: two extents have one place',
      make({ array }) {
        array.pool!.place = () => 0;
      },
      tune: onVolumes([stripe]),
    },
    {
      what: 'leg: an array has the blocks of its leg one place further',
      make: (world) =>
        onArrival(world, () => {
          for (const { pair } of world.arrays.values())
            for (const { leg } of pair!.mirror.units) {
              const read = leg.read.bind(leg);
              leg.read = (lba, count) => read(lba + 1 + count > leg.blocks ? lba : lba + 1, count);
            }
        }),
      tune: stretchedVolumes,
      also: ['I8', 'I11'],
    },
  ],
};

/** The first of each. */
export const firstOfChains: Readonly<Record<string, Mutant>> = Object.fromEntries(
  Object.entries(mutantsOfChains).map(([invariant, [first]]) => [invariant, first!]),
);
