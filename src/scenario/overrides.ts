/**
 * What a scenario takes over from elsewhere: its move's vendor profile, named settings, and the
 * options of a command line. Explicit words of the file win over a profile, options over both.
 */
import {
  type ArraySettings,
  type FabricSettings,
  PROFILES,
  type ProfileName,
  profileOf,
  SETTINGS,
  type SettingName,
  settingOf,
} from '../mobility/profiles.ts';
import type { Origin, Origins, Path } from './origin.ts';
import type { Scenario } from './schema.ts';
import { reservationSchema } from './vm-schema.ts';

/** Parts that replace those of a scenario. Names are checked by the schema, or by their owners. */
export interface ScenarioOverrides {
  readonly seed?: number;
  /** What carries the storage. */
  readonly protocol?: string;
  /** One of `NFS_VERSIONS`. */
  readonly nfsVersion?: number;
  readonly profile?: string;
  readonly strategy?: string;
  readonly drain?: string;
  readonly defences?: readonly string[];
  readonly quiesceMs?: number;
  /** Settings of fabrics and array, by name. */
  readonly settings?: readonly string[];
  /** What the guest's frames follow it over; a scenario without a LAN has one then. */
  readonly lan?: string;
  /** When the LAN goes. */
  readonly order?: string;
  /** What is said on the LAN for a guest that has moved. */
  readonly announcement?: string;
}

/** A part that can be replaced. */
export type OverrideName = keyof ScenarioOverrides;

/** What the parts are called where they were said, for messages: `--with` for defences. */
export type OptionNames = Readonly<Partial<Record<OverrideName, string>>>;

type Raw = Record<string, unknown>;

const isMapping = (value: unknown): value is Raw => typeof value === 'object' && value !== null;

/**
 * A scenario as read, with everything that it takes over put in its place; `origins` is told whose
 * each part is. Settings are known by name.
 */
export function applyOverrides(
  raw: Raw,
  overrides: ScenarioOverrides,
  origins: Origins,
  names: OptionNames = {},
): Raw {
  const taken = new Taken(origins, names);
  const {
    seed,
    protocol,
    nfsVersion,
    profile,
    settings = [],
    lan,
    order,
    announcement,
    ...options
  } = overrides;
  const said = isMapping(raw.move) ? raw.move : {};
  const name = profile ?? said.profile;
  const vendor = isProfileName(name) ? profileOf(name) : undefined;
  const byProfile: Origin = {
    from: 'profile',
    profile: String(name),
    chosen: profile === undefined ? origins.of(['move', 'profile']) : taken.option('profile'),
  };
  const underFile = (path: Path, own: Raw, given: object | undefined): Raw => {
    const open = Object.fromEntries(
      Object.entries(given ?? {}).filter(([key]) => !Object.hasOwn(own, key)),
    );
    return { ...own, ...taken.all(path, open, byProfile) };
  };
  const result: Raw = { ...raw };
  if (seed !== undefined) result.seed = taken.one(['seed'], seed, taken.option('seed'));
  if (protocol !== undefined)
    result.protocol = taken.one(['protocol'], protocol, taken.option('protocol'));
  if (nfsVersion !== undefined) {
    const said = isMapping(raw.nfs) ? raw.nfs : {};
    const version = taken.one(['nfs', 'version'], nfsVersion, taken.option('nfsVersion'));
    result.nfs = { ...said, version };
  }
  for (const [key, value, name] of [
    ['kind', lan, 'lan'],
    ['order', order, 'order'],
    ['announcement', announcement, 'announcement'],
  ] as const) {
    if (value === undefined) continue;
    const own = isMapping(result.lan) ? result.lan : {};
    result.lan = { ...own, [key]: taken.one(['lan', key], value, taken.option(name)) };
  }
  if (Array.isArray(raw.fabrics)) {
    result.fabrics = raw.fabrics.map((one: unknown, i) => {
      if (!isMapping(one)) return one;
      const path = ['fabrics', i];
      return {
        ...underFile(path, one, vendor?.fabric),
        ...taken.settings(path, settings, 'fabric'),
      };
    });
  }
  if (isMapping(raw.array)) {
    result.array = { ...raw.array, ...taken.settings(['array'], settings, 'array') };
  }
  if (vendor?.timing !== undefined) {
    result.timing = underFile(['timing'], isMapping(raw.timing) ? raw.timing : {}, vendor.timing);
  }
  if (raw.move !== undefined || vendor !== undefined) {
    // A profile from the command line wins over what the file says of the same things.
    const move =
      profile === undefined
        ? underFile(['move'], said, vendor?.move)
        : {
            ...said,
            ...taken.all(['move'], vendor?.move ?? {}, byProfile),
            profile: taken.one(['move', 'profile'], profile, taken.option('profile')),
          };
    for (const [key, value] of Object.entries(options)) {
      move[key] = taken.one(['move', key], value, taken.option(key as OverrideName));
    }
    result.move = move;
  }
  return result;
}

