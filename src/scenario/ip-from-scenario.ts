/**
 * Stations of a LAN, as a scenario has them: addresses of hosts and array, what the array offers there, and the
 * disks of guests on its file server.
 *
 * Every LAN is a network of its own by its place in the scenario's list: 10.N.0.0/16, N counting up by 16. A
 * host's second port on one LAN is in the next N, so that its ports are told apart by the addresses that are
 * nearest to them.
 */
import { ISCSI_TCP_PORT } from '../codecs/iscsi/index.ts';
import { formatHex, macFromWords } from '../codecs/layout/index.ts';
import type { IscsiIdentity } from '../host/iscsi-identity.ts';
import type { NfsIdentity } from '../host/nfs-identity.ts';
import { isOverlapping, type Strategy } from '../mobility/plan.ts';
import { formatIpv4 } from '../net/index.ts';
import { NFS_SERVER_DEFAULTS } from '../port/nfs/server.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { fabricsOf, portsOn } from './host-ports.ts';
import type { Scenario, VmScenario } from './schema.ts';
import type { IpPortPlan } from './topology.ts';

/** Ports of one host on one LAN. */
export const HOST_PORTS_ON_LAN = 16;
/** Third octet of the array's addresses: hosts come no further than 39. */
const ARRAY_OCTET = 254;
/** Third octet of the addresses by which arrays of a pair are each other's initiators. */
const PAIR_OCTET = 253;
/** Third octet of the first guests' own addresses. */
const GUEST_OCTET = 64;

const addressIn = (network: number, station: number): string =>
  formatIpv4(10 * 2 ** 24 + network * 2 ** 16 + station);

const lanOf = ({ fabrics }: Scenario, fabric: string): number =>
  fabrics.findIndex(({ name }) => name === fabric);

function ipPort(scenario: Scenario, fabric: string, mac: string, address: string): IpPortPlan {
  const { vlan } = scenario.fabrics[lanOf(scenario, fabric)]!;
  return { kind: 'ip', fabric, mac, address, vlan };
}

/** A host's port on a LAN, by the places of both. */
export function hostIpPort(
  scenario: Scenario,
  index: number,
  port: number,
  mac: string,
): IpPortPlan {
  const host = scenario.hosts[index]!;
  const fabric = fabricsOf(host)[port]!;
  const which = portsOn(host, fabric).indexOf(port);
  const network = lanOf(scenario, fabric) * HOST_PORTS_ON_LAN + which;
  return ipPort(scenario, fabric, mac, addressIn(network, index + 1));
}

/** The fabrics of all target ports: the array's, then those of a second one where units are stretched. */
const targetFabrics = ({ array }: Scenario): readonly string[] => [
  ...array.ports,
  ...(array.stretched?.ports ?? []),
];

/** A port by which an array of a pair reaches the other. */
export function pairIpPort(
  scenario: Scenario,
  fabric: string,
  which: 0 | 1,
  port: number,
): IpPortPlan {
  const network = lanOf(scenario, fabric) * HOST_PORTS_ON_LAN;
  const station = PAIR_OCTET * 256 + which * 128 + port + 1;
  const mac = macFromWords(0x0060, (0x1700_0000 | (which << 8) | port) >>> 0);
  return ipPort(scenario, fabric, mac, addressIn(network, station));
}

/** A target port on its LAN, numbered through both arrays. */
export function arrayIpPort(scenario: Scenario, port: number): IpPortPlan {
  const ports = targetFabrics(scenario);
  const fabric = ports[port]!;
  const which = ports.slice(0, port).filter((one) => one === fabric).length;
  const network = lanOf(scenario, fabric) * HOST_PORTS_ON_LAN;
  const address = addressIn(network, ARRAY_OCTET * 256 + which + 1);
  return ipPort(scenario, fabric, macFromWords(0x0060, (0x1600_0000 | (port + 1)) >>> 0), address);
}

/** The name of an array as an iSCSI target. */
export const targetNameOf = (array: string): string => `iqn.2026-01.com.example:${array}`;

/** The name of a guest as an iSCSI initiator, whichever host it is on. */
export const initiatorNameOf = (vm: string): string => `iqn.2026-01.com.example:${vm}`;

/** The vendor number of open-iscsi, in EN format; libiscsi's random format. */
const COUNTED_ISID = '00023d';
const RANDOM_ISID = '80';
/** Sessions of a guest: each has an ISID, and a second one to move to. */
const SESSIONS_MAX = 0x800;

