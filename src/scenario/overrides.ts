/**
 * What a scenario takes over from elsewhere: its move's vendor profile, named settings, and the
 * options of a command line. Explicit words of the file win over a profile, options over both.
 */
import {
  PROFILES,
  type ProfileName,
  profileOf,
  type SettingName,
  settingOf,
} from '../mobility/profiles.ts';
import type { Scenario } from './schema.ts';

/** Parts that replace those of a scenario. Names are checked by the schema, or by their owners. */
export interface ScenarioOverrides {
  readonly seed?: number;
  readonly profile?: string;
  readonly strategy?: string;
  readonly drain?: string;
  readonly defences?: readonly string[];
  readonly quiesceMs?: number;
  /** Settings of fabrics and array, by name. */
  readonly settings?: readonly SettingName[];
}

type Raw = Record<string, unknown>;

const isMapping = (value: unknown): value is Raw => typeof value === 'object' && value !== null;

/** A scenario as read, with everything that it takes over put in its place. */
export function applyOverrides(raw: Raw, overrides: ScenarioOverrides): Raw {
  const { seed, profile, settings = [], ...options } = overrides;
  const said = isMapping(raw.move) ? raw.move : {};
  const name = profile ?? said.profile;
  const vendor = isProfileName(name) ? profileOf(name) : undefined;
  // A profile from the command line wins over what the file says of the same things.
  const move =
    profile === undefined ? { ...vendor?.move, ...said } : { ...said, ...vendor?.move, profile };
  const parts = settings.map(settingOf);
  const onFabrics = Object.assign({}, ...parts.map((one) => one.fabric));
  const onArray = Object.assign({}, ...parts.map((one) => one.array));
  const fabrics = Array.isArray(raw.fabrics)
    ? raw.fabrics.map((one: unknown) =>
        isMapping(one) ? { ...vendor?.fabric, ...one, ...onFabrics } : one,
      )
    : raw.fabrics;
  return {
    ...raw,
    ...(seed === undefined ? {} : { seed }),
    ...(raw.fabrics === undefined ? {} : { fabrics }),
    ...(vendor?.timing === undefined
      ? {}
      : { timing: { ...vendor.timing, ...(isMapping(raw.timing) ? raw.timing : {}) } }),
    ...(isMapping(raw.array) ? { array: { ...raw.array, ...onArray } } : {}),
    ...(raw.move === undefined && vendor === undefined ? {} : { move: { ...move, ...options } }),
  };
}

function isProfileName(name: unknown): name is ProfileName {
  return typeof name === 'string' && Object.hasOwn(PROFILES, name);
}

/** Where the move fences its source, the guest has a reservation to do it with. */
export function withFence(scenario: Scenario): Scenario {
  const { move, vms } = scenario;
  if (!move.defences.includes('preempt-and-abort')) return scenario;
  const fenced = vms.map((vm) =>
    vm.name === move.vm
      ? {
          ...vm,
          reservation: {
            type: 'write-exclusive-registrants-only' as const,
            key: '1000',
            aptpl: false,
            ...vm.reservation,
            handover: 'preempt-and-abort' as const,
          },
        }
      : vm,
  );
  return { ...scenario, vms: fenced };
}
