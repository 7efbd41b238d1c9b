/** Runs of scenarios: one, and what comes of it. */
export { type Fault, FaultError, parseFaults } from './fault.ts';
export { RunError } from './power.ts';
export * from './report/index.ts';
export * from './run.ts';
