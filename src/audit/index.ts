/** The verdict: observations, invariants, the auditor. */
export * from './auditor.ts';
export * from './capture-judge.ts';
export * from './exchanges.ts';
export * from './login-list.ts';
export * from './observation.ts';
export * from './observer.ts';
