/** The verdict: observations, invariants, the auditor. */
export * from './auditor.ts';
export * from './observation.ts';
