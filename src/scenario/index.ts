/** A scenario file: from YAML to plain data, and from that to machines. Reads no files. */
export * from './build.ts';
export * from './build-array.ts';
export { topologyOf } from './from-scenario.ts';
export { type LoadedScenario, loadScenario, readScenario } from './load.ts';
export { formatOrigin, type Origin, type Origins } from './origin.ts';
export type { OptionNames, OverrideName, ScenarioOverrides } from './overrides.ts';
export { ScenarioError } from './scenario-error.ts';
export type { FabricScenario, Scenario, VmScenario } from './schema.ts';
export * from './topology.ts';
