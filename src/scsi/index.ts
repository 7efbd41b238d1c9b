/** SCSI without what carries it: the target's core, the initiator's side, media. */
export * from './initiator/guest-reservation.ts';
export * from './initiator/lun-scan.ts';
export * from './initiator/multipath.ts';
export * from './initiator/reservation-keeper.ts';
export * from './initiator/sense-action.ts';
export * from './medium/cache.ts';
export * from './medium/medium.ts';
export type { TargetPortGroup } from './target/alua.ts';
export type { PortOfTarget } from './target/command.ts';
export * from './target/logical-unit.ts';
export * from './target/lun-mask.ts';
export * from './target/nexus.ts';
export * from './target/nexus-registry.ts';
export * from './target/observer.ts';
export * from './target/scsi-target.ts';
export * from './target/task-set.ts';
export * from './transport.ts';
