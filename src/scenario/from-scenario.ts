/**
 * The topology of a scenario. Names, addresses and WWNs that the scenario leaves open are made from
 * its names and places, so that the same scenario gives the same frames everywhere.
 */
import { formatWwn, macFromWords } from '../codecs/layout/index.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import { VLAN_CHOICE_DEFAULT } from '../port/enode/vlan-list.ts';
import { adapterPort } from './adapter-from-scenario.ts';
import { arrayNodes } from './array-from-scenario.ts';
import { backupNodes, guestMaps } from './backup-from-scenario.ts';
import { cacheCables, cacheNodes, withCachePorts } from './caches-from-scenario.ts';
import { plannedEvents } from './events-from-scenario.ts';
import { cardsOf, fabricsOf } from './host-ports.ts';
import { guestNames, hostWwpn, identitiesOf, plansOf } from './identities.ts';
import { hostIpPort } from './ip-from-scenario.ts';
import { lanCables, lanNodes } from './lan-from-scenario.ts';
import { moverName } from './names.ts';
import { nearPaths } from './near-paths.ts';
import { isIp } from './protocols.ts';
import { withQueues } from './qos-from-scenario.ts';
import { withRouters } from './routed-cables.ts';
import type { Scenario, VmScenario } from './schema.ts';
import { cablesOf, otherFabrics, segmentOf, vlanOf } from './segment-from-scenario.ts';
import { distancesOf, routedWayOf, siteOf, sitesOf } from './sites-from-scenario.ts';
import type { GuestPlan, HostNode, PlannedMove, Topology } from './topology.ts';
import { pairsOf } from './vhba-seats.ts';
import { guestVolumes } from './volumes-from-scenario.ts';

/** Lays a scenario out. */
export function topologyOf(scenario: Scenario): Topology {
  return withRouters(segmentsOf(scenario), routedWayOf(scenario));
}

function segmentsOf(scenario: Scenario): Topology {
  const { fabrics, hosts, name, vms } = scenario;
  const moves = movesOf(scenario);
  const arrays = arrayNodes(scenario);
  const hostNodes = withCachePorts(
    scenario,
    hosts.map((_, index) => hostNode(scenario, index)),
  );
  const agents = backupNodes(scenario);
  const cables = withQueues(scenario, cablesOf(scenario, [...arrays, ...hostNodes, ...agents]));
  const ofCaches = cacheCables(scenario, hostNodes);
  return {
    name,
    sites: sitesOf(scenario),
    ...(scenario.sites === undefined ? {} : { distances: distancesOf(scenario) }),
    fabrics: [
      ...fabrics.map((fabric) => ({
        name: fabric.name,
        vlan: vlanOf(scenario, fabric),
      })),
      ...otherFabrics(scenario),
    ],
    nodes: [
      ...fabrics.flatMap((fabric, index) => {
        const place = siteOf(scenario, fabric);
        return segmentOf(scenario, index, cables, moves).map((node) => ({ ...node, ...place }));
      }),
      ...hostNodes,
      ...arrays,
      ...agents,
      ...moves.map(({ mover }) => ({ name: mover, kind: 'mover' as const, ports: [] as const })),
      ...lanNodes(scenario),
      ...cacheNodes(scenario),
    ],
    cables: [...cables, ...lanCables(scenario), ...ofCaches],
    guests: vms.map((vm, index) => guestOf(scenario, vm, index, moves)),
    moves,
    events: plannedEvents(scenario, [...cables, ...ofCaches]),
  };
}

/** The moves, each with the node that makes it. */
function movesOf(scenario: Scenario): PlannedMove[] {
  return plansOf(scenario).map((plan, i) => {
    const { afterMs = 0, together = false } = scenario.nextMoves[i - 1] ?? {};
    return { mover: moverName(i), plan, afterNs: Math.round(afterMs * MILLISECOND), together };
  });
}

function hostNode(scenario: Scenario, index: number): HostNode {
  const { fabrics, hosts, timing } = scenario;
  const host = hosts[index]!;
  const { devLossMs, fastIoFailMs, name, noPathRetryMs, npiv, vlanChoice } = host;
  const cards = cardsOf(host);
  const rATovMs = Math.max(...fabrics.map((one) => one.rATovMs));
  return {
    name,
    kind: 'host',
    ...siteOf(scenario, host),
    ports: fabricsOf(host).map((fabric, port) => {
      const mac = macFromWords(0x0025, (0xb500_0000 | ((index + 1) << 8) | port) >>> 0);
      const choice = vlanChoice === VLAN_CHOICE_DEFAULT ? {} : { vlanChoice };
      if (isIp(scenario.protocol)) return hostIpPort(scenario, index, port, mac);
      const identity = { mac, wwpn: hostWwpn(index, port), ...choice };
      return adapterPort(scenario, fabric, identity, name);
    }),
    options: {
      nodeName: formatWwn(0x2000_0025_b500_0000n + BigInt(index + 1)),
      npiv,
      ...(cards === undefined ? {} : { cards }),
      paths: {
        fastIoFailNs: fastIoFailMs * MILLISECOND,
        devLossNs: devLossMs * MILLISECOND,
        noPathRetryNs: noPathRetryMs === 'queue' ? noPathRetryMs : noPathRetryMs * MILLISECOND,
        ...nearPaths(scenario, host),
      },
      policy: {
        commandTimeoutNs: timing.commandTimeoutMs * MILLISECOND,
        lateWriteWaitNs: (timing.lateWriteWaitMs ?? rATovMs) * MILLISECOND,
        guestTimeoutNs: timing.guestTimeoutMs * MILLISECOND,
      },
    },
  };
}

function guestOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  moves: readonly PlannedMove[],
): GuestPlan {
  const { thinkUs, ...workload } = vm.workload;
  return {
    name: vm.name,
    host: vm.host,
    units: vm.luns.length,
    names: guestNames(scenario, vm, index),
    identities:
      moves.find(({ plan }) => plan.vm === vm.name)?.plan.source ??
      identitiesOf(scenario, vm, index, vm.host, 0),
    workload: {
      writerId: index + 1,
      ...workload,
      thinkNs: Math.round(thinkUs * MICROSECOND),
    },
    stream: `guest ${vm.name}`,
    ...reservationOf(scenario, vm, index),
    ...guestMaps(scenario, vm),
    ...guestVolumes(scenario, vm),
  };
}

/** The reservation of a guest; either name of a pair succeeds the other. */
function reservationOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
): Pick<GuestPlan, 'reservation'> {
  if (vm.reservation === undefined) return {};
  const pairs = scenario.fabrics.flatMap(({ name }) => pairsOf(scenario, vm, index, name));
  const successors = pairs.flatMap(([first, second]): [string, string][] =>
    first === undefined || second === undefined
      ? []
      : [
          [first, second],
          [second, first],
        ],
  );
  return { reservation: { ...vm.reservation, successors } };
}
