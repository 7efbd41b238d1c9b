/**
 * The LAN of a scenario as nodes and cables: a port for each host, a station that talks with the guests, and bridges or
 * tunnel endpoints between them.
 */
import type { Mac } from '../codecs/layout/index.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import type { GuestNic } from '../net/lan-uplink.ts';
import { uplinkName } from './names.ts';
import type { LanScenario, Scenario } from './schema.ts';
import type { Cable, LanMachinePlan, LanNode, LanPortPlan, PortRef } from './topology.ts';

/** The AS that all speakers are in. Source: RFC 6996: for private use. */
const AS = 65_000;
const VNI_BASE = 10_000;
/** How often the station asks where guests are, of whom tunnel endpoints know that. */
const REFRESH_NS = 100 * MILLISECOND;
const STATION = 'station';
const UNDERLAY = 'underlay';

/** Locally administered addresses, by what has them and which one that is. */
const macOf = (kind: number, index: number): Mac =>
  `02:1a:${[kind, index >> 16, (index >> 8) & 0xff, index & 0xff]
    .map((one) => one.toString(16).padStart(2, '0'))
    .join(':')}` as Mac;
const guestAddress = (index: number): string => `192.0.2.${1 + (index % 200)}`;
const STATION_PLACE = { mac: macOf(1, 0), address: '192.0.2.254' };

const bridgeName = (index: number): string => `lan-bridge-${index + 1}`;
const vtepName = (of: string): string => `vtep-${of}`;
const reflectorName = (index: number): string => `reflector-${index + 1}`;
const vtepAddress = (index: number): string => `198.51.100.${1 + index}`;
const reflectorAddress = (index: number): string => `198.51.100.${251 + index}`;

const lanPort = (address?: string): LanPortPlan => ({
  kind: 'lan-port',
  ...(address === undefined ? {} : { address }),
});

const isTunneled = ({ kind }: LanScenario): boolean => kind === 'vxlan' || kind === 'evpn';

/** Where hosts and the station are plugged in, in the order of the ports there. */
interface Seat {
  /** The node that is plugged in. */
  readonly node: string;
  /** The host that it is of. */
  readonly host?: string;
}

function seatsOf({ hosts, lan }: Scenario, bridge: number): Seat[] {
  const { bridges } = lan!;
  const own = hosts
    .filter((_, i) => i % bridges === bridge)
    .map(({ name }) => ({ node: uplinkName(name), host: name }));
  return bridge === 0 ? [{ node: STATION }, ...own] : own;
}

/** The nodes of the LAN; none where the scenario has none. */
export function lanNodes(scenario: Scenario): LanNode[] {
  const { lan } = scenario;
  if (lan === undefined) return [];
  return [
    ...stations(scenario, lan),
    ...(isTunneled(lan) ? tunnels(scenario, lan) : bridges(scenario, lan)),
  ];
}

/** Its bridges, tunnel endpoints and reflectors: what stands between hosts and station. */
export function lanSwitches(scenario: Scenario): LanNode[] {
  return lanNodes(scenario).filter(
    ({ machine: { role } }) => role !== 'uplink' && role !== 'station',
  );
}

const node = (name: string, ports: readonly LanPortPlan[], machine: LanMachinePlan): LanNode => ({
  name,
  kind: 'lan',
  ports,
  machine,
});

function stations({ hosts, vms }: Scenario, lan: LanScenario): LanNode[] {
  const { announcement, guestsSend, intervalMs, kind, packetBytes, priority, vid } = lan;
  const intervalNs = Math.round(intervalMs * MILLISECOND);
  const tag = { vid, priority };
  const guests = vms.map(
    ({ name }, i): GuestNic => ({ vm: name, mac: macOf(0, i), address: guestAddress(i), tag }),
  );
  return [
    ...hosts.map(({ name }, i) =>
      node(uplinkName(name), [lanPort()], {
        role: 'uplink',
        host: name,
        options: {
          mac: macOf(2, i),
          guests,
          station: STATION_PLACE,
          ...(guestsSend ? { intervalNs } : {}),
          packetBytes,
          ...(announcement === 'none' ? {} : { announcement }),
          vdp: kind === 'vdp',
        },
      }),
    ),
    node(STATION, [lanPort()], {
      role: 'station',
      options: {
        ...STATION_PLACE,
        tag: { vid, priority: 0 },
        guests: guests.map(({ address, vm }) => ({ vm, address })),
        intervalNs,
        ...(kind === 'evpn' ? { refreshNs: REFRESH_NS } : {}),
        packetBytes,
      },
    }),
  ];
}

function bridges(scenario: Scenario, lan: LanScenario): LanNode[] {
  const { ageingMs, kind, loop, priority, profiles, refuses = {}, vid, withoutVlan } = lan;
  const profileWay = kind === 'vdp' ? 'vdp' : profiles ? 'learning' : 'none';
  return Array.from({ length: lan.bridges }, (_, index) => {
    const trunks = (index > 0 ? 1 : 0) + (index < lan.bridges - 1 ? 1 : 0);
    const portsOfTrunks = trunks * (loop ? 2 : 1);
    const seats = seatsOf(scenario, index);
    const ports = [
      ...seats.map(({ host }) => ({
        ...(host !== undefined && withoutVlan.includes(host) ? { vlans: [] } : {}),
        ...(host !== undefined && refuses[host] !== undefined ? { refuses: refuses[host] } : {}),
      })),
      ...Array.from({ length: portsOfTrunks }, () => ({})),
    ];
    return node(
      bridgeName(index),
      ports.map(() => lanPort()),
      {
        role: 'bridge',
        options: {
          name: bridgeName(index),
          mac: macOf(3, index),
          ports,
          ageingNs: ageingMs * MILLISECOND,
          profiles: scenario.vms.map((_, i) => ({ mac: macOf(0, i), vid, priority })),
          profileWay,
        },
      },
    );
  });
}

