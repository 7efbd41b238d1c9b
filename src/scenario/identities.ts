/**
 * Names and addresses of virtual machines, and the plan of the move made from them. What the
 * scenario leaves open is made from its names and places.
 */
import { formatHex, formatWwn } from '../codecs/layout/index.ts';
import type { AttachmentIdentity } from '../host/attachment-identity.ts';
import type { VhbaIdentity } from '../host/vhba-identity.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { isOverlapping, type MovePlan, type PlannedFabric } from '../mobility/plan.ts';
import { oxIdsOfEpoch } from '../port/n-port/exchange.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { portsOn } from './host-ports.ts';
import { initiatorNameOf, iscsiIdentities, nfsIdentities } from './ip-from-scenario.ts';
import { movedDisk } from './moved-disk.ts';
import { uplinkName } from './names.ts';
import { forecastOf } from './near-paths.ts';
import { isIp } from './protocols.ts';
import type { Scenario, VmScenario } from './schema.ts';
import type { GuestName, Plain } from './topology.ts';
import { inOrderOf, isSameVhba, pairsOf, seatsOf, type VhbaSeat } from './vhba-seats.ts';

type Identity = Plain<VhbaIdentity>;
/** What hosts and array agree on: 2 s, and nothing is retained. */
const TIME2WAIT_NS = 2000 * MILLISECOND;

type AnyIdentity = Plain<AttachmentIdentity>;

/** Name of a host's own port. */
export const hostWwpn = (host: number, port: number): string =>
  formatWwn(0x2100_0025_b500_0000n + BigInt((host + 1) * 256 + port));
/** Name of a target port. */
export const arrayWwpn = (port: number): string => formatWwn(0x5006_0160_0000_0001n + BigInt(port));

/** The fabric of each target port: those of the first array, then those of a second one. */
export function targetPortsOf({ array }: Pick<Scenario, 'array'>): readonly string[] {
  return array.stretched === undefined ? array.ports : [...array.ports, ...array.stretched.ports];
}

/** WWPNs of all vHBAs of a virtual machine on a fabric, the two of a pair side by side. */
export function wwpnsOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  fabric: string,
): string[] {
  return pairsOf(scenario, vm, index, fabric).flat();
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
  const { move, hosts, protocol } = scenario;
  if (protocol === 'iscsi') return [initiatorNameOf(vm.name)];
  const own = wwpnsOf(scenario, vm, index, fabric);
  if (move.fallBack !== 'physical' || move.vm !== vm.name) return own;
  const physical = hosts.flatMap((host, i) =>
    portsOn(host, fabric).map((port) => hostWwpn(i, port)),
  );
  return [...own, ...physical];
}

/** The same on all fabrics. */
export function allNamesOf(scenario: Scenario, vm: VmScenario, index: number): string[] {
  const names = scenario.fabrics.flatMap((fabric) => namesOn(scenario, vm, index, fabric.name));
  return [...new Set(names)];
}

/** The attachments of a virtual machine on a host: vHBAs, each with the first or the second WWPN of its pair. */
export function identitiesOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  hostName: string,
  which: 0 | 1,
): AnyIdentity[] {
  if (scenario.protocol === 'nfs')
    return nfsIdentities(scenario, vm, hostName, scenario.move.strategy);
  if (scenario.protocol === 'iscsi') {
    const isRandom = scenario.move.strategy === 'random-isid';
    const inGuest = orderedMoves(scenario).some(
      (one) => one.vm === vm.name && one.strategy === 'in-guest',
    );
    return iscsiIdentities(scenario, vm, hostName, which, { isRandom, inGuest });
  }
  return seatedIdentities(scenario, vm, index, seatsOf(scenario, vm, index, hostName), which).map(
    ({ identity }) => identity,
  );
}

interface Seated {
  readonly seat: VhbaSeat;
  readonly identity: Identity;
}

/** A vHBA whose pair has no second WWPN is not there under it. */
function seatedIdentities(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  seats: readonly VhbaSeat[],
  which: 0 | 1,
): Seated[] {
  const wwnn = formatWwn(0xc050_7600_ffff_0000n + BigInt(index + 1));
  const firstBurst = scenario.array.firstBurst ? { firstBurst: true } : {};
  return seats.flatMap((seat) => {
    const wwpn = pairsOf(scenario, vm, index, seat.fabric)[seat.vhba]?.[which];
    return wwpn === undefined
      ? []
      : [{ seat, identity: { port: seat.port, wwpn, wwnn, ...firstBurst } }];
  });
}

