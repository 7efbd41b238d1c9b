/** Moves as transactions: plans, strategies, the mover. */
export * from './mover.ts';
export * from './plan.ts';
export { stepsOf } from './strategies.ts';
