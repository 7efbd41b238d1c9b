/** The verdict: observations, invariants, the auditor. */
export * from './auditor.ts';
export * from './capture-judge.ts';
export * from './exchanges.ts';
export * from './linearizability.ts';
export * from './login-list.ts';
export * from './move-finder.ts';
export * from './observation.ts';
export * from './observer.ts';
