/** What an array can be asked to do by its management: snapshots, and its maps of changed blocks. */
import type { BlockRun } from '../history/backup.ts';
import type { MapPolicy } from './medium/changed-blocks.ts';

/** A logical unit by its place in the array's list. */
type UnitPlaceInList = number;

/** What an array is asked; every command has one answer. */
export type ArrayCommand =
  /** A snapshot of all these units at one moment; their maps of changed blocks have it as a reference. */
  | {
      readonly command: 'cut';
      readonly snapshot: string;
      readonly units: readonly UnitPlaceInList[];
    }
  /** The snapshot is given up, of every unit that has it. What changed since it stays known. */
  | { readonly command: 'delete-snapshot'; readonly snapshot: string }
  /** Every unit that has the snapshot holds again what it had then. */
  | { readonly command: 'revert'; readonly snapshot: string }
  /** Units that show snapshots show this one from now on, as far as it is of theirs. */
  | {
      readonly command: 'present';
      readonly snapshot: string;
      readonly units: readonly UnitPlaceInList[];
    }
  /** What has changed in a unit since a snapshot was cut; asked for the sake of another one. */
  | {
      readonly command: 'changes';
      readonly unit: UnitPlaceInList;
      readonly since: string;
      readonly until: string;
    }
  /** The pool from which units take their space has more extents from now on. */
  | { readonly command: 'grow-pool'; readonly extents: number }
  /** Units are given new volumes, as by a move of their data: what becomes of their maps. */
  | {
      readonly command: 'data-moved';
      readonly units: readonly UnitPlaceInList[];
      readonly maps: MapPolicy;
    };

/** What an array answers: what was asked for, or why not. */
export type ArrayAnswer =
  | { readonly ok: false; readonly reason: string }
  | {
      readonly ok: true;
      /** To `changes`; `undefined` where the map does not know, or there is none. */
      readonly changed?: readonly BlockRun[] | undefined;
    };
