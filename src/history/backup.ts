/**
 * What happens to data that is kept beside a unit: snapshots and their cuts, maps of changed blocks, guests
 * that hold their writes for a cut, and backups.
 */

/** Blocks one behind the other. */
export interface BlockRun {
  readonly lba: number;
  readonly blocks: number;
}

/** An array cuts several units at one moment: between the two its commands wait. */
export interface CutTaken {
  readonly type: 'cut';
  readonly state: 'begin' | 'end';
  readonly snapshot: string;
  readonly luNames: readonly string[];
}

/** A snapshot of one unit was made or is gone, or the unit holds again what it had then. */
export interface SnapshotChanged {
  readonly type: 'snapshot';
  readonly state: 'cut' | 'deleted' | 'reverted';
  readonly snapshot: string;
  readonly luName: string;
  /** What going back has changed in the unit. */
  readonly changed?: readonly BlockRun[];
}

/**
 * What a snapshot holds of a unit, or what was restored of it from backups, as the driver reads it. `luName`
 * is the unit whose data it is, wherever it lies.
 */
export interface ImageRead {
  readonly type: 'image';
  readonly of: 'snapshot' | 'restore';
  readonly snapshot: string;
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  readonly data: Uint8Array;
}

/** Who keeps a map of changed blocks. */
export type MapKeeper = 'host' | 'array';

/** A map of changed blocks was asked what has changed since a snapshot was cut. */
export interface ChangesTold {
  readonly type: 'changed-blocks';
  readonly keeper: MapKeeper;
  readonly luName: string;
  readonly since: string;
  /** The snapshot for whose sake it was asked, which was cut before. */
  readonly until: string;
  /** `undefined`: the map does not know. */
  readonly changed: readonly BlockRun[] | undefined;
}

/**
 * A guest holds its writes for a cut. `began`: it submits no more; `frozen`: what it waited for has ended;
 * `thawed`: it goes on, because it was told to or because a bound of its own has passed.
 */
export interface GuestFroze {
  readonly type: 'freeze';
  readonly vm: string;
  readonly state: 'began' | 'frozen' | 'thawed';
  /** The bound that has passed: that of its writers, or that of the hold on its volumes. */
  readonly bound?: 'writers' | 'hold';
}

/** What a backup promises: applications had come to rest, or a crash at that moment would look the same. */
export type Consistency = 'application' | 'crash';

/** A backup takes a step. `kept`: what was cut is in the backup; `compared`: it was restored and compared. */
export interface BackupStepped {
  readonly type: 'backup';
  readonly step:
    | 'began'
    | 'freeze'
    | 'cut'
    | 'thaw'
    | 'map'
    | 'read'
    | 'kept'
    | 'restore'
    | 'compared'
    | 'failed';
  readonly vm: string;
  readonly snapshot: string;
  /** In words. */
  readonly detail: string;
  /** Of what was kept. */
  readonly consistency?: Consistency;
}

/** Everything that is told of snapshots, maps and backups. */
export type BackupEvent =
  | CutTaken
  | SnapshotChanged
  | ImageRead
  | ChangesTold
  | GuestFroze
  | BackupStepped;
