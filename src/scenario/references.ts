/** What a schema cannot say: names that must exist, and moves that make no sense. */
import { isOverlapping } from '../mobility/plan.ts';
import { checkCaches } from './caches-from-scenario.ts';
import { checkEvents } from './event-references.ts';
import { fabricsOf } from './host-ports.ts';
import { orderedMoves } from './identities.ts';
import { checkInGuest, checkTargets } from './iscsi-references.ts';
import { ISCSI_NAME } from './iscsi-schema.ts';
import {
  unknownIn,
  unknownKeys,
  unknownMembers,
  unknownOwner,
  unknownPorts,
} from './known-names.ts';
import { MISTAKES_MAX } from './mistakes.ts';
import { checkMovedDisk } from './moved-disk.ts';
import { checkNames } from './names.ts';
import type { Complaint, Path } from './origin.ts';
import { checkStretched } from './pair-references.ts';
import { checkProtocol } from './protocol-references.ts';
import { checkQos } from './qos-references.ts';
import type { Scenario, VmScenario } from './schema.ts';
import { checkSegments } from './segment-references.ts';
import { checkSites } from './site-references.ts';
import { givenPairs, pairsOf } from './vhba-seats.ts';
import { checkVolumes } from './volumes-from-scenario.ts';

/** All that does not fit together, as far as one reads it at once. */
export function checkReferences(scenario: Scenario): readonly Complaint[] {
  const found: Complaint[] = [];
  for (const complaint of complaints(scenario)) {
    found.push(complaint);
    if (found.length >= MISTAKES_MAX) break;
  }
  return found;
}

function* complaints(scenario: Scenario): Iterable<Complaint> {
  const { fabrics, hosts, array, vms, move } = scenario;
  yield* checkNames(scenario);
  const fabricNames = fabrics.map((one) => one.name);
  for (const [i, host] of hosts.entries())
    yield* unknownIn(['hosts', i, 'ports'], fabricsOf(host), fabricNames, 'fabric');
  yield* unknownIn(['array', 'ports'], array.ports, fabricNames, 'fabric');
  const hostNames = hosts.map((one) => one.name);
  const lunNames = array.luns.map((one) => one.name);
  yield* checkCaches(scenario);
  for (const [i, vm] of vms.entries()) {
    yield* unknownIn(['vms', i, 'host'], vm.host, hostNames, 'host');
    yield* unknownIn(['vms', i, 'luns'], vm.luns, lunNames, 'logical unit');
    yield* checkWorkload(vm, i);
    yield* checkReservation(vm, i);
    yield* unknownKeys(['vms', i, 'wwpns'], vm.wwpns ?? {}, fabricNames, 'fabric');
    yield* checkVolumes(scenario, vm, i);
    for (const lun of vm.volumes === undefined ? vm.luns : []) {
      const blocks = array.luns.find((one) => one.name === lun)?.blocks;
      if (blocks !== undefined && vm.workload.rangeBlocks > blocks) {
        yield {
          path: ['vms', i, 'workload', 'rangeBlocks'],
          what: `rangeBlocks is ${vm.workload.rangeBlocks}, but logical unit ${lun} has ${blocks} blocks`,
        };
      }
    }
  }
  yield* checkProtocol(scenario);
  yield* checkQos(scenario);
  yield* checkSegments(scenario);
  yield* checkSites(scenario);
  yield* checkStretched(scenario);
  yield* checkGroups(array);
  if (array.pool !== undefined && array.writeCache === 'volatile') {
    const what =
      'a pool that fills up does not go with a volatile cache, which answers before it asks for space';
    yield { path: ['array', 'writeCache'], what };
  }
  yield* checkMove(scenario, move, hostNames);
  yield* checkMasks(scenario, lunNames);
  yield* checkTargets(scenario);
  yield* checkZones(scenario);
  yield* checkWwpns(scenario);
  yield* checkNextMoves(scenario, hostNames);
  yield* checkBackup(scenario, fabricNames);
  yield* checkEvents(scenario);
}

/** What a backup agent is plugged into, and whose units it keeps. */
function* checkBackup({ backup, vms }: Scenario, fabricNames: string[]): Iterable<Complaint> {
  if (backup === undefined) return;
  yield* unknownIn(['backup', 'ports'], backup.ports ?? [], fabricNames, 'fabric');
  if (backup.vm === undefined) return;
  const names = vms.map((one) => one.name);
  yield* unknownIn(['backup', 'vm'], backup.vm, names, 'virtual machine');
}

