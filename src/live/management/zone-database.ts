/**
 * The zone database of a fabric as management programs know it: aliases, zones and configurations (zone
 * sets) that are defined, and the one in force. What is in force is the switch's own; the rest is kept here.
 *
 * A program changes a copy of its own. Saving or enabling puts the copy in the place of what is defined; a copy
 * that began before that is lost, as on a switch.
 */
import { createHash } from 'node:crypto';
import { formatWwn, type Wwn } from '../../codecs/layout/index.ts';
import { ZONE_MEMBERS_MAX, ZONES_MAX, type Zoning } from '../../fabric/fc/zoning.ts';
import { wwpnText } from '../control/command.ts';
import type { LiveFabric } from '../links.ts';
import type { LiveServer } from '../server.ts';

/** What a program asked for cannot be done, in one line. */
export class ZoneError extends Error {
  override readonly name = 'ZoneError';
}

/** The three kinds of definitions, each name with its members. */
export interface Definitions {
  /** Members are WWPNs. */
  readonly alias: Map<string, readonly string[]>;
  /** Members are WWPNs and names of aliases. */
  readonly zone: Map<string, readonly string[]>;
  /** Members are names of zones. */
  readonly cfg: Map<string, readonly string[]>;
}

/** A kind of definition. */
export type DefinitionKind = keyof Definitions;

/** The configuration that zones belong to which somebody else put in force. */
const FOREIGN_CFG = 'active';
const NAME = /^[A-Za-z][A-Za-z0-9_$^-]{0,63}$/;
const MEMBERS_MAX: Readonly<Record<DefinitionKind, number>> = {
  alias: ZONE_MEMBERS_MAX,
  zone: ZONE_MEMBERS_MAX,
  cfg: ZONES_MAX,
};

const copyOf = ({ alias, zone, cfg }: Definitions): Definitions => ({
  alias: new Map(alias),
  zone: new Map(zone),
  cfg: new Map(cfg),
});

