/**
 * What happened, in one vocabulary: machines emit these very types, drivers wrap them with the time
 * and the place, and whoever judges, counts, draws or logs a run reads that.
 */
import type { BackupEvent } from './backup.ts';
import type { ChainEvent } from './chain.ts';
import type { CreditEvent } from './credit.ts';
import type { Disturbance } from './disturbance.ts';
import type { FabricEvent } from './fabric.ts';
import type { IoEvent } from './io.ts';
import type { LanEvent } from './lan.ts';
import type { MoveEvent } from './move.ts';
import type { OperatorActed } from './operator.ts';
import type { PairEvent } from './pair.ts';
import type { QosEvent } from './qos.ts';
import type { StorageEvent } from './storage.ts';

export type * from './backup.ts';
export * from './chain.ts';
export type * from './credit.ts';
export type * from './dcb.ts';
export * from './disturbance.ts';
export * from './duration.ts';
export type * from './entities.ts';
export type * from './fabric.ts';
export type * from './io.ts';
export type * from './lan.ts';
export * from './move.ts';
export type * from './operator.ts';
export type * from './pair.ts';
export * from './places.ts';
export * from './port-name.ts';
export type * from './qos.ts';
export type * from './storage.ts';

/** Everything that can happen. `type` tells what it is; plain data, one object per happening. */
export type Happening =
  | IoEvent
  | StorageEvent
  | BackupEvent
  | ChainEvent
  | PairEvent
  | FabricEvent
  | LanEvent
  | MoveEvent
  | CreditEvent
  | QosEvent
  | Disturbance
  | OperatorActed;

/** A happening with its time and its place. */
export interface HistoryEntry<E extends Happening = Happening> {
  /** Integer nanoseconds on the driver's clock. */
  readonly at: number;
  /** The node that tells it, or that it was done to; empty for what concerns none. */
  readonly node: string;
  readonly event: E;
}
