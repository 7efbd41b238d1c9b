/** What a link does to frames: its rate and delay, and the faults that are ordered for it. */
export * from './channel.ts';
export * from './fault-lane.ts';
export * from './faults.ts';
