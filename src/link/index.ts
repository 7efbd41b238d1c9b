/** What a link does to frames: its rate and delay, its credit where it is native Fibre Channel, queues by priority where it has such, and the faults that are ordered for it. */
export * from './channel.ts';
export * from './credit.ts';
export * from './fault-lane.ts';
export * from './faults.ts';
export * from './headroom.ts';
export * from './qos-options.ts';
