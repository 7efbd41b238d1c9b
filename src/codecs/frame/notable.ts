/** What a one-line summary tells of a message: its notable fields, whichever message it is. */

import { FcpServiceParameters } from '../els/process-login.ts';
import { FcType } from '../fc/codes.ts';
import { formatFcId, formatHex, formatWwn, type Names, nameOf, namesOf } from '../layout/index.ts';
import { blocksOf } from '../scsi/cdb.ts';
import { PersistentReserveIn, PersistentReserveOut } from '../scsi/cdb-management.ts';

type Show = (value: never) => string;

const hex = (digits: number) => (value: number) => value.toString(16).padStart(digits, '0');
const decimal = (value: number | bigint): string => String(value);
const lba = (value: number | bigint): string => `0x${value.toString(16)}`;
const fc4Type = (value: number): string => nameOf(FcType, value) ?? `${hex(2)(value)}h`;
const quoted = (value: string): string =>
  JSON.stringify(value.replace(/[^ -~]+$/, '').replace(/[^ -~]/g, '.'));

const SERVICE_ACTIONS: ReadonlyMap<unknown, Names> = new Map<unknown, Names>([
  ['PERSISTENT RESERVE IN', PersistentReserveIn],
  ['PERSISTENT RESERVE OUT', PersistentReserveOut],
]);

/** What a command's service action is called, where that is the command's better half. */
function serviceActionOf({ kind, serviceAction }: Readonly<Record<string, unknown>>): string {
  const names = SERVICE_ACTIONS.get(kind);
  if (names === undefined || typeof serviceAction !== 'number') return '';
  const name = nameOf(names, serviceAction)?.replaceAll('_', ' ');
  return name ?? `service action ${hex(2)(serviceAction)}h`;
}

/** Field, the word in front of it, and how it is shown; in the order of the line. */
const NOTABLE: readonly (readonly [key: string, label: string, show: Show])[] = [
  ['nPortId', 'N_Port_ID', formatFcId],
  ['portId', 'Port_ID', formatFcId],
  ['portName', 'WWPN', formatWwn],
  ['nodeName', 'WWNN', formatWwn],
  ['fabricName', 'fabric', formatWwn],
  ['fc4Type', 'FC-4', fc4Type],
  ['name', 'name', quoted],
  ['registrationFunction', 'function', decimal],
  ['oxId', 'OX_ID', hex(4)],
  ['rxId', 'RX_ID', hex(4)],
  ['lba', 'LBA', lba],
  ['transferLengthBlocks', 'length', decimal],
  ['numberOfBlocks', 'blocks', decimal],
  ['parameterListLengthBytes', 'parameter list', decimal],
  ['allocationLengthBytes', 'allocation length', decimal],
];

type Page = { readonly nPortId?: unknown; readonly serviceParameters?: unknown };

function listed(key: string, value: readonly Page[]): string {
  const parameters = value[0]?.serviceParameters;
  if (value.length === 1 && typeof parameters === 'number')
    return namesOf(FcpServiceParameters, parameters).join(' ').replaceAll('_', ' ').toLowerCase();
  const ids = value.map((one) => one.nPortId);
  if (ids.length > 0 && ids.length <= 4 && ids.every((id) => typeof id === 'number'))
    return ids.map((id) => formatFcId(id)).join(' ');
  return `${value.length} ${key}`;
}

/** The notable fields of a decoded message, in words; empty where it has none. */
export function notable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const fields = value as Readonly<Record<string, unknown>>;
  const words: string[] = [];
  const action = serviceActionOf(fields);
  if (action !== '') words.push(action);
  if (fields.evpd === 1 && typeof fields.pageCode === 'number')
    words.push(`VPD page ${hex(2)(fields.pageCode)}`);
  else if (fields.evpd === undefined && typeof fields.pageCode === 'number')
    words.push(`page ${hex(2)(fields.pageCode)}`);
  for (const [key, label, show] of NOTABLE) {
    const one = key === 'transferLengthBlocks' ? blocksOf(fields) : fields[key];
    if (one === undefined || one === '') continue;
    words.push(`${label} ${one instanceof Uint8Array ? formatHex(one) : show(one as never)}`);
  }
  for (const [key, one] of Object.entries(fields)) {
    if (Array.isArray(one)) words.push(listed(key, one));
  }
  return words.join(' ');
}
