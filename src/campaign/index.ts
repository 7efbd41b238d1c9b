/** Runs of scenarios: one, and what comes of it. */
export * from './run.ts';
