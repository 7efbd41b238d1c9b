/** The contract of protocol machines, and what they are built on: outbox, timers, random streams. */
export * from './core.ts';
export * from './machine.ts';
export { type RandomStreams, streams } from './random.ts';