/** A WWPN with colons and small letters; `undefined` for a text that is none. */
function wwpnOf(text: string): Wwn | undefined {
  const parsed = wwpnText.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** The member as it is kept. Errors: `ZoneError`. */
function memberOf(kind: DefinitionKind, text: string): string {
  const wwpn = kind === 'cfg' ? undefined : wwpnOf(text);
  if (wwpn !== undefined) return formatWwn(wwpn);
  if (kind === 'alias' || !NAME.test(text))
    throw new ZoneError(`${text.slice(0, 80)} is no ${kind === 'cfg' ? 'zone name' : 'WWPN'}`);
  return text;
}

/** One program's copy of the definitions. */
export class ZoneEdit {
  #definitions: Definitions;
  /** Of the database when the copy was made. */
  readonly generation: number;

  constructor(definitions: Definitions, generation: number) {
    this.#definitions = copyOf(definitions);
    this.generation = generation;
  }

  get definitions(): Definitions {
    return this.#definitions;
  }

  /** Makes several changes, or none where one of them cannot be made. */
  together(change: () => void): void {
    const before = copyOf(this.#definitions);
    try {
      change();
    } catch (error) {
      this.#definitions = before;
      throw error;
    }
  }

  /** Puts members in the place of those before, or makes the definition. Errors: `ZoneError`. */
  replace(kind: DefinitionKind, name: string, members: readonly string[]): void {
    if (!NAME.test(name))
      throw new ZoneError(
        `${JSON.stringify(name.slice(0, 80))} is no name: a letter, then up to 63 letters, digits, _ $ ^ -`,
      );
    const known = this.definitions[kind];
    const kept = [...new Set(members.map((member) => memberOf(kind, member)))];
    if (kept.length > MEMBERS_MAX[kind])
      throw new ZoneError(`${kind} ${name}: more than ${MEMBERS_MAX[kind]} members`);
    if (!known.has(name) && known.size >= ZONES_MAX)
      throw new ZoneError(`more than ${ZONES_MAX} of ${kind}`);
    known.set(name, kept);
  }

  /** Adds members; makes the definition where it is not there. Errors: `ZoneError`. */
  add(kind: DefinitionKind, name: string, members: readonly string[]): void {
    this.replace(kind, name, [...(this.definitions[kind].get(name) ?? []), ...members]);
  }

  /** Takes members away; without any the whole definition. Errors: `ZoneError`. */
  remove(kind: DefinitionKind, name: string, members?: readonly string[]): void {
    const before = this.definitions[kind].get(name);
    if (before === undefined) throw new ZoneError(`there is no ${kind} ${name.slice(0, 80)}`);
    if (members === undefined) {
      this.definitions[kind].delete(name);
      return;
    }
    const gone = new Set(members.map((member) => memberOf(kind, member)));
    this.definitions[kind].set(
      name,
      before.filter((member) => !gone.has(member)),
    );
  }

  /** The zones of a configuration, each with its WWPNs. Errors: `ZoneError`. */
  zonesOf(cfg: string): Zoning['zones'] {
    const names = this.definitions.cfg.get(cfg);
    if (names === undefined) throw new ZoneError(`there is no cfg ${cfg.slice(0, 80)}`);
    if (names.length === 0) throw new ZoneError(`cfg ${cfg} has no zone`);
    return names.map((name) => {
      const members = this.definitions.zone.get(name);
      if (members === undefined)
        throw new ZoneError(`cfg ${cfg} names the zone ${name}, which is not defined`);
      return { name, members: members.flatMap((member) => this.#wwpnsOf(name, member)) };
    });
  }

  #wwpnsOf(zone: string, member: string): Wwn[] {
    const wwpn = wwpnOf(member);
    if (wwpn !== undefined) return [wwpn];
    const alias = this.definitions.alias.get(member);
    if (alias === undefined)
      throw new ZoneError(`zone ${zone} names the alias ${member}, which is not defined`);
    return alias.map((one) => wwpnOf(one)!);
  }
}

/** The zone database of one fabric. */
export class ZoneDatabase {
  readonly #server: LiveServer;
  readonly fabric: LiveFabric;
  #definitions: Definitions = { alias: new Map(), zone: new Map(), cfg: new Map() };
  /** Changes that were saved; a copy that began before one of them is void. */
  #generation = 0;
  /** What the switch has in force as far as is known here, and the configuration that it came from. */
  #applied: Zoning | undefined;
  #cfg: string | undefined;

  constructor(server: LiveServer, fabric: LiveFabric) {
    this.#server = server;
    this.fabric = fabric;
  }

  /** What is defined and saved. */
  get definitions(): Definitions {
    this.#follow();
    return this.#definitions;
  }

  /** The configuration in force; `undefined`: none is. */
  get effectiveCfg(): string | undefined {
    this.#follow();
    return this.#cfg;
  }

  /** What the switch has in force. */
  get zoning(): Zoning {
    return this.fabric.fcf.zoning;
  }

  /** Of what is saved and in force: whoever changes it says which state that was. */
  get checksum(): string {
    const { alias, zone, cfg } = this.definitions;
    const { enforced, defaultZone, zones } = this.zoning;
    const inForce = zones.map(({ name, members }) => [name, members.map(String)]);
    const state = [[...alias], [...zone], [...cfg], this.#cfg, enforced, defaultZone, inForce];
    return createHash('md5').update(JSON.stringify(state)).digest('hex');
  }

  /** A copy to change. */
  edit(): ZoneEdit {
    return new ZoneEdit(this.definitions, this.#generation);
  }

  /** True while nothing was saved since the copy was made. */
  isCurrent(edit: ZoneEdit): boolean {
    this.#follow();
    return edit.generation === this.#generation;
  }

  /** What the copy has is defined from now on. */
  save(edit: ZoneEdit): void {
    this.#definitions = copyOf(edit.definitions);
    this.#generation++;
  }

  /** Saves the copy and puts one of its configurations in force. Errors: `ZoneError`. */
  enable(edit: ZoneEdit, cfg: string, defaultZone: Zoning['defaultZone']): void {
    const enforced = this.zoning.enforced === 'soft' ? 'soft' : 'hard';
    const zones = edit.zonesOf(cfg);
    this.#apply({ enforced, zones, defaultZone }, cfg);
    this.save(edit);
  }

  /** No configuration is in force any more: everybody is in the default zone. */
  disable(edit: ZoneEdit, defaultZone: Zoning['defaultZone']): void {
    this.#apply(
      defaultZone === 'permit'
        ? { enforced: 'none', zones: [], defaultZone }
        : { enforced: 'hard', zones: [], defaultZone },
      undefined,
    );
    this.save(edit);
  }

  /** The default zone's members see each other, or not. */
  setDefaultZone(defaultZone: Zoning['defaultZone']): void {
    const { enforced, zones } = this.zoning;
    this.#apply(
      { enforced: enforced === 'none' ? 'hard' : enforced, zones, defaultZone },
      this.effectiveCfg,
    );
  }

  #apply(zoning: Zoning, cfg: string | undefined): void {
    this.#server.act(this.fabric, (fcf, now) => fcf.setZoning(zoning, now));
    this.#applied = this.zoning;
    this.#cfg = cfg;
  }

  /** Zones that somebody else put in force (the scenario, the control socket) are defined here too. */
  #follow(): void {
    const { zoning } = this;
    if (zoning === this.#applied) return;
    this.#applied = zoning;
    this.#cfg = undefined;
    if (zoning.enforced === 'none' || zoning.zones.length === 0) return;
    const { zone, cfg } = this.#definitions;
    for (const { name, members } of zoning.zones) zone.set(name, members.map(formatWwn));
    cfg.set(
      FOREIGN_CFG,
      zoning.zones.map(({ name }) => name),
    );
    this.#cfg = FOREIGN_CFG;
    this.#generation++;
  }
}

/** The databases of a server, by the number of the fabric: its vf-id and its VSAN, from 1. */
export class ZoneDatabases {
  readonly #byNumber: readonly ZoneDatabase[];

  constructor(server: LiveServer) {
    this.#byNumber = [...server.fabrics.values()].map((fabric) => new ZoneDatabase(server, fabric));
  }

  /** That of a number; `undefined` where there is no such fabric. */
  of(number: number): ZoneDatabase | undefined {
    return this.#byNumber[number - 1];
  }
}