/** Moves behind the first: what they name, and where their guest is by then. */
function* checkNextMoves(scenario: Scenario, hostNames: string[]): Iterable<Complaint> {
  const names = scenario.vms.map((one) => one.name);
  const moves = orderedMoves(scenario);
  for (const [i, { together, to, vm }] of scenario.nextMoves.entries()) {
    const path = ['nextMoves', i];
    if (vm !== undefined) yield* unknownIn([...path, 'vm'], vm, names, 'virtual machine');
    yield* unknownIn([...path, 'to'], to, hostNames, 'host');
    const move = moves[i + 1]!;
    if (move.from === to) {
      yield { path: [...path, 'to'], what: `${move.vm} is on ${to} by then` };
    }
    if (together && moves[i]!.vm === move.vm) {
      const what = `together: ${move.vm} is in the middle of the move before: two moves of one virtual machine follow each other`;
      yield { path: [...path, 'together'], what };
    }
    const given = scenario.vms.find((one) => one.name === move.vm)?.wwpns ?? {};
    const short = Object.entries(given).find(([, wwpns]) => lacksSecond(wwpns));
    if (move.strategy === 'wwpn-pair' && short !== undefined) {
      const what = `strategy wwpn-pair needs a second WWPN for ${move.vm} on fabric ${short[0]}`;
      yield { path: [...path, 'vm'], what };
    }
  }
}

const lacksSecond = (wwpns: Parameters<typeof givenPairs>[0]): boolean =>
  givenPairs(wwpns).some((pair) => pair.length < 2);

/** A WWPN is the name of one virtual machine: two that claim it put each other out of the fabric. */
function* checkWwpns(scenario: Scenario): Iterable<Complaint> {
  const { allowSharedWwpns, fabrics, vms } = scenario;
  if (allowSharedWwpns) return;
  for (const { name: fabric } of fabrics) {
    const owners = new Map<string, number>();
    for (const [i, vm] of vms.entries()) {
      for (const { wwpn, at } of placedWwpns(scenario, vm, i, fabric)) {
        const other = owners.get(wwpn);
        if (other === undefined) {
          owners.set(wwpn, i);
          continue;
        }
        const whose = other === i ? `${vm.name} twice` : `${vms[other]!.name} and ${vm.name}`;
        const what = `${wwpn} on fabric ${fabric} is the name of ${whose}: one would put the other's login out (allowSharedWwpns: true runs it all the same)`;
        yield {
          path: at,
          what,
          because: [['vms', other, 'wwpns', fabric]],
        };
      }
    }
  }
}

/** WWPNs of a virtual machine on a fabric, each with its place in the file, or that of the name it is made from. */
function placedWwpns(scenario: Scenario, vm: VmScenario, i: number, fabric: string) {
  const given = vm.wwpns?.[fabric];
  const nested = given !== undefined && typeof given[0] !== 'string';
  const pairs = pairsOf(scenario, vm, i, fabric);
  return pairs.flatMap((pair, vhba) =>
    pair.map((wwpn, k): { readonly wwpn: string; readonly at: Path } => {
      const place = ['vms', i, 'wwpns', fabric, ...(nested ? [vhba] : []), k];
      return { wwpn, at: given === undefined ? ['vms', i, 'name'] : place };
    }),
  );
}

/** Every target port is in one group. */
function* checkGroups(array: Scenario['array']): Iterable<Complaint> {
  const { targetPortGroups: groups, ports } = array;
  if (groups === undefined) return;
  const all = groups.flatMap((one) => one.ports);
  for (const [i, group] of groups.entries()) {
    const path = ['array', 'targetPortGroups', i, 'ports'];
    for (const port of group.ports) {
      if (port >= ports.length) {
        yield { path, what: `port ${port} does not exist: the array has ${ports.length}, from 0` };
      } else if (all.indexOf(port) !== all.lastIndexOf(port)) {
        yield { path, what: `port ${port} is in more than one place of the groups` };
      }
    }
  }
  const without = ports.findIndex((_, port) => !all.includes(port));
  if (without >= 0) {
    yield { path: ['array', 'targetPortGroups'], what: `port ${without} is in none of the groups` };
  }
}

/** I/Os that are not reads are of one kind each. */
function* checkWorkload(vm: VmScenario, i: number): Iterable<Complaint> {
  const { compareAndWritePercent, unmapPercent, writeSamePercent, synchronizePercent } =
    vm.workload;
  const sum = compareAndWritePercent + unmapPercent + writeSamePercent + synchronizePercent;
  if (sum > 100) {
    yield {
      path: ['vms', i, 'workload'],
      what: `compareAndWritePercent, unmapPercent, writeSamePercent and synchronizePercent are ${sum} together, more than 100`,
    };
  }
}

/** RESERVE(6) ends with its login: there is nothing to keep through a loss of power, or to hand over. */
function* checkReservation({ reservation }: VmScenario, i: number): Iterable<Complaint> {
  if (reservation?.type !== 'reserve-6') return;
  const path = ['vms', i, 'reservation'];
  const because = [[...path, 'type']];
  if (reservation.aptpl) {
    const what = 'aptpl is for persistent reservations: one of type reserve-6 ends with its login';
    yield { path: [...path, 'aptpl'], what, because };
  }
  const { handover } = reservation;
  if (handover === 'register-and-move' || handover === 'preempt-and-abort') {
    const what = `handover ${handover} is for persistent reservations: one of type reserve-6 ends with its login`;
    yield { path: [...path, 'handover'], what, because };
  }
}

