/**
 * Names and addresses of virtual machines, and the plan of the move made from them. What the
 * scenario leaves open is made from its names and places.
 */
import { formatHex, formatWwn, parseWwn, type Wwn } from '../codecs/layout/index.ts';
import type { VhbaIdentity } from '../host/vhba-identity.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { MovePlan, PlannedFabric } from '../mobility/plan.ts';
import { oxIdsOfEpoch } from '../port/n-port/exchange.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import type { Scenario, VmScenario } from './schema.ts';
import type { GuestName, Plain } from './topology.ts';

type Identity = Plain<VhbaIdentity>;

/** Name of a host's own port. */
export const hostWwpn = (host: number, port: number): string =>
  formatWwn(0x2100_0025_b500_0000n + BigInt((host + 1) * 256 + port));
/** Name of a target port. */
export const arrayWwpn = (port: number): string => formatWwn(0x5006_0160_0000_0001n + BigInt(port));

/** WWPNs of a virtual machine on a fabric: the one in use first, then the second of the pair. */
export function wwpnsOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  fabric: string,
): string[] {
  const given = vm.wwpns?.[fabric];
  if (given !== undefined) return given.map((text) => formatWwn(parseWwn(text)));
  const place = scenario.fabrics.findIndex((one) => one.name === fabric);
  const first: Wwn = 0xc050_7600_0000_0000n + BigInt(index + 1) * 256n + BigInt(place * 2);
  return [formatWwn(first), formatWwn(first + 1n)];
}

/** A virtual machine's own names on every fabric. */
export function guestNames(scenario: Scenario, vm: VmScenario, index: number): GuestName[] {
  return scenario.fabrics.flatMap(({ name: fabric }) =>
    wwpnsOf(scenario, vm, index, fabric).map((wwpn) => ({ fabric, wwpn })),
  );
}

/**
 * Every name under which a virtual machine's I/O may come on a fabric: its own, and, where a move
 * may fall back to them, those of the hosts' ports.
 */
export function namesOn(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  fabric: string,
): string[] {
  const { move, hosts } = scenario;
  const own = wwpnsOf(scenario, vm, index, fabric);
  if (move.fallBack !== 'physical' || move.vm !== vm.name) return own;
  const physical = hosts.flatMap((host, i) =>
    host.ports.flatMap((name, port) => (name === fabric ? [hostWwpn(i, port)] : [])),
  );
  return [...own, ...physical];
}

/** The same on all fabrics. */
export function allNamesOf(scenario: Scenario, vm: VmScenario, index: number): string[] {
  return scenario.fabrics.flatMap((fabric) => namesOn(scenario, vm, index, fabric.name));
}

/** One vHBA per port of the host, with the first or the second WWPN of each fabric. */
export function identitiesOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  hostName: string,
  which: 0 | 1,
): Identity[] {
  const host = scenario.hosts.find((one) => one.name === hostName)!;
  const used = new Set<string>();
  return host.ports.flatMap((fabric, port) => {
    // A WWPN can log in once per fabric: the first port of the host on it takes it.
    if (used.has(fabric)) return [];
    used.add(fabric);
    const wwpn = wwpnsOf(scenario, vm, index, fabric)[which];
    if (wwpn === undefined) return [];
    const wwnn = formatWwn(0xc050_7600_ffff_0000n + BigInt(index + 1));
    return [{ port, wwpn, wwnn, ...(scenario.array.firstBurst ? { firstBurst: true } : {}) }];
  });
}

/** Name of its own that a host port uses for a virtual machine where the switch gives the known one. */
const edgeWwpn = (host: number, port: number, vm: number): string =>
  formatWwn(0x2102_0025_0000_0000n + BigInt(vm + 1) * 65_536n + BigInt((host + 1) * 256 + port));

/**
 * The vHBAs of a host in the order of those of the source: the n-th of both are on one fabric, however
 * the hosts' ports are cabled. Fabrics that the source does not reach come last.
 */
