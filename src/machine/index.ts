/** The contract of protocol machines, and what they are built on: outbox, timers, random streams, slabs. */
export * from './machine.ts';
export * from './machine-core.ts';
export * from './outbox.ts';
export { type RandomStream, type RandomStreams, streams } from './random.ts';
export { plainRoomFor, roomFor } from './slab.ts';
export * from './stream-core.ts';
export * from './stream-machine.ts';
export * from './timers.ts';
