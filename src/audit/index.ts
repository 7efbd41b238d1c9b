/** The verdict: observations, invariants, the auditor. */
export * from './auditor.ts';
export * from './capture-judge.ts';
export * from './ledger/linearizability.ts';
export * from './ledger/move-finder.ts';
export * from './observation.ts';
export * from './observer.ts';
export * from './seen/exchanges.ts';
export * from './seen/login-list.ts';
