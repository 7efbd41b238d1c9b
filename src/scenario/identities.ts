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

/** A move of a scenario, with what it takes over from the first, and where its guest is then. */
export interface OrderedMove {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly strategy: Scenario['move']['strategy'];
  readonly drain: Scenario['move']['drain'];
  readonly defences: Scenario['move']['defences'];
  /** Which WWPN of a pair is in use before it. */
  readonly which: 0 | 1;
  /** Moves of the same virtual machine before it. */
  readonly turn: number;
}

/** All moves, in their order, as if each succeeded. */
export function orderedMoves({ move, nextMoves, vms }: Scenario): OrderedMove[] {
  const places = new Map<string, { host: string; which: 0 | 1; turn: number }>();
  return [move, ...nextMoves].map((one) => {
    const vm = one.vm ?? move.vm;
    const { strategy = move.strategy, drain = move.drain, defences = move.defences, to } = one;
    const home = vms.find(({ name }) => name === vm)?.host ?? '';
    const { host: from, which, turn } = places.get(vm) ?? { host: home, which: 0, turn: 0 };
    const other = strategy === 'wwpn-pair' ? (which === 0 ? 1 : 0) : which;
    places.set(vm, { host: to, which: other, turn: turn + 1 });
    return { vm, from, to, strategy, drain, defences, which, turn };
  });
}

/** What a move asks of the vHBAs on one side of it. */
function plannedIdentities(
  scenario: Scenario,
  index: number,
  move: OrderedMove,
  side: 'source' | 'destination',
): Identity[] {
  const { strategy, defences, which: before, turn } = move;
  const there = side === 'destination';
  const hostName = there ? move.to : move.from;
  const which = there && strategy === 'wwpn-pair' ? (before === 0 ? 1 : 0) : before;
  const host = scenario.hosts.findIndex((one) => one.name === hostName);
  const identities = identitiesOf(scenario, scenario.vms[index]!, index, hostName, which);
  return inOrderOfSource(scenario, index, host, identities).map((identity) => ({
    ...identity,
    ...(strategy === 'proxy' ? { wwpn: edgeWwpn(host, identity.port, index) } : {}),
    ...(defences.includes('oxid-epochs') ? { oxIds: oxIdsOfEpoch(turn + (there ? 1 : 0)) } : {}),
    ...(there && defences.includes('clean-address') ? { honoursCleanAddress: true } : {}),
  }));
}

function plannedFabrics(
  scenario: Scenario,
  index: number,
  { from, to }: OrderedMove,
  source: readonly Identity[],
  destination: readonly Identity[],
): Plain<PlannedFabric>[] {
  const { vms, hosts } = scenario;
  const vm = vms[index]!;
  const portsOf = (host: string) => hosts.find((one) => one.name === host)!.ports;
  return source.flatMap((one) => {
    const name = portsOf(from)[one.port]!;
    const there = destination.find((other) => portsOf(to)[other.port] === name);
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

/** The moves of a scenario. */
export function plansOf(scenario: Scenario): Plain<MovePlan>[] {
  return orderedMoves(scenario).map((one) => planOf(scenario, one));
}

function planOf(scenario: Scenario, ordered: OrderedMove): Plain<MovePlan> {
  const { array, move, fabrics } = scenario;
  const index = scenario.vms.findIndex((vm) => vm.name === ordered.vm);
  const source = plannedIdentities(scenario, index, ordered, 'source');
  const destination = plannedIdentities(scenario, index, ordered, 'destination');
  const rATovNs = Math.max(...fabrics.map((one) => one.rATovMs)) * MILLISECOND;
  const { quiesceMs, requeueWaitMs } = move;
  return {
    vm: ordered.vm,
    from: ordered.from,
    to: ordered.to,
    strategy: ordered.strategy,
    drain: ordered.drain,
    drainTimeoutNs: move.drainTimeoutMs * MILLISECOND,
    ...(requeueWaitMs === undefined ? {} : { requeueWaitNs: requeueWaitMs * MILLISECOND }),
    defences: ordered.defences,
    quiesceNs: quiesceMs === undefined ? rATovNs : quiesceMs * MILLISECOND,
    rATovNs,
    overlapNs: move.overlapMs * MILLISECOND,
    preCreated: move.preCreated,
    joinTimeoutNs: move.joinTimeoutMs * MILLISECOND,
    preflight: move.preflight,
    fallBack: move.fallBack,
    fabrics: plannedFabrics(scenario, index, ordered, source, destination),
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
