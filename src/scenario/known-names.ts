/** What the checks of a scenario ask of every name that must exist. */
import { meantBy } from '../codecs/layout/nearest-name.ts';
import { ALL_TARGET_PORTS } from './names.ts';
import type { Complaint, Path } from './origin.ts';
import type { Scenario } from './schema.ts';

/** Whether a text is a World Wide Name. */
export const isWwn = (text: string): boolean => /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/.test(text);

/** Known names that a complaint lists; of more it says how many there are. */
const LISTED_MAX = 12;

/**
 * The names that are not among those that are known, each with its place: one name, those of a list, or
 * those that the keys of a mapping stand for. `whose` stands behind the name: `of vm1`.
 */
export function* unknownIn(
  path: Path,
  names: string | readonly string[] | Readonly<Record<string, string>>,
  known: readonly string[],
  what: string,
  whose = '',
): Iterable<Complaint> {
  for (const [key, one] of typeof names === 'string' ? [['', names]] : Object.entries(names)) {
    if (known.includes(one!)) continue;
    const place = typeof names === 'string' ? path : [...path, placeOf(names, key!)];
    yield {
      path: place,
      what: `there is no ${what} ${one}${whose === '' ? '' : ` ${whose}`}; ${listOf([...new Set(known)])}${meantBy(one!, known)}`,
    };
  }
}

/** The keys of a mapping that are not among the names that are known. */
export function unknownKeys(
  path: Path,
  mapping: Readonly<Record<string, unknown>>,
  known: readonly string[],
  what: string,
  whose?: string,
): Iterable<Complaint> {
  const keys = Object.fromEntries(Object.keys(mapping).map((key) => [key, key]));
  return unknownIn(path, keys, known, what, whose);
}

const placeOf = (names: object, key: string): PropertyKey =>
  Array.isArray(names) ? Number(key) : key;

function listOf(known: readonly string[]): string {
  const more = known.length - LISTED_MAX;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `there is ${known.slice(0, LISTED_MAX).join(', ')}${rest}`;
}

/** Somebody whom a mask or an event is for and who is not there. */
export function* unknownOwner(scenario: Scenario, name: string, path: Path): Iterable<Complaint> {
  const guests = scenario.vms.map((vm) => vm.name);
  if (isWwn(name) || guests.includes(name)) return;
  const what = `${name} is neither a virtual machine nor a WWPN${meantBy(name, guests)}`;
  yield { path, what };
}

/** A port of the array, by its place in its list, that is not there. */
export function* unknownPort(
  { name, ports }: Scenario['array'],
  port: number,
  path: Path,
): Iterable<Complaint> {
  if (port < ports.length) return;
  yield { path, what: `there is no port ${port} at ${name}: it has ${ports.length}, from 0` };
}

/** The ports of a mask that the array does not have. */
export function* unknownPorts(
  { array }: Scenario,
  ports: readonly number[] | undefined,
  path: Path,
): Iterable<Complaint> {
  for (const [i, port] of (ports ?? []).entries()) yield* unknownPort(array, port, [...path, i]);
}

/** Whether a text names ports: all target ports, those of a virtual machine, or one by its WWPN. */
export function namesPorts({ vms }: Scenario, member: string): boolean {
  return member === ALL_TARGET_PORTS || isWwn(member) || vms.some(({ name }) => name === member);
}

/** The members of zones that name nobody; `path` is that of the zones. */
export function* unknownMembers(
  scenario: Scenario,
  zones: readonly { readonly members: readonly string[] }[],
  path: Path,
): Iterable<Complaint> {
  for (const [j, zone] of zones.entries()) {
    for (const [k, member] of zone.members.entries()) {
      if (namesPorts(scenario, member)) continue;
      const known = [ALL_TARGET_PORTS, ...scenario.vms.map(({ name }) => name)];
      const what = `${member} names nobody: allowed are array, a virtual machine, or a WWPN${meantBy(member, known)}`;
      yield { path: [...path, j, 'members', k], what };
    }
  }
}
