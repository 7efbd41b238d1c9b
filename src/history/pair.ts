/** What two arrays that keep one unit together tell: how they stand to each other, and where their legs may differ. */
import type { BlockRun } from './backup.ts';
import type { CommandName } from './storage.ts';

/**
 * How one array of a pair stands to the other.
 * `starting`: it has not heard of the other since its power on; it waits.
 * `in-sync`: what is answered is on both legs.
 * `suspended`: the other does not answer, and nobody has said who goes on; it waits, or refuses where it may not.
 * `detached`: it goes on alone and keeps what the other lacks.
 * `source`, `target`: what the target lacks is copied to it; it serves nobody meanwhile.
 */
export type PairState = 'starting' | 'in-sync' | 'suspended' | 'detached' | 'source' | 'target';

/** An array of a pair stands to the other in another way from now on. */
export interface PairChanged {
  readonly type: 'pair';
  readonly state: PairState;
  /** It orders the writes of both. */
  readonly leads: boolean;
  /** What its data are called: another name after it went on alone. */
  readonly generation: string;
  /** The units that both have. */
  readonly luNames: readonly string[];
  /** Why, in words. */
  readonly detail: string;
}

/** Blocks of a unit in which the legs may differ from now on, as the array keeps it; or do not any more. */
export interface LegsDiffer {
  readonly type: 'legs-differ';
  readonly state: 'set' | 'clear';
  readonly luName: string;
  readonly runs: readonly BlockRun[];
}

/**
 * A command has changed blocks, and what it changed is where it must be: on both legs, or in the map of what the other
 * lacks. Its answer leaves now; or never, where nobody goes on. Told by an array that is a process of its own.
 */
export interface ChangeSettled extends CommandName {
  readonly type: 'change-settled';
  readonly luName: string;
  readonly answers: boolean;
}

/** What an array's leg of a unit holds, as the driver reads it. */
export interface LegRead {
  readonly type: 'leg';
  readonly luName: string;
  readonly lba: number;
  readonly blocks: number;
  readonly data: Uint8Array;
}

/** An array that has lost the other asks the witness whether it may go on. */
export interface WitnessAsked {
  readonly type: 'witness-ask';
  /** The answer comes with the same number. */
  readonly id: number;
  readonly site: string;
  /** The newest that both had. */
  readonly generation: string;
}

/** The witness lets an array go on alone, or does not; what it says is on its way. */
export interface WitnessAnswered {
  readonly type: 'witness-answer';
  readonly id: number;
  readonly generation: string;
  readonly granted: boolean;
}

/** Everything that is told of a pair. */
export type PairEvent =
  | PairChanged
  | LegsDiffer
  | ChangeSettled
  | LegRead
  | WitnessAsked
  | WitnessAnswered;