function tunnels({ hosts, vms }: Scenario, lan: LanScenario): LanNode[] {
  const { advertiseDelayMs, ageingMs, kind, sticky, suppressesArp, underlayMtu, vid, withoutVlan } =
    lan;
  const places = [STATION, ...hosts.map(({ name }) => name)];
  const addresses = places.map((_, i) => vtepAddress(i));
  const reflectors = kind === 'evpn' ? lan.reflectors : 0;
  const evpn = {
    as: AS,
    reflectors: Array.from({ length: reflectors }, (_, i) => reflectorAddress(i)),
    advertiseDelayNs: advertiseDelayMs * MILLISECOND,
    suppressesArp,
    duplicate: {
      moves: lan.duplicateMoves,
      windowNs: lan.duplicateWindowMs * MILLISECOND,
      action: lan.duplicateAction,
    },
  };
  const stickyAt = (host: string): Mac[] =>
    vms.flatMap((vm, i) => (vm.host === host && sticky.includes(vm.name) ? [macOf(0, i)] : []));
  return [
    ...places.map((place, i) =>
      node(vtepName(place), [lanPort(), lanPort(addresses[i]!)], {
        role: 'vtep',
        options: {
          name: vtepName(place),
          accessPorts: 1,
          ...(withoutVlan.includes(place) ? { vlans: [[]] } : {}),
          vid,
          vni: VNI_BASE + vid,
          mac: macOf(4, i),
          address: addresses[i]!,
          underlayMtu,
          peers: addresses.filter((one) => one !== addresses[i]),
          ...(kind === 'evpn' ? { evpn } : {}),
          stickyMacs: stickyAt(place),
          ageingNs: ageingMs * MILLISECOND,
        },
      }),
    ),
    ...Array.from({ length: reflectors }, (_, i) =>
      node(reflectorName(i), [lanPort(reflectorAddress(i))], {
        role: 'reflector',
        options: { as: AS, mac: macOf(5, i), address: reflectorAddress(i) },
      }),
    ),
    node(
      UNDERLAY,
      Array.from({ length: places.length + reflectors }, () => lanPort()),
      {
        role: 'bridge',
        options: {
          name: UNDERLAY,
          mac: macOf(3, 0xffff),
          ports: Array.from({ length: places.length + reflectors }, () => ({})),
        },
      },
    ),
  ];
}

/** The cables of the LAN. */
export function lanCables(scenario: Scenario): Cable[] {
  const { lan, links } = scenario;
  if (lan === undefined) return [];
  const rateBitsPerSecond = links.gbps * 1e9;
  const ownDelayNs = Math.round(links.delayUs * MICROSECOND);
  const cable = (a: PortRef, b: PortRef, name: string, propagationNs = ownDelayNs): Cable => ({
    name,
    kind: 'lan',
    fabric: '',
    vlan: 0,
    ends: [a, b],
    link: { rateBitsPerSecond, propagationNs },
  });
  if (isTunneled(lan)) return tunnelCables(scenario, lan, cable);
  return Array.from({ length: lan.bridges }, (_, index) => {
    const seats = seatsOf(scenario, index);
    const own = seats.map(({ node: name }, port) =>
      cable({ node: name, port: 0 }, { node: bridgeName(index), port }, `${name}-lan`),
    );
    if (index === lan.bridges - 1) return own;
    const width = lan.loop ? 2 : 1;
    const mine = seats.length + (index > 0 ? width : 0);
    const theirs = seatsOf(scenario, index + 1).length;
    const trunks = Array.from({ length: width }, (_, i) =>
      cable(
        { node: bridgeName(index), port: mine + i },
        { node: bridgeName(index + 1), port: theirs + i },
        `trunk-${index + 1}-${index + 2}${i === 0 ? '' : '-again'}`,
      ),
    );
    return [...own, ...trunks];
  }).flat();
}

function tunnelCables(
  { hosts }: Scenario,
  lan: LanScenario,
  cable: (a: PortRef, b: PortRef, name: string, delayNs?: number) => Cable,
): Cable[] {
  const places = [STATION, ...hosts.map(({ name }) => name)];
  const reflectors = lan.kind === 'evpn' ? lan.reflectors : 0;
  const far = lan.reflectorDelayMs * MILLISECOND;
  return [
    ...places.flatMap((place, port) => {
      const plugged = place === STATION ? STATION : uplinkName(place);
      const vtep = vtepName(place);
      return [
        cable({ node: plugged, port: 0 }, { node: vtep, port: 0 }, `${plugged}-lan`),
        cable({ node: vtep, port: 1 }, { node: UNDERLAY, port }, `${vtep}-${UNDERLAY}`),
      ];
    }),
    ...Array.from({ length: reflectors }, (_, i) => {
      const name = reflectorName(i);
      const end = { node: UNDERLAY, port: places.length + i };
      const delayNs = i > 0 && far > 0 ? far : undefined;
      return cable({ node: name, port: 0 }, end, `${name}-${UNDERLAY}`, delayNs);
    }),
  ];
}
