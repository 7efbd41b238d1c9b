/** The storage array: target ports, nexuses, task sets, logical units and their media. */
export type { TargetPortGroup } from './alua.ts';
export * from './array.ts';
export * from './cache.ts';
export type { Applied, ArrayObserver, ReadDone } from './command.ts';
export type {
  ApplyEvent,
  ArrayEvent,
  HoldState,
  NexusName,
  PairName,
  ReservationCause,
} from './events.ts';
export * from './logical-unit.ts';
export * from './lun-mask.ts';
export * from './medium.ts';
export * from './nexus.ts';
export * from './storage-array.ts';
export * from './target-port.ts';
export * from './task-set.ts';
