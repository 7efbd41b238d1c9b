/**
 * Which N_Ports may know of each other, by WWPN.
 *
 * Zones are numbered by their place in the list; the default zone (all ports that no zone names)
 * takes the number behind the last one, when it permits. Without enforcement every port is in
 * zone 0. Two ports see each other when they share a number, so the forwarder compares a few
 * small integers and the name server walks only the members of the asker's zones.
 */
import type { Wwn } from '../../codecs/layout/index.ts';
import { PermittedPairs } from './permitted-pairs.ts';

/** A zone: its members see each other. */
export interface Zone {
  readonly name: string;
  /** WWPNs. */
  readonly members: readonly Wwn[];
}

/**
 * The active zone set.
 *
 * `enforced`: `none` ignores the zones; `soft` filters name server answers and RSCNs; `hard`
 * filters frames too. `defaultZone` is for ports that no zone names: `permit` lets them see each
 * other.
 */
export interface Zoning {
  readonly enforced: 'none' | 'soft' | 'hard';
  readonly zones: readonly Zone[];
  readonly defaultZone: 'permit' | 'deny';
}

/** A fabric without zones. */
export const NO_ZONING: Zoning = { enforced: 'none', zones: [], defaultZone: 'permit' };

/** Zones of one zone set, at most. */
export const ZONES_MAX = 65_536;
/** Members of one zone, at most. */
export const ZONE_MEMBERS_MAX = 65_536;

/** Errors: `RangeError` for more zones or members than the limits. */
export function checkZoning(zoning: Zoning): void {
  if (zoning.zones.length > ZONES_MAX) throw new RangeError(`zoning: more than ${ZONES_MAX} zones`);
  for (const zone of zoning.zones) {
    if (zone.members.length > ZONE_MEMBERS_MAX)
      throw new RangeError(`zoning: zone ${zone.name} has more than ${ZONE_MEMBERS_MAX} members`);
  }
}

const EVERYBODY: readonly number[] = [0];
const NOBODY: readonly number[] = [];

/**
 * True when two ports, given by their zone numbers in ascending order, share a zone. An initiator is
 * in a few zones, a target in one for each initiator: what is looked for is halved, not walked.
 */
export function shareZone(a: readonly number[], b: readonly number[]): boolean {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  let from = 0;
  for (let i = 0; i < few.length; i++) {
    const zone = few[i]!;
    let end = many.length;
    while (from < end) {
      const middle = (from + end) >>> 1;
      if (many[middle]! < zone) from = middle + 1;
      else end = middle;
    }
    if (many[from] === zone) return true;
  }
  return false;
}

/** What the table needs of a port that is logged in. */
export interface Zoned {
  readonly wwpn: Wwn;
  readonly nPortId: number;
  /** Zone numbers, ascending; written by the table alone. */
  zones: readonly number[];
}

/** Ports that came into view or went out of it for ports whose zones changed alike. */
export interface ZoneDifference<P> {
  readonly seenBy: readonly P[];
  readonly added: readonly P[];
  readonly removed: readonly P[];
}

/** The zone set applied to the ports that are logged in. */
export class ZoneTable<P extends Zoned> {
  #zoning: Zoning;
  #numbers = new Map<Wwn, number[]>();
  #members = new Map<number, Set<P>>();
  #unzoned: readonly number[] = NOBODY;
  /** True when frames are to be filtered too. */
  hard = false;
  /** Of ports that are logged in: whose frames to each other have passed. */
  readonly passed = new PermittedPairs();

  constructor(zoning: Zoning) {
    this.#zoning = zoning;
    this.#apply(zoning);
  }

  get zoning(): Zoning {
    return this.#zoning;
  }

  /** Zone numbers of a WWPN, ascending. */
  zonesOf(wwpn: Wwn): readonly number[] {
    if (this.#zoning.enforced === 'none') return EVERYBODY;
    return this.#numbers.get(wwpn) ?? this.#unzoned;
  }

  /** A port logged in. */
  join(port: P): void {
    this.passed.clear();
    port.zones = this.zonesOf(port.wwpn);
    for (const zone of port.zones) {
      let members = this.#members.get(zone);
      if (members === undefined) {
        members = new Set();
        this.#members.set(zone, members);
      }
      members.add(port);
    }
  }

  /** A port logged out. */
  leave(port: P): void {
    this.passed.clear();
    for (const zone of port.zones) {
      const members = this.#members.get(zone);
      members?.delete(port);
      if (members?.size === 0) this.#members.delete(zone);
    }
  }

  /** All ports logged out. */
  clear(): void {
    this.passed.clear();
    this.#members.clear();
  }

  /** True when one port may see the other. A port always sees itself. */
  permits(a: P, b: P): boolean {
    return a === b || shareZone(a.zones, b.zones);
  }

  /** Ports that a port sees, itself included, each once. */
  visibleTo(port: P): Iterable<P> {
    if (port.zones.length === 0) return [port];
    return this.#visible(port.zones);
  }

  /**
   * Puts another zone set in force for the ports given. Ports whose zones changed alike are
   * answered together, with those they see now or see no longer.
   */
  replace(zoning: Zoning, ports: Iterable<P>): ZoneDifference<P>[] {
    const all = [...ports];
    const groups = new Map<string, { before: readonly number[]; seenBy: P[] }>();
    const next = new ZoneTable<P>(zoning);
    for (const port of all) {
      const key = `${port.zones.join()}|${next.zonesOf(port.wwpn).join()}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { before: port.zones, seenBy: [port] });
      else group.seenBy.push(port);
    }
    const seenBefore = [...groups.values()].map((group) => new Set(this.#visible(group.before)));
    this.#members.clear();
    this.#zoning = zoning;
    this.#apply(zoning);
    for (const port of all) this.join(port);
    const differences: ZoneDifference<P>[] = [];
    let index = 0;
    for (const { seenBy } of groups.values()) {
      const before = seenBefore[index++]!;
      const after = new Set(this.#visible(seenBy[0]!.zones));
      const added = [...after].filter((port) => !before.has(port));
      const removed = [...before].filter((port) => !after.has(port));
      if (added.length + removed.length > 0) differences.push({ seenBy, added, removed });
    }
    return differences;
  }

  #visible(zones: readonly number[]): Iterable<P> {
    if (zones.length === 1) return this.#members.get(zones[0]!) ?? [];
    const union = new Set<P>();
    for (const zone of zones) for (const port of this.#members.get(zone) ?? []) union.add(port);
    return union;
  }

  #apply(zoning: Zoning): void {
    checkZoning(zoning);
    this.passed.clear();
    this.hard = zoning.enforced === 'hard';
    this.#numbers.clear();
    zoning.zones.forEach((zone, number) => {
      for (const wwpn of zone.members) {
        const numbers = this.#numbers.get(wwpn);
        if (numbers === undefined) this.#numbers.set(wwpn, [number]);
        else if (numbers.at(-1) !== number) numbers.push(number);
      }
    });
    this.#unzoned = zoning.defaultZone === 'permit' ? [zoning.zones.length] : NOBODY;
  }
}