function* checkMove(
  scenario: Scenario,
  move: Scenario['move'],
  hostNames: string[],
): Iterable<Complaint> {
  const { vms } = scenario;
  yield* unknownIn(
    ['move', 'vm'],
    move.vm,
    vms.map((one) => one.name),
    'virtual machine',
  );
  yield* unknownIn(['move', 'to'], move.to, hostNames, 'host');
  const index = vms.findIndex((one) => one.name === move.vm);
  const vm = vms[index];
  if (vm === undefined) return;
  yield* checkCombination(scenario, index);
  yield* checkMovedDisk(scenario);
  if (vm.host === move.to) {
    const what = `${move.vm} is on ${move.to} already`;
    yield { path: ['move', 'to'], what, because: [['vms', index, 'host']] };
  }
  if (move.strategy === 'wwpn-pair') {
    for (const [fabric, names] of Object.entries(vm.wwpns ?? {})) {
      if (lacksSecond(names)) {
        yield {
          path: ['vms', index, 'wwpns', fabric],
          what: `strategy wwpn-pair needs a second WWPN for ${vm.name} on fabric ${fabric}`,
          because: [STRATEGY],
        };
      }
    }
  }
}

const STRATEGY: Path = ['move', 'strategy'];
const DEFENCES: Path = ['move', 'defences'];

/** Parts of a move that exclude each other. */
function* checkCombination(scenario: Scenario, index: number): Iterable<Complaint> {
  const { move, links, fabrics, vms } = scenario;
  const { strategy, defences, quiesceMs, preCreated } = move;
  if (preCreated && strategy !== 'same-wwpn') {
    const what = `preCreated is for strategy same-wwpn: with ${strategy} the destination logs in when its turn comes`;
    yield { path: ['move', 'preCreated'], what, because: [STRATEGY] };
  }
  if (defences.includes('preempt-and-abort') && !isOverlapping(strategy)) {
    const what = `preempt-and-abort fences another I_T nexus; with ${strategy} source and destination are the same one`;
    yield { path: DEFENCES, what, because: [STRATEGY] };
  }
  if (strategy === 'handoff' && (move.drain === 'crash' || move.drain === 'link-pull')) {
    const what = `with strategy handoff the login is carried over, and drain ${move.drain} destroys it`;
    yield { path: ['move', 'drain'], what, because: [STRATEGY] };
  }
  if (strategy === 'in-guest') yield* checkInGuest(scenario);
  const type = vms[index]!.reservation?.type ?? '';
  if (defences.includes('preempt-and-abort') && type !== '' && !type.includes('registrants')) {
    const what = `with a reservation of type ${type} only its holder may write: preempt-and-abort needs a type for registrants, because the guest has several paths`;
    yield { path: ['vms', index, 'reservation', 'type'], what, because: [DEFENCES] };
  }
  if (quiesceMs === undefined) return;
  const path = ['move', 'quiesceMs'];
  if (!defences.includes('wait-r-a-tov')) {
    yield {
      path,
      what: 'quiesceMs is how long the defence wait-r-a-tov waits, which is not among the defences',
      because: [DEFENCES],
    };
  }
  // To the switch and on to the array, and back.
  const roundTripMs = (4 * links.delayUs) / 1000;
  if (quiesceMs < roundTripMs) {
    const what = `quiesceMs is ${quiesceMs}, less than a round trip of ${roundTripMs} ms: frames that are on time would come after it`;
    yield { path, what, because: [['links', 'delayUs']] };
  }
  const longest = Math.max(...fabrics.map((one) => one.rATovMs));
  if (quiesceMs > longest) {
    const what = `quiesceMs is ${quiesceMs}, more than R_A_TOV of ${longest} ms: no frame lives that long`;
    yield { path, what };
  }
}

function* checkMasks(scenario: Scenario, lunNames: string[]): Iterable<Complaint> {
  for (const [i, mask] of (scenario.array.masks ?? []).entries()) {
    const path = ['array', 'masks', i];
    yield* unknownIn([...path, 'luns'], mask.luns, lunNames, 'logical unit');
    if (!ISCSI_NAME.test(mask.for)) yield* unknownOwner(scenario, mask.for, [...path, 'for']);
    yield* unknownPorts(scenario, mask.ports, [...path, 'ports']);
  }
}

function* checkZones(scenario: Scenario): Iterable<Complaint> {
  for (const [i, { zones = [] }] of scenario.fabrics.entries()) {
    yield* unknownMembers(scenario, zones, ['fabrics', i, 'zones']);
  }
}
