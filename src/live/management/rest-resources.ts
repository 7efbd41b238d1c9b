/**
 * What the REST surface shows of a fabric, without its zoning: one table, a leaf of the URI for each.
 * Source: brocade/pyfos and brocade/ansible, names of Fabric OS 9 REST; Debian's python3-cinder for those before 9.
 */
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import type { LoginInfo } from '../../fabric/fc/logins.ts';
import type { LiveFabric, LiveLink } from '../links.ts';
import type { RestValue } from './rest-format.ts';

/** A fabric, and its number: the vf-id of requests. */
export interface Shown {
  readonly fabric: LiveFabric;
  readonly number: number;
}

/** Says that lists and sessions are as since this version. */
export const FIRMWARE = 'v9.1.1';

/** A row: the leaf of the URI, the modules that have it, and what it shows; an empty list is "no entries". */
interface Resource {
  readonly leaf: string;
  readonly modules: readonly string[];
  /** Its key, by which one entry may be asked for. */
  readonly key: string;
  readonly empty: string;
  readonly read: (shown: Shown) => readonly Readonly<Record<string, RestValue>>[];
}

const NO_ENTRIES = 'No entries found';
const hexId = (nPortId: number): string => `0x${formatFcId(nPortId)}`;
const nameOf = ({ port }: Pick<LiveLink, 'port'>): string => `0/${port}`;

const switchView = ({ fabric: { fcf, name }, number }: Shown) => {
  const { domain, fcMap, name: switchText, switchName } = fcf.config;
  return {
    name: formatWwn(switchName),
    'user-friendly-name': switchText,
    'fabric-user-friendly-name': name,
    'domain-id': domain,
    'fcid-hex': hexId(0xff_fc00 | domain),
    'vf-id': number,
    'firmware-version': FIRMWARE,
    'is-enabled-state': true,
    'operational-status': 2,
    principal: 1,
    model: 'sanmotion',
    'fc-map': `0x${fcMap.toString(16)}`,
  };
};

/** Who is logged in behind a link. */
const behind = ({ fabric: { fcf } }: Shown, { port }: LiveLink): LoginInfo[] =>
  fcf.logins().filter((login) => login.port === port);

/** The name of a switch port, as the name server says it. */
const portName = ({ fabric: { fcf } }: Shown, port: number): string =>
  formatWwn(fcf.portState(port).portName);

/** All of them. */
export const RESOURCES: readonly Resource[] = [
  {
    leaf: 'fibrechannel-switch',
    modules: ['brocade-fibrechannel-switch', 'switch'],
    key: 'name',
    empty: NO_ENTRIES,
    read: (shown) => [switchView(shown)],
  },
  {
    leaf: 'fabric-switch',
    modules: ['brocade-fabric'],
    key: 'name',
    empty: NO_ENTRIES,
    read: (shown) => {
      const { name, principal, ...view } = switchView(shown);
      return [
        {
          name,
          'switch-user-friendly-name': view['user-friendly-name'],
          'chassis-wwn': name,
          'domain-id': view['domain-id'],
          'fcid-hex': view['fcid-hex'],
          'firmware-version': FIRMWARE,
          principal,
        },
      ];
    },
  },
  {
    leaf: 'fibrechannel-name-server',
    modules: ['brocade-name-server'],
    key: 'port-id',
    empty: 'No entries in Name Server',
    read: (shown) =>
      shown.fabric.fcf.logins().map((login) => ({
        'port-id': hexId(login.nPortId),
        'port-name': formatWwn(login.wwpn),
        'port-symbolic-name': login.symbolicName,
        'node-name': formatWwn(login.wwnn),
        'fabric-port-name': portName(shown, login.port),
        'permanent-port-name': formatWwn(
          shown.fabric.fcf
            .logins()
            .find(({ by, enodeMac }) => by === 'FLOGI' && enodeMac === login.enodeMac)?.wwpn ??
            login.wwpn,
        ),
        'port-type': 'N',
        'class-of-service': '3',
        'fc4-type': login.fc4Types.includes(8) ? 'FCP' : '',
        'port-index': login.port,
      })),
  },
  {
    leaf: 'fibrechannel',
    modules: ['brocade-interface'],
    key: 'name',
    empty: NO_ENTRIES,
    read: (shown) =>
      [...shown.fabric.links.values()].map((link) => {
        const { disabled, up } = shown.fabric.fcf.portState(link.port);
        const logins = behind(shown, link);
        const first = logins[0];
        return {
          name: nameOf(link),
          wwn: portName(shown, link.port),
          'default-index': link.port,
          'port-type': 17,
          'port-type-string': 'vf-port',
          'is-enabled-state': !disabled,
          'operational-status': up && !disabled ? 2 : 3,
          'user-friendly-name': link.name,
          ...(first === undefined
            ? {}
            : {
                'fcid-hex': hexId(first.nPortId),
                neighbor: { wwn: logins.map(({ wwpn }) => formatWwn(wwpn)) },
              }),
        };
      }),
  },
  {
    leaf: 'fibrechannel-statistics',
    modules: ['brocade-interface'],
    key: 'name',
    empty: NO_ENTRIES,
    read: ({ fabric }) =>
      [...fabric.links.values()].map((link) => ({
        name: nameOf(link),
        'in-frames': link.frames.in,
        'out-frames': link.frames.out,
        'in-octets': link.bytes.in,
        'out-octets': link.bytes.out,
        // What a guest did not read is dropped; links here have no credit and no bit errors.
        'class-3-discards': link.wire?.dropped ?? 0,
        'bb-credit-zero': 0,
        'in-crc-errors': 0,
      })),
  },
  {
    // What the logins tell: the fabric takes no FDMI registrations.
    leaf: 'hba',
    modules: ['brocade-fdmi'],
    key: 'hba-id',
    empty: NO_ENTRIES,
    read: ({ fabric: { fcf } }) =>
      fcf
        .logins()
        .filter(({ by }) => by === 'FLOGI')
        .map(({ enodeMac, port, wwnn, wwpn }) => ({
          'hba-id': formatWwn(wwpn),
          'node-name': formatWwn(wwnn),
          'hba-port-list': {
            wwn: fcf
              .logins()
              .filter((one) => one.port === port && one.enodeMac === enodeMac)
              .map((one) => formatWwn(one.wwpn)),
          },
        })),
  },
  {
    leaf: 'port',
    modules: ['brocade-fdmi'],
    key: 'port-name',
    empty: NO_ENTRIES,
    read: ({ fabric: { fcf } }) =>
      fcf.logins().map(({ enodeMac, nPortId, symbolicName, wwnn, wwpn }) => ({
        'port-name': formatWwn(wwpn),
        'hba-id': formatWwn(
          fcf.logins().find((one) => one.by === 'FLOGI' && one.enodeMac === enodeMac)?.wwpn ?? wwpn,
        ),
        'port-id': hexId(nPortId),
        'node-name': formatWwn(wwnn),
        'port-symbolic-name': symbolicName,
      })),
  },
];