/** Tells the origins of what is put into a scenario. */
class Taken {
  readonly #origins: Origins;
  readonly #names: OptionNames;

  constructor(origins: Origins, names: OptionNames) {
    this.#origins = origins;
    this.#names = names;
  }

  option(name: OverrideName): Origin {
    return optionOrigin(name, this.#names);
  }

  one<T>(path: Path, value: T, origin: Origin): T {
    this.#origins.give(path, origin);
    return value;
  }

  all(path: Path, given: object, origin: Origin): Raw {
    for (const key of Object.keys(given)) this.#origins.give([...path, key], origin);
    return { ...given };
  }

  /** Parts that named settings give a fabric or an array. */
  settings(path: Path, names: readonly string[], owner: 'fabric' | 'array'): Raw {
    const given: (FabricSettings | ArraySettings | undefined)[] = names
      .filter(isSettingName)
      .map((name) => settingOf(name)[owner]);
    return this.all(path, Object.assign({}, ...given), this.option('settings'));
  }
}

const OPTIONS: OptionNames = { nfsVersion: '--nfs-version' };

/** The origin of what an option says. */
export function optionOrigin(name: OverrideName, names: OptionNames = {}): Origin {
  return { from: 'option', option: names[name] ?? OPTIONS[name] ?? `--${name}` };
}

/** Whether there is a setting of this name. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function isProfileName(name: unknown): name is ProfileName {
  return typeof name === 'string' && Object.hasOwn(PROFILES, name);
}

/** Where the move fences its source, the guest has a reservation to do it with. */
export function withFence(scenario: Scenario, origins: Origins): Scenario {
  const { move, vms } = scenario;
  if (!move.defences.includes('preempt-and-abort')) return scenario;
  const byDefence = origins.of(['move', 'defences']);
  const fenced = vms.map((vm, index) => {
    if (vm.name !== move.vm) return vm;
    const path = ['vms', index, 'reservation'];
    origins.give(vm.reservation === undefined ? path : [...path, 'handover'], byDefence);
    return {
      ...vm,
      reservation: {
        ...(vm.reservation ?? reservationSchema.parse({})),
        handover: 'preempt-and-abort' as const,
      },
    };
  });
  return { ...scenario, vms: fenced };
}

/** The command-line words of overrides, with a blank before each. */
export function optionWords(overrides: ScenarioOverrides): string {
  const { announcement, defences, drain, lan, nfsVersion, order, profile } = overrides;
  const { protocol, settings, strategy } = overrides;
  return [
    protocol === undefined ? '' : ` --protocol ${protocol}`,
    nfsVersion === undefined ? '' : ` --nfs-version ${nfsVersion}`,
    profile === undefined ? '' : ` --profile ${profile}`,
    strategy === undefined ? '' : ` --strategy ${strategy}`,
    drain === undefined ? '' : ` --drain ${drain}`,
    defences === undefined ? '' : ` --defences ${defences.join(',') || 'none'}`,
    settings === undefined ? '' : ` --settings ${settings.join(',')}`,
    lan === undefined ? '' : ` --lan ${lan}`,
    order === undefined ? '' : ` --order ${order}`,
    announcement === undefined ? '' : ` --announcement ${announcement}`,
  ].join('');
}
