/** Runs of scenarios: one, and what comes of it. */
export * from './report/index.ts';
export * from './run.ts';
