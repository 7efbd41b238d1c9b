/** Moves as transactions: plans, strategies, vendor profiles, the mover. */
export { DRAINS, type Drain } from '../host/control.ts';
export * from './mover.ts';
export * from './plan.ts';
export * from './profiles.ts';
export { stepsOf } from './strategies.ts';
export { compareViews } from './views.ts';