/** The sessions of a guest from a host: one with each portal on the LANs of its ports. */
export function iscsiIdentities(
  scenario: Scenario,
  vm: VmScenario,
  hostName: string,
  which: 0 | 1,
  how: { readonly isRandom: boolean; readonly inGuest: boolean },
): IscsiIdentity[] {
  const { array, hosts, vms } = scenario;
  const host = hosts.find(({ name }) => name === hostName)!;
  const guest = vms.findIndex(({ name }) => name === vm.name);
  const pairs = fabricsOf(host).flatMap((fabric, port) =>
    targetFabrics(scenario).flatMap((one, portal) => (one === fabric ? [{ port, portal }] : [])),
  );
  return pairs.map(({ port, portal }, session) => ({
    kind: 'iscsi',
    port,
    initiator: initiatorNameOf(vm.name),
    isid: isidOf(2 * (guest * SESSIONS_MAX + session) + which + 1, how.isRandom),
    ...(how.isRandom ? { renewsIsid: true } : {}),
    ...(how.inGuest ? { nic: guestNic(scenario, guest, host, port) } : {}),
    target: {
      name: targetNameOf(
        portal < array.ports.length ? array.name : (array.stretched?.name ?? array.name),
      ),
      address: arrayIpPort(scenario, portal).address,
      port: ISCSI_TCP_PORT,
    },
  }));
}

/** A port of a guest's own, behind a port of its host: the same on every host whose ports are on the same LANs. */
function guestNic(
  scenario: Scenario,
  guest: number,
  host: Scenario['hosts'][number],
  port: number,
): NonNullable<IscsiIdentity['nic']> {
  const fabric = fabricsOf(host)[port]!;
  const network = lanOf(scenario, fabric) * HOST_PORTS_ON_LAN + portsOn(host, fabric).indexOf(port);
  const low = ((network >> 8) << 24) | ((guest + 1) << 8) | (network & 0xff);
  const address = addressIn(network, GUEST_OCTET * 256 + guest + 1);
  const { mac, vlan } = ipPort(scenario, fabric, macFromWords(0x5254, low >>> 0), address);
  return { mac, address, vlan };
}

function isidOf(number: number, isRandom: boolean): string {
  if (!isRandom) return `${COUNTED_ISID}${(number & 0xff_ffff).toString(16).padStart(6, '0')}`;
  // Far from one another, and the same in every run (Knuth's multiplier).
  const spread = Math.imul(number, 0x9e37_79b1) >>> 0;
  return `${RANDOM_ISID}${spread.toString(16).padStart(8, '0')}00`;
}

/** The file of a logical unit on the array's file server. */
export const fileOf = (unit: string): string => `${unit}.img`;

/** The host's session with the disks behind a guest's files. */
function diskOf(
  { array, vms }: Scenario,
  vm: VmScenario,
  host: string,
  port: number,
  address: string,
): IscsiIdentity {
  const guest = vms.findIndex(({ name }) => name === vm.name);
  return {
    kind: 'iscsi',
    port,
    initiator: initiatorNameOf(host),
    isid: isidOf(guest + 1, false),
    target: { name: targetNameOf(array.name), address, port: ISCSI_TCP_PORT },
  };
}

/** The client of a guest: one on all hosts, or one of each host, as hosts name themselves by default. */
const ownerOf = (vm: string, host: string, strategy: Strategy): string =>
  isOverlapping(strategy) ? `${vm}@${host}` : vm;

/** How a guest's disks are reached from a host: over the first LAN that host and array share. */
export function nfsIdentities(
  scenario: Scenario,
  vm: VmScenario,
  hostName: string,
  strategy: Strategy,
): NfsIdentity[] {
  const { array, hosts, nfs } = scenario;
  const index = hosts.findIndex(({ name }) => name === hostName);
  const fabrics = fabricsOf(hosts[index]!);
  const port = fabrics.findIndex((fabric) => array.ports.includes(fabric));
  if (port < 0) return [];
  const server = arrayIpPort(scenario, array.ports.indexOf(fabrics[port]!));
  const { address } = hostIpPort(scenario, index, port, '');
  const disk = nfs.layouts ? diskOf(scenario, vm, hostName, port, server.address) : undefined;
  return [
    {
      kind: 'nfs',
      port,
      address,
      ...(nfs.version === 3 ? {} : { owner: ownerOf(vm.name, hostName, strategy) }),
      ...(disk === undefined ? {} : { disk, owner: `${disk.initiator},i,0x${disk.isid}` }),
      server: {
        name: array.name,
        address: server.address,
        port: NFS_SERVER_DEFAULTS.tcpPort,
      },
      disks: vm.luns.map((name) => {
        const unit = array.luns.findIndex((one) => one.name === name);
        return {
          file: fileOf(name),
          lunNumber: unit,
          luName: formatHex(luIdOf(array.name, unit)),
        };
      }),
    },
  ];
}
