/** Scenario files and the worlds they describe. */
export { wwpnsOf } from './identities.ts';
export * from './load.ts';
export * from './schema.ts';
export * from './world.ts';
