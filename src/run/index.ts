/** One run of a move, from power on to its verdict, with the adversary's faults. */
export * from './evidence.ts';
export { FAULT_KINDS, type Fault, FaultError, faultName, parseFaults } from './fault.ts';
export { lateFrames } from './late-frames.ts';
export { LATE_SCHEDULES, type LateSchedule } from './late-schedules.ts';
export { RunError } from './power.ts';
export * from './run.ts';
