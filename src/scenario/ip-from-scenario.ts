/**
 * Stations of a LAN, as a scenario has them: addresses of hosts and array, what the array offers there, and the
 * disks of guests on its file server.
 *
 * Every LAN is a network of its own by its place in the scenario's list: 10.N.0.0/16, N counting up by 16. A
 * host's second port on one LAN is in the next N, so that its ports are told apart by the addresses that are
 * nearest to them.
 */
import { formatHex, macFromWords } from '../codecs/layout/index.ts';
import type { NfsIdentity } from '../host/nfs-identity.ts';
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

/** A port of the array on its LAN. */
export function arrayIpPort(scenario: Scenario, port: number): IpPortPlan {
  const { ports } = scenario.array;
  const fabric = ports[port]!;
  const which = ports.slice(0, port).filter((one) => one === fabric).length;
  const network = lanOf(scenario, fabric) * HOST_PORTS_ON_LAN;
  const address = addressIn(network, ARRAY_OCTET * 256 + which + 1);
  return ipPort(scenario, fabric, macFromWords(0x0060, (0x1600_0000 | (port + 1)) >>> 0), address);
}

/** The file of a logical unit on the array's file server. */
export const fileOf = (unit: string): string => `${unit}.img`;

/** How a guest's disks are reached from a host: over the first LAN that host and array share. */
export function nfsIdentities(scenario: Scenario, vm: VmScenario, hostName: string): NfsIdentity[] {
  const { array, hosts } = scenario;
  const index = hosts.findIndex(({ name }) => name === hostName);
  const fabrics = fabricsOf(hosts[index]!);
  const port = fabrics.findIndex((fabric) => array.ports.includes(fabric));
  if (port < 0) return [];
  const server = arrayIpPort(scenario, array.ports.indexOf(fabrics[port]!));
  const { address } = hostIpPort(scenario, index, port, '');
  return [
    {
      kind: 'nfs',
      port,
      address,
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
