/**
 * What NBD clients may open: an array's logical units by name, and each of their snapshots as `UNIT@SNAPSHOT`,
 * with their maps of changed blocks.
 */
import type { BlockRun } from '../../history/backup.ts';
import type { Medium } from '../../scsi/medium/medium.ts';
import { SnapshotMedium } from '../../scsi/medium/snapshot.ts';
import { SnapshotView } from '../../scsi/medium/snapshot-view.ts';

/** An export. */
export interface NbdExport {
  readonly name: string;
  readonly description: string;
  readonly medium: Medium;
  readonly isReadOnly: boolean;
  /** The logical unit that its blocks are of: its name, and its number in the list. */
  readonly luName: string;
  readonly lunNumber: number;
  /** Since which snapshots it is known what has changed, the oldest first. */
  references(): readonly string[];
  /** What has changed since a reference, in the order of addresses; `undefined` where nobody knows. */
  changedSince(reference: string): readonly BlockRun[] | undefined;
}

/** A unit that is exported. */
export interface NbdUnit {
  readonly name: string;
  readonly medium: Medium;
  readonly luName: string;
}

/** Between a unit's name and that of a snapshot. */
const SNAPSHOT_MARK = '@';

/** The exports of an array's units, with those snapshots that there are when somebody asks. */
export class NbdExports {
  readonly #units: readonly NbdUnit[];

  constructor(units: readonly NbdUnit[]) {
    this.#units = units;
  }

  /** All of them: each unit, and behind it its snapshots, the oldest first. */
  list(): NbdExport[] {
    return this.#units.flatMap((unit, lunNumber) => [
      exportOf(unit, lunNumber),
      ...snapshotsOf(unit).map((snapshot) => exportOf(unit, lunNumber, snapshot)),
    ]);
  }

  /** The export of a name; the first unit's for the empty one, as clients name what is the only one. */
  find(name: string): NbdExport | undefined {
    const [first] = this.#units;
    if (name === '') return first && exportOf(first, 0);
    for (const [lunNumber, unit] of this.#units.entries()) {
      if (unit.name === name) return exportOf(unit, lunNumber);
      if (!name.startsWith(unit.name + SNAPSHOT_MARK)) continue;
      const snapshot = name.slice(unit.name.length + SNAPSHOT_MARK.length);
      if (snapshotsOf(unit).includes(snapshot)) return exportOf(unit, lunNumber, snapshot);
    }
    return undefined;
  }
}

const snapshotsOf = ({ medium }: NbdUnit): readonly string[] =>
  medium instanceof SnapshotMedium ? medium.snapshots : [];

function exportOf(unit: NbdUnit, lunNumber: number, snapshot?: string): NbdExport {
  const { name, medium, luName } = unit;
  const map = medium instanceof SnapshotMedium ? medium.changed : undefined;
  const common = { luName, lunNumber, references: () => map?.references ?? [] };
  if (snapshot === undefined) {
    return {
      ...common,
      name,
      description: `logical unit ${luName}`,
      medium,
      isReadOnly: false,
      changedSince: (reference) => map?.since(reference),
    };
  }
  const view = new SnapshotView(medium as SnapshotMedium);
  view.show(snapshot);
  return {
    ...common,
    name: name + SNAPSHOT_MARK + snapshot,
    description: `snapshot ${snapshot} of logical unit ${luName}`,
    medium: view,
    isReadOnly: true,
    changedSince: (reference) => map?.since(reference, snapshot),
  };
}
