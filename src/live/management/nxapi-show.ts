/** What `show` commands of NX-OS print, as far as zoning modules ask for it. */
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import type { ZoneDatabase, ZoneDatabases } from './zone-database.ts';

/** A command that cannot be carried out: what the switch would print behind `% `. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** Says that the surface is as since this version. */
const NXOS = '9.3(2)';

const SHOWS: readonly (readonly [
  RegExp,
  (database: ZoneDatabase, vsan: number) => readonly string[],
])[] = [
  [/^show zone status vsan (\d{1,4})$/, zoneStatus],
  [/^show zone vsan (\d{1,4})$/, zones],
  [/^show zoneset vsan (\d{1,4})$/, zonesets],
  [/^show zoneset active vsan (\d{1,4})$/, activeZoneset],
  [/^show flogi database vsan (\d{1,4})$/, flogis],
  [/^show fcns database vsan (\d{1,4})$/, names],
];

/** The text of a `show` command; `| grep WORD` and `| include WORD` behind it are obeyed. Errors: `CliError`. */
export function showText(databases: ZoneDatabases, input: string): string {
  const [command = '', ...filters] = input.split('|').map((one) => one.trim().replace(/ +/g, ' '));
  let lines = linesOf(databases, command);
  for (const filter of filters) {
    const word = /^(?:grep|include) (\S+)$/.exec(filter)?.[1];
    if (word === undefined) throw new CliError(`Invalid filter: ${filter.slice(0, 80)}`);
    lines = lines.filter((line) => line.includes(word));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(databases: ZoneDatabases, command: string): readonly string[] {
  const name = databases.of(1)?.fabric.fcf.config.name ?? '';
  if (command === 'show version')
    return [
      'sanmotion',
      'Software',
      `  NXOS: version ${NXOS}`,
      'Hardware',
      '  cisco MDS emulated',
      `  Device name: ${name}`,
    ];
  if (command === 'show inventory')
    return ['NAME: "Chassis",  DESCR: "sanmotion"', 'PID: SANMOTION ,  VID: V01 ,  SN: 0'];
  for (const [form, lines] of SHOWS) {
    const found = form.exec(command);
    if (found === null) continue;
    const vsan = Number(found[1]);
    const database = databases.of(vsan);
    return database === undefined ? [`VSAN ${vsan} is not configured`] : lines(database, vsan);
  }
  throw new CliError(`Invalid command: ${command.slice(0, 80)}`);
}

function zoneStatus({ definitions, effectiveCfg, zoning }: ZoneDatabase, vsan: number): string[] {
  const access = zoning.enforced === 'none' ? 'permit' : zoning.defaultZone;
  const active =
    effectiveCfg === undefined
      ? ['    Database Not Available']
      : [`    Name: ${effectiveCfg}  Zonesets:1  Zones:${zoning.zones.length}`];
  return [
    `VSAN: ${vsan} default-zone: ${access} distribute: active only Interop: default`,
    '    mode: basic merge-control: allow',
    '    session: none',
    `    hard-zoning: ${zoning.enforced === 'soft' ? 'disabled' : 'enabled'} broadcast: disabled`,
    '    smart-zoning: disabled',
    '    rscn-format: fabric-address',
    'Full Zoning Database :',
    `    Zonesets:${definitions.cfg.size}  Zones:${definitions.zone.size} Aliases: ${definitions.alias.size}`,
    'Active Zoning Database :',
    ...active,
  ];
}

const memberLine = (member: string): string =>
  member.includes(':') ? `pwwn ${member}` : `fcalias name ${member}`;

function zones({ definitions }: ZoneDatabase, vsan: number): string[] {
  if (definitions.zone.size === 0) return ['Zone not present'];
  return [...definitions.zone].flatMap(([name, members]) => [
    `zone name ${name} vsan ${vsan}`,
    ...members.map((member) => `  ${memberLine(member)}`),
  ]);
}

function zonesets({ definitions }: ZoneDatabase, vsan: number): string[] {
  if (definitions.cfg.size === 0) return ['Zoneset not present'];
  return [...definitions.cfg].flatMap(([name, members]) => [
    `zoneset name ${name} vsan ${vsan}`,
    ...members.flatMap((zone) => [
      `  zone name ${zone} vsan ${vsan}`,
      ...(definitions.zone.get(zone) ?? []).map((member) => `    ${memberLine(member)}`),
    ]),
  ]);
}

function activeZoneset({ effectiveCfg, fabric, zoning }: ZoneDatabase, vsan: number): string[] {
  if (effectiveCfg === undefined) return ['Zoneset not present'];
  const logins = new Map(fabric.fcf.logins().map(({ nPortId, wwpn }) => [wwpn, nPortId]));
  return [
    `zoneset name ${effectiveCfg} vsan ${vsan}`,
    ...zoning.zones.flatMap(({ members, name }) => [
      `  zone name ${name} vsan ${vsan}`,
      ...members.map((wwpn) => {
        const id = logins.get(wwpn);
        return id === undefined
          ? `    pwwn ${formatWwn(wwpn)}`
          : `  * fcid 0x${formatFcId(id)} [pwwn ${formatWwn(wwpn)}]`;
      }),
    ]),
  ];
}

function flogis({ fabric }: ZoneDatabase, vsan: number): string[] {
  const logins = fabric.fcf.logins();
  return [
    'INTERFACE        VSAN    FCID           PORT NAME               NODE NAME',
    ...logins.map(
      ({ nPortId, port, wwnn, wwpn }) =>
        `${`vfc${port}`.padEnd(16)} ${`${vsan}`.padEnd(7)} 0x${formatFcId(nPortId)}  ${formatWwn(wwpn)} ${formatWwn(wwnn)}`,
    ),
    `Total number of flogi = ${logins.length}.`,
  ];
}

function names({ fabric }: ZoneDatabase, vsan: number): string[] {
  const logins = fabric.fcf.logins();
  return [
    `VSAN ${vsan}:`,
    'FCID        TYPE  PWWN                    (VENDOR)        FC4-TYPE:FEATURE',
    ...logins.map(
      ({ fc4Types, nPortId, wwpn }) =>
        `0x${formatFcId(nPortId)}    N     ${formatWwn(wwpn)}                 ${fc4Types.includes(8) ? 'scsi-fcp' : ''}`,
    ),
    `Total number of entries = ${logins.length}`,
  ];
}
