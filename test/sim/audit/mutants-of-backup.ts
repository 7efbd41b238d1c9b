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

type Backup = NonNullable<Scenario['backup']>;
type Event = Scenario['events'][number];

const at = (ms: number): { at: number; afterMs: number; ofMove: number } => ({
  at: ms,
  afterMs: 0,
  ofMove: 1,
});

/** A backup before the move and one behind it, each restored and compared; and what else happens. */
function backedUp(change: Partial<Backup>, ...others: Event[]): (scenario: Scenario) => Scenario {
  return (scenario) =>
    withWorkload({ readPercent: 30, rangeBlocks: 256, queueDepth: 4, blocksMax: 4, thinkUs: 500 })({
      ...scenario,
      array: {
        ...scenario.array,
        luns: scenario.array.luns.map((lun) => ({ ...lun, blocks: 256 })),
      },
      timing: {
        ...scenario.timing,
        beforeMs: 60,
        afterMs: 20,
        commandTimeoutMs: 5000,
        guestTimeoutMs: 60_000,
      },
      backup: {
        name: 'backup',
        quiesce: 'guest',
        writersMs: 60_000,
        holdMs: 10_000,
        map: 'array',
        atMove: 'carried',
        atPowerLoss: 'carried',
        granularityBlocks: 1,
        ...change,
      },
      events: [
        { ...at(20), do: 'backup' },
        ...others,
        { at: 'end', afterMs: 5, ofMove: 1, do: 'backup' },
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
  I34: [
    {
      what: 'the map of the host is lost at the move without a word',
      make({ vms }) {
        Object.assign(vms[0]!.guest.maps!, { atMove: 'lost' });
      },
      tune: backedUp({ map: 'host' }),
      also: ['I35'],
    },
    {
      what: 'a bit is set long after its block was written',
      make(world) {
        for (const { changed } of cutMedia(world)) {
          const mark = changed!.mark.bind(changed);
          changed!.mark = (lba, count) =>
            void world.array.after(30 * MILLISECOND, () => mark(lba, count));
        }
      },
      tune: backedUp({}),
      also: ['I35'],
    },
    {
      what: 'a snapshot that is deleted takes what was changed in its time along',
      make(world) {
        for (const medium of cutMedia(world)) {
          const remove = medium.delete.bind(medium);
          medium.delete = (name) => {
            remove(name);
            medium.changed!.loseBits();
          };
        }
      },
      tune: backedUp(
        {},
        { ...at(50), do: 'snapshot', snapshot: 'x' },
        { ...at(58), do: 'snapshot-delete', snapshot: 'x' },
      ),
      also: ['I35'],
    },
    {
      what: 'going back to a snapshot is no change to the map',
      make(world) {
        for (const medium of cutMedia(world)) {
          const revert = medium.revert.bind(medium);
          const { changed } = medium;
          const mark = changed!.mark.bind(changed);
          medium.revert = (name) => {
            changed!.mark = () => {};
            const runs = revert(name);
            changed!.mark = mark;
            return runs;
          };
        }
      },
      tune: backedUp(
        {},
        { ...at(5), do: 'snapshot', snapshot: 'x' },
        { ...at(55), do: 'snapshot-revert', snapshot: 'x' },
      ),
      also: ['I35'],
    },
    {
      what: 'a loss of power empties the map without a word',
      make(world) {
        for (const medium of cutMedia(world)) {
          const lost = medium.powerLost.bind(medium);
          medium.powerLost = () => {
            medium.changed!.loseBits();
            return lost();
          };
        }
      },
      tune: backedUp({}, { ...at(55), do: 'crash', node: 'array', forMs: 5 }),
      also: ['I35'],
    },
    {
      what: 'the map begins a while after the cut: a write that was under way falls between',
      make({ array }) {
        const { snapshots } = array;
        const cut = snapshots.cutUnit.bind(snapshots);
        snapshots.cutUnit = (lu, medium, snapshot) => {
          const { changed } = medium;
          const begin = changed!.begin.bind(changed);
          changed!.begin = (reference) => void array.after(3 * MILLISECOND, () => begin(reference));
          cut(lu, medium, snapshot);
          changed!.begin = begin;
        };
      },
      tune: backedUp({ quiesce: 'none' }),
      also: ['I35'],
    },
  ],
  I35: [
    {
      what: 'the unit is read as it is now instead of its snapshot',
      make({ array }) {
        const { units } = array.device;
        // Behind the guest's two units those that show their snapshots, and that they are restored to.
        for (const [source, view] of [units[2]!, units[4]!].entries()) {
          view.medium.read = (lba, count) => units[source]!.medium.read(lba, count);
        }
      },
      tune: backedUp({}),
    },
    {
      what: 'blocks that have become zeros are not restored',
      make({ agents }) {
        const { script } = agents.get('backup')!;
        const restored = script.restored.bind(script);
        script.restored = (backup, luName) =>
          [...restored(backup, luName)].filter(([, block]) => block.some((byte) => byte !== 0));
      },
      tune: (scenario) => withWorkload({ unmapPercent: 30 })(backedUp({})(scenario)),
    },
    {
      what: 'two increments are restored in the wrong order',
      make({ agents }) {
        const { script } = agents.get('backup')!;
        script.inOrder = () => {
          const [full, ...increments] = script.chain;
          return [full!, ...increments.reverse()];
        };
      },
      tune: backedUp({}, { at: 'pre-copy', afterMs: 0, ofMove: 1, do: 'backup' }),
    },
  ],
};

/** The first of each. */
export const firstOfBackup: Readonly<Record<string, Mutant>> = Object.fromEntries(
  Object.entries(mutantsOfBackup).map(([invariant, [first]]) => [invariant, first!]),
);
