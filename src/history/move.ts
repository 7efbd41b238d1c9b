/** What happens in a move, as its mover tells it. */

/** The steps of a move, in the order a person follows them. */
export const PHASES = [
  'preflight',
  'pre-copy',
  'stun',
  'drain',
  'quiesce',
  'leave',
  'join',
  'resume',
  'roll back',
] as const;
/** One of `PHASES`. */
export type Phase = (typeof PHASES)[number];

/**
 * How a move ends: done; refused by the preflight, with nothing touched; undone, with the guest on
 * the source again; or with the guest standing still, because the way back failed too.
 */
export type MoveOutcome = 'moved' | 'refused' | 'rolled-back' | 'stranded';

/** A step of a move begins, or the one under way has something to add. */
export interface MoveStepped {
  readonly type: 'move-step';
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly phase: Phase;
  readonly detail: string;
}

/** A move is over. */
export interface MoveEnded {
  readonly type: 'move-end';
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: MoveOutcome;
  /** Why it was not done; empty when it was. */
  readonly reason: string;
}

/** Everything that is told of a move. */
export type MoveEvent = MoveStepped | MoveEnded;
