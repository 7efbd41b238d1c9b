/** Scenario files and the worlds they describe. */
export * from './load.ts';
export * from './schema.ts';
export * from './world.ts';
