/**
 * Zoning of the REST surface: definitions are read and changed in a session's own copy, and a PATCH of what is
 * effective saves, enables, disables or drops it, when it names the checksum of the state it means to change.
 * Source: brocade/ansible and brocade/pyfos (brocade-zone), Debian's python3-cinder.
 */
import { formatWwn } from '../../codecs/layout/index.ts';
import { isObject, listOf, type RestValue, textsOf } from './rest-format.ts';
import {
  type DefinitionKind,
  type ZoneDatabase,
  type ZoneEdit,
  ZoneError,
} from './zone-database.ts';

/** How each kind of definition is called: its key, what holds its members, and what each of them is. */
const FORMS: Readonly<
  Record<DefinitionKind, { readonly key: string; readonly holder: string; readonly entry: string }>
> = {
  alias: { key: 'alias-name', holder: 'member-entry', entry: 'alias-entry-name' },
  zone: { key: 'zone-name', holder: 'member-entry', entry: 'entry-name' },
  cfg: { key: 'cfg-name', holder: 'member-zone', entry: 'zone-name' },
};
const KINDS = Object.keys(FORMS) as DefinitionKind[];
const isKind = (text: string | undefined): text is DefinitionKind =>
  text !== undefined && (KINDS as readonly string[]).includes(text);

/** Numbers of `cfg-action`. */
const ACTIONS: Readonly<Record<string, 'save' | 'disable' | 'abort'>> = {
  '1': 'save',
  '2': 'disable',
  '4': 'abort',
};

/** A session's copies of the databases that it changes. */
export type ZoneEdits = Map<ZoneDatabase, ZoneEdit>;

/** The copy of a session; a new one where it has none, or one that somebody else's save has voided. */
export function editOf(edits: ZoneEdits, database: ZoneDatabase): ZoneEdit {
  let edit = edits.get(database);
  if (edit === undefined || !database.isCurrent(edit)) {
    edit = database.edit();
    edits.set(database, edit);
  }
  return edit;
}

const viewOf = (kind: DefinitionKind, name: string, members: readonly string[]) => {
  const { entry, holder, key } = FORMS[kind];
  return {
    [key]: name,
    ...(kind === 'zone' ? { 'zone-type': 0, 'zone-type-string': 'zone' } : {}),
    [holder]: { [entry]: members },
  };
};

/** GET of `defined-configuration` and what is below it; `undefined` where there is nothing. */
export function readDefined(
  edit: ZoneEdit,
  path: readonly string[],
): { leaf: string; value: RestValue } | undefined {
  const [kind, key, name] = path;
  if (kind === undefined) {
    const value = Object.fromEntries(
      KINDS.map((one) => [
        one,
        [...edit.definitions[one]].map(([named, members]) => viewOf(one, named, members)),
      ]),
    );
    return { leaf: 'defined-configuration', value };
  }
  if (!isKind(kind)) return undefined;
  const known = edit.definitions[kind];
  if (key === undefined) {
    const all = [...known].map(([named, members]) => viewOf(kind, named, members));
    return all.length === 0 ? undefined : { leaf: kind, value: all };
  }
  const members = key === FORMS[kind].key ? known.get(name ?? '') : undefined;
  return members === undefined ? undefined : { leaf: kind, value: viewOf(kind, name!, members) };
}

/** GET of `effective-configuration`, or of one member of it. */
export function readEffective(
  database: ZoneDatabase,
  [member]: readonly string[],
): RestValue | undefined {
  const { checksum, effectiveCfg, zoning } = database;
  const whole: Readonly<Record<string, RestValue>> = {
    checksum,
    'cfg-action': 0,
    'default-zone-access': zoning.defaultZone === 'permit' || zoning.enforced === 'none' ? 1 : 0,
    'transaction-token': 0,
    ...(effectiveCfg === undefined
      ? {}
      : {
          'cfg-name': effectiveCfg,
          'enabled-zone': zoning.zones.map(({ name, members }) => ({
            'zone-name': name,
            'zone-type': 0,
            'member-entry': { 'entry-name': members.map(formatWwn) },
          })),
        }),
  };
  if (member === undefined) return whole;
  const value = whole[member];
  return value === undefined ? undefined : { [member]: value };
}

