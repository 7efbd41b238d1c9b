/** Many runs: plans, workers, results, violations made small, the curve of safe waits. Needs Node. */
export * from './job.ts';
export * from './late-run.ts';
export * from './plan.ts';
export * from './pool.ts';
export * from './queue.ts';
export * from './quiesce.ts';
export * from './quiesce-svg.ts';
export * from './redis-queue.ts';
export * from './reduce.ts';
export * from './results.ts';
export * from './seed-store.ts';
export * from './shrink.ts';
export * from './summary.ts';
