/** Configuration commands of NX-OS for zoning in basic mode: what is defined changes at once, what is active by `activate`. */
import { wwpnText } from '../control/command.ts';
import { CliError } from './nxapi-show.ts';
import type { DefinitionKind, ZoneDatabase, ZoneDatabases, ZoneEdit } from './zone-database.ts';

/** Carries out the commands of one request, one after the other. */
export class NxapiConfig {
  readonly #databases: ZoneDatabases;
  /** The zone or zone set that `member` is about. */
  #at:
    | { readonly database: ZoneDatabase; readonly kind: DefinitionKind; readonly name: string }
    | undefined;

  constructor(databases: ZoneDatabases) {
    this.#databases = databases;
  }

  /** Errors: `CliError`, `ZoneError`; what was done before stays done, as on a switch. */
  run(command: string): void {
    const words = command.trim().split(/ +/);
    const isNo = words[0] === 'no';
    if (isNo) words.shift();
    const [first, ...rest] = words;
    if (first === 'terminal' || first === 'configure' || first === 'end' || first === 'exit')
      return;
    if (first === 'member') this.#member(isNo, rest);
    else if (first === 'zone' && rest[0] === 'name') this.#define('zone', isNo, rest);
    else if (first === 'zoneset' && rest[0] === 'name') this.#define('cfg', isNo, rest);
    else if (first === 'zoneset' && rest[0] === 'activate') this.#activate(isNo, rest);
    else if (first === 'zone' && rest[0] === 'default-zone') this.#defaultZone(isNo, rest);
    else this.#other(isNo, command, words);
  }

  /** What is so already may be asked for; the rest of NX-OS is not here. */
  #other(isNo: boolean, command: string, [, topic]: readonly string[]): void {
    if (isNo && (topic === 'mode' || topic === 'smart-zoning')) return;
    if (topic === 'mode') throw new CliError('enhanced zoning is not offered: mode is basic');
    if (topic === 'smart-zoning') throw new CliError('smart zoning is not offered');
    if (topic === 'commit') throw new CliError('zone commit is of enhanced zoning; mode is basic');
    throw new CliError(`Invalid command: ${command.slice(0, 80)}`);
  }

  #of(vsan: string | undefined): ZoneDatabase {
    const database = this.#databases.of(Number(vsan));
    if (database === undefined)
      throw new CliError(`VSAN ${`${vsan}`.slice(0, 8)} is not configured`);
    return database;
  }

  #change(database: ZoneDatabase, change: (edit: ZoneEdit) => void): void {
    const edit = database.edit();
    change(edit);
    database.save(edit);
  }

  /** `zone name NAME vsan N`, `zoneset name NAME vsan N`. */
  #define(kind: DefinitionKind, isNo: boolean, [, name = '', , vsan]: readonly string[]): void {
    const database = this.#of(vsan);
    this.#at = undefined;
    this.#change(database, (edit) => {
      if (!isNo) edit.add(kind, name, []);
      else {
        edit.remove(kind, name);
        if (kind === 'zone')
          for (const cfg of edit.definitions.cfg.keys()) edit.remove('cfg', cfg, [name]);
      }
    });
    if (!isNo) this.#at = { database, kind, name };
  }

  /** `member pwwn WWPN` in a zone, `member ZONE` in a zone set. */
  #member(isNo: boolean, words: readonly string[]): void {
    const at = this.#at;
    if (at === undefined) throw new CliError('member stands behind zone name or zoneset name');
    const isZone = at.kind === 'zone';
    if (isZone && words[0] !== 'pwwn') throw new CliError('a member of a zone is a pwwn here');
    const name = words[isZone ? 1 : 0] ?? '';
    if (isZone && !wwpnText.safeParse(name).success)
      throw new CliError(`${name.slice(0, 80)} is no pwwn`);
    this.#change(at.database, (edit) => {
      if (isNo) edit.remove(at.kind, at.name, [name]);
      else edit.add(at.kind, at.name, [name]);
    });
  }

  /** `zoneset activate name NAME vsan N`. */
  #activate(isNo: boolean, [, , name = '', , vsan]: readonly string[]): void {
    const database = this.#of(vsan);
    const { defaultZone, enforced } = database.zoning;
    const access = enforced === 'none' ? 'permit' : defaultZone;
    const edit = database.edit();
    if (!isNo) database.enable(edit, name, access);
    else if (database.effectiveCfg !== name)
      throw new CliError(`zoneset ${name.slice(0, 80)} is not active`);
    else database.disable(edit, access);
  }

  /** `zone default-zone permit vsan N`; `no` denies. */
  #defaultZone(isNo: boolean, [, what, , vsan]: readonly string[]): void {
    if (what !== 'permit') throw new CliError('needs zone default-zone permit');
    this.#of(vsan).setDefaultZone(isNo ? 'deny' : 'permit');
  }
}
