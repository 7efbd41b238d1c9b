/** Machines that are broken in what they keep beside a unit: snapshots, maps of changed blocks, backups. */
import { MILLISECOND } from '../../../src/machine/machine.ts';
import type { World } from '../../../src/scenario/build.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { SnapshotMedium } from '../../../src/scsi/medium/snapshot.ts';
import { type Mutant, withWorkload } from '../../helpers/audited-run.ts';

/** A snapshot of all units is cut while the guest writes, over so long for each. */
function whileCut(cutUs: number): (scenario: Scenario) => Scenario {
  return (scenario) =>
    withWorkload({ readPercent: 20, rangeBlocks: 256 })({
      ...scenario,
      array: { ...scenario.array, cutUs },
      events: [
        { at: 2, afterMs: 0, ofMove: 1, do: 'snapshot', snapshot: 's1' },
        { at: 'pre-copy', afterMs: 1, ofMove: 1, do: 'snapshot', snapshot: 's2' },
      ],
    });
}

/** The media of units that can be cut. */
function* cutMedia(world: World): Iterable<SnapshotMedium> {
  for (const { medium } of world.array.device.units) {
    if (medium instanceof SnapshotMedium) yield medium;
  }
}

/** For each invariant some machines: the first is the one that `sanmotion explain` names. */
export const mutantsOfBackup: Readonly<
  Record<string, readonly (Mutant & { readonly what: string })[]>
> = {
  I33: [
    {
      what: 'a write is let through while units are cut',
      make({ array }) {
        Object.defineProperty(array.snapshots, 'standsUntil', { get: () => 0, set() {} });
      },
      tune: whileCut(1000),
    },
    {
      what: 'what a block had is kept after it was overwritten',
      make(world) {
        for (const medium of cutMedia(world)) {
          medium.readSnapshot = (_name, lba, count) => medium.read(lba, count);
        }
      },
      tune: whileCut(100),
    },
    {
      what: 'units are cut one long after the other',
      make({ array }) {
        const { snapshots } = array;
        const cut = snapshots.cutUnit.bind(snapshots);
        snapshots.cutUnit = (lu, medium, snapshot) => {
          if (lu.index === 0) cut(lu, medium, snapshot);
          else array.after(5 * MILLISECOND, () => cut(lu, medium, snapshot));
        };
      },
      tune: whileCut(100),
    },
    {
      what: 'a volatile cache is not flushed before the cut, and power is lost behind it',
      make({ array }) {
        array.device.flush = () => {};
      },
      tune: (scenario) => {
        const cut = whileCut(100)(scenario);
        return {
          ...cut,
          array: { ...cut.array, writeCache: 'volatile' },
          events: [
            ...cut.events,
            { at: 8, afterMs: 0, ofMove: 1, do: 'crash', node: 'array', forMs: 5 },
          ],
        };
      },
    },
  ],
};

/** The first of each. */
export const firstOfBackup: Readonly<Record<string, Mutant>> = Object.fromEntries(
  Object.entries(mutantsOfBackup).map(([invariant, [first]]) => [invariant, first!]),
);