/** POST, PATCH or DELETE below `defined-configuration`. Errors: `ZoneError`, `RestBodyError`. */
export function changeDefined(
  edit: ZoneEdit,
  method: 'POST' | 'PATCH' | 'DELETE',
  [kind, key, name]: readonly string[],
  body: Readonly<Record<string, unknown>>,
): void {
  const inner = body['defined-configuration'] ?? body;
  if (!isObject(inner)) throw new ZoneError('defined-configuration must have members');
  const kinds = kind === undefined ? KINDS : [kind];
  let changed = 0;
  for (const one of kinds) {
    if (!isKind(one))
      throw new ZoneError(`there is no ${one.slice(0, 80)}; there is ${KINDS.join(', ')}`);
    const named = key === undefined ? undefined : { key, name: name ?? '' };
    for (const entry of entriesOf(one, named, inner)) {
      changeOne(edit, method, one, entry);
      changed++;
    }
  }
  if (changed === 0) throw new ZoneError('the request names nothing to change');
}

interface Entry {
  readonly name: string;
  /** `undefined`: nothing is said of members. */
  readonly members: readonly string[] | undefined;
}

function entriesOf(
  kind: DefinitionKind,
  named: { readonly key: string; readonly name: string } | undefined,
  body: Readonly<Record<string, unknown>>,
): Entry[] {
  const form = FORMS[kind];
  const membersOf = (value: unknown): readonly string[] | undefined => {
    if (!isObject(value) || value[form.holder] === undefined) return undefined;
    const holder = value[form.holder];
    return textsOf(isObject(holder) ? holder[form.entry] : holder, form.entry);
  };
  const inner = body[kind];
  if (named !== undefined) {
    if (named.key !== form.key) throw new ZoneError(`a ${kind} is found by ${form.key}`);
    return [{ name: named.name, members: membersOf(isObject(inner) ? inner : body) }];
  }
  const list = inner === undefined && body[form.key] !== undefined ? [body] : listOf(inner);
  return list.map((one) => {
    const [name] = isObject(one) ? textsOf(one[form.key], form.key) : [];
    if (name === undefined) throw new ZoneError(`${kind}: ${form.key} is missing`);
    return { name, members: membersOf(one) };
  });
}

function changeOne(
  edit: ZoneEdit,
  method: 'POST' | 'PATCH' | 'DELETE',
  kind: DefinitionKind,
  { members, name }: Entry,
): void {
  if (method === 'POST') edit.add(kind, name, members ?? []);
  else if (method === 'DELETE') edit.remove(kind, name, members);
  else if (!edit.definitions[kind].has(name))
    throw new ZoneError(`there is no ${kind} ${name.slice(0, 80)}`);
  else if (members !== undefined) edit.replace(kind, name, members);
}

/** PATCH of `effective-configuration`: the end of a transaction. Errors: `ZoneError`, `RestBodyError`. */
export function changeEffective(
  edits: ZoneEdits,
  database: ZoneDatabase,
  [key, value]: readonly string[],
  body: Readonly<Record<string, unknown>>,
): void {
  const inner = body['effective-configuration'] ?? body;
  if (!isObject(inner)) throw new ZoneError('effective-configuration must have members');
  const said = (name: string): string | undefined => {
    const [one] = listOf(key === name ? value : inner[name]);
    return one === undefined ? undefined : String(one);
  };
  const [cfg, action, access, checksum] = [
    'cfg-name',
    'cfg-action',
    'default-zone-access',
    'checksum',
  ].map(said);
  if (action !== undefined && ACTIONS[action] === 'abort') {
    edits.delete(database);
    return;
  }
  if (checksum !== database.checksum)
    throw new ZoneError(
      checksum === undefined
        ? 'the checksum is missing'
        : 'the checksum is not that of the present state; read it again',
    );
  const edit = editOf(edits, database);
  if (cfg !== undefined) database.enable(edit, cfg, 'deny');
  else if (access !== undefined) database.setDefaultZone(access === '1' ? 'permit' : 'deny');
  else if (action !== undefined && ACTIONS[action] === 'save') database.save(edit);
  else if (action !== undefined && ACTIONS[action] === 'disable') database.disable(edit, 'permit');
  else throw new ZoneError('needs cfg-name, or cfg-action 1 (save), 2 (disable) or 4 (abort)');
  edits.delete(database);
}