/** Name of its own that a host port uses for a virtual machine's vHBA where the switch gives the known one. */
const edgeWwpn = (host: number, { port, vhba }: VhbaSeat, vm: number): string =>
  formatWwn(
    0x2102_0025_0000_0000n +
      BigInt(vhba) * 2n ** 40n +
      BigInt(vm + 1) * 65_536n +
      BigInt((host + 1) * 256 + port),
  );

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
    const other = isOverlapping(strategy) ? (which === 0 ? 1 : 0) : which;
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
): Seated[] {
  const { strategy, defences, which: before, turn } = move;
  const there = side === 'destination';
  const hostName = there ? move.to : move.from;
  const which = there && isOverlapping(strategy) ? (before === 0 ? 1 : 0) : before;
  const vm = scenario.vms[index]!;
  const host = scenario.hosts.findIndex((one) => one.name === hostName);
  const { portSetupMs = 0 } = scenario.hosts[host] ?? {};
  const seats = inOrderOf(
    seatsOf(scenario, vm, index, hostName),
    seatsOf(scenario, vm, index, vm.host),
  );
  return seatedIdentities(scenario, vm, index, seats, which).map(({ seat, identity }) => ({
    seat,
    identity: {
      ...identity,
      ...(strategy === 'proxy' ? { wwpn: edgeWwpn(host, seat, index) } : {}),
      ...(defences.includes('oxid-epochs') ? { oxIds: oxIdsOfEpoch(turn + (there ? 1 : 0)) } : {}),
      ...(there && defences.includes('clean-address') ? { honoursCleanAddress: true } : {}),
      ...(there && portSetupMs > 0 ? { setupNs: Math.round(portSetupMs * MILLISECOND) } : {}),
    },
  }));
}

function plannedFabrics(
  scenario: Scenario,
  index: number,
  source: readonly Seated[],
  destination: readonly Seated[],
): Plain<PlannedFabric>[] {
  return source.map(({ seat, identity }) => {
    const there = destination.find((other) => isSameVhba(other.seat, seat))?.identity;
    const [wwpn] = pairsOf(scenario, scenario.vms[index]!, index, seat.fabric)[seat.vhba]!;
    return {
      name: seat.fabric,
      wwpn: wwpn!,
      sourceWwpn: identity.wwpn,
      destinationWwpn: there?.wwpn ?? wwpn!,
      destinationPort: there?.port ?? 0,
    };
  });
}

/** The moves of a scenario. */
export function plansOf(scenario: Scenario): Plain<MovePlan>[] {
  return orderedMoves(scenario).map((one, i) => ({
    ...planOf(scenario, one),
    ...(i === 0 ? movedDisk(scenario) : {}),
  }));
}

/** The nodes that stand for the hosts of a move on the LAN, where there is one. */
function plannedLan({ lan }: Scenario, from: string, to: string): Pick<Plain<MovePlan>, 'lan'> {
  if (lan === undefined) return {};
  return { lan: { order: lan.order, from: uplinkName(from), to: uplinkName(to) } };
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
    overlapNs: overlapNs(scenario),
    ...(scenario.protocol === 'iscsi' ? { time2RetainNs: Math.max(rATovNs, TIME2WAIT_NS) } : {}),
    preCreated: move.preCreated,
    joinTimeoutNs: move.joinTimeoutMs * MILLISECOND,
    preflight: move.preflight,
    ...forecastOf(scenario, ordered.to),
    fallBack: move.fallBack,
    fabrics: isIp(scenario.protocol) ? [] : plannedFabrics(scenario, index, source, destination),
    ...plannedLan(scenario, ordered.from, ordered.to),
    preCopyNs: move.preCopyMs * MILLISECOND,
    stateCopyNs: move.stateCopyMs * MILLISECOND,
    units: array.luns.map(({ name }, unit) => ({
      luName: formatHex(luIdOf(array.name, unit)),
      name,
    })),
    ...sidesOf(scenario, ordered, source, destination),
  };
}

/** Over iSCSI the source's sessions end with its process, some time after the guest runs elsewhere. */
function overlapNs({ move, protocol }: Scenario): number {
  const leastMs = protocol === 'iscsi' ? SOURCE_ENDS_MS : 0;
  return Math.max(move.overlapMs, leastMs) * MILLISECOND;
}
const SOURCE_ENDS_MS = 50;

/** Who the guest's disks are reached as on both hosts. */
function sidesOf(
  scenario: Scenario,
  ordered: OrderedMove,
  source: readonly Seated[],
  destination: readonly Seated[],
): Pick<Plain<MovePlan>, 'source' | 'destination'> {
  const { from, strategy, to, which } = ordered;
  const vm = scenario.vms.find((one) => one.name === ordered.vm)!;
  if (scenario.protocol === 'iscsi') {
    const how = { isRandom: strategy === 'random-isid', inGuest: strategy === 'in-guest' };
    const there = isOverlapping(strategy) ? (which === 0 ? 1 : 0) : which;
    return {
      source: iscsiIdentities(scenario, vm, from, which, how),
      destination: iscsiIdentities(scenario, vm, to, there, how),
    };
  }
  if (scenario.protocol === 'nfs') {
    const at = (host: string) => nfsIdentities(scenario, vm, host, strategy);
    return { source: at(from), destination: at(to) };
  }
  const identities = (seated: readonly Seated[]) => seated.map(({ identity }) => identity);
  return { source: identities(source), destination: identities(destination) };
}