function inOrderOfSource(
  scenario: Scenario,
  index: number,
  host: number,
  identities: readonly Identity[],
): readonly Identity[] {
  const { hosts, vms } = scenario;
  const source = hosts.find((one) => one.name === vms[index]!.host)!.ports;
  const placeOf = ({ port }: Identity): number => {
    const place = source.indexOf(hosts[host]!.ports[port]!);
    return place < 0 ? source.length : place;
  };
  return [...identities].sort((a, b) => placeOf(a) - placeOf(b));
}

/** What the move asks of the vHBAs on one side of it. */
function plannedIdentities(
  scenario: Scenario,
  index: number,
  hostName: string,
  side: 'source' | 'destination',
): Identity[] {
  const { strategy, defences } = scenario.move;
  const there = side === 'destination';
  const which = there && strategy === 'wwpn-pair' ? 1 : 0;
  const host = scenario.hosts.findIndex((one) => one.name === hostName);
  const identities = identitiesOf(scenario, scenario.vms[index]!, index, hostName, which);
  return inOrderOfSource(scenario, index, host, identities).map((identity) => ({
    ...identity,
    ...(strategy === 'proxy' ? { wwpn: edgeWwpn(host, identity.port, index) } : {}),
    ...(defences.includes('oxid-epochs') ? { oxIds: oxIdsOfEpoch(there ? 1 : 0) } : {}),
    ...(there && defences.includes('clean-address') ? { honoursCleanAddress: true } : {}),
  }));
}

function plannedFabrics(
  scenario: Scenario,
  index: number,
  source: readonly Identity[],
  destination: readonly Identity[],
): Plain<PlannedFabric>[] {
  const { vms, move, hosts } = scenario;
  const vm = vms[index]!;
  const portsOf = (host: string) => hosts.find((one) => one.name === host)!.ports;
  return source.flatMap((one) => {
    const name = portsOf(vm.host)[one.port]!;
    const there = destination.find((other) => portsOf(move.to)[other.port] === name);
    const wwpn = wwpnsOf(scenario, vm, index, name)[0]!;
    return [
      {
        name,
        wwpn,
        sourceWwpn: one.wwpn,
        destinationWwpn: there?.wwpn ?? wwpn,
        destinationPort: there?.port ?? 0,
      },
    ];
  });
}

/** The move of a scenario. */
export function planOf(scenario: Scenario): Plain<MovePlan> {
  const { array, move, fabrics } = scenario;
  const index = scenario.vms.findIndex((vm) => vm.name === move.vm);
  const vm = scenario.vms[index]!;
  const source = plannedIdentities(scenario, index, vm.host, 'source');
  const destination = plannedIdentities(scenario, index, move.to, 'destination');
  const rATovNs = Math.max(...fabrics.map((one) => one.rATovMs)) * MILLISECOND;
  const { quiesceMs, requeueWaitMs } = move;
  return {
    vm: move.vm,
    from: vm.host,
    to: move.to,
    strategy: move.strategy,
    drain: move.drain,
    drainTimeoutNs: move.drainTimeoutMs * MILLISECOND,
    ...(requeueWaitMs === undefined ? {} : { requeueWaitNs: requeueWaitMs * MILLISECOND }),
    defences: move.defences,
    quiesceNs: quiesceMs === undefined ? rATovNs : quiesceMs * MILLISECOND,
    rATovNs,
    overlapNs: move.overlapMs * MILLISECOND,
    preCreated: move.preCreated,
    joinTimeoutNs: move.joinTimeoutMs * MILLISECOND,
    fallBack: move.fallBack,
    fabrics: plannedFabrics(scenario, index, source, destination),
    preCopyNs: move.preCopyMs * MILLISECOND,
    stateCopyNs: move.stateCopyMs * MILLISECOND,
    units: array.luns.map(({ name }, unit) => ({
      luName: formatHex(luIdOf(array.name, unit)),
      name,
    })),
    source,
    destination,
  };
}
