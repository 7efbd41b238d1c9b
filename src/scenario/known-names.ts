/** What the checks of a scenario ask of every name that must exist. */
import { ALL_TARGET_PORTS } from './names.ts';
import type { Complaint, Path } from './origin.ts';
import type { Scenario } from './schema.ts';

/** Whether a text is a World Wide Name. */
export const isWwn = (text: string): boolean => /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/.test(text);

/** The names that are not among those that are known, each with its place. */
export function* unknownIn(
  path: Path,
  names: readonly string[],
  known: readonly string[],
  what: string,
): Iterable<Complaint> {
  for (const [i, one] of names.entries()) {
    if (known.includes(one)) continue;
    const place = names.length === 1 && typeof path.at(-1) === 'string' ? path : [...path, i];
    yield { path: place, what: `there is no ${what} ${one}; there is ${known.join(', ')}` };
  }
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
      const what = `${member} names nobody: allowed are array, a virtual machine, or a WWPN`;
      yield { path: [...path, j, 'members', k], what };
    }
  }
}
