/** A scenario as a server: its fabrics, array, zones and masks; its virtual machines as guests. */

import { topologyOf } from '../scenario/from-scenario.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { formatOrigin } from '../scenario/origin.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { ArrayNode, Topology, TopologyNode } from '../scenario/topology.ts';
import { iscsiPlansOf } from './iscsi-plan.ts';
import { ListenError, listenAddressFrom } from './listen-address.ts';
import { LunError, type LunSource } from './lun-source.ts';
import { checkElsewhere, halfPlanOf, halfTopology, refuseWitness } from './pair/plan-half.ts';
import {
  LIVE_SWITCH,
  type LiveUnit,
  NO_SERVICE_TIMES,
  type PlanOptions,
  type ServePlan,
} from './plan.ts';

const BLOCK_BYTES = 512;

/**
 * The server that a scenario describes. Addresses of the command line come to those of the file;
 * its n-th logical unit takes the place of the file's n-th. Errors: `ListenError`, `LunError`.
 */
export function scenarioPlan(loaded: LoadedScenario, options: PlanOptions): ServePlan {
  const { luns, peers = [], vlan } = options;
  const isHalf = peers.length > 0;
  const whole = served(topologyOf(withOneSwitchEach(loaded.scenario, isHalf)));
  const topology = isHalf ? halfTopology(loaded, whole, peers) : whole;
  const half = isHalf ? { half: halfPlanOf(loaded, topology, options) } : {};
  const listen = listenOf(loaded, options);
  if (isHalf) checkElsewhere(options, listen);
  else refuseWitness(options.witness);
  return {
    topology: vlan === undefined ? topology : onVlan(topology, vlan),
    units: unitsOf(loaded, luns),
    listen,
    ...half,
    services: options.services ?? [],
    exports: options.exports ?? [],
    ...(loaded.scenario.array.targets === undefined ? {} : { iscsi: iscsiPlansOf(loaded) }),
  };
}

/** `serve` has a switch for each fabric, that its sockets lead to. */
const withOneSwitchEach = (scenario: Scenario, isHalf: boolean): Scenario => ({
  ...scenario,
  fabrics: scenario.fabrics.map(({ furtherFcfs: _, npv: __, ...fabric }) => fabric),
  array: isHalf ? scenario.array : alone(scenario.array),
});

/** There is one array, and no other server to have another: its units have one leg. */
function alone({ stretched: _, ...array }: Scenario['array']): Scenario['array'] {
  return array;
}

function servedNode(node: TopologyNode): TopologyNode[] {
  switch (node.kind) {
    case 'switch':
      return [{ ...node, options: { ...node.options, ...LIVE_SWITCH } }];
    case 'array':
      return [
        withoutBackups({
          ...node,
          options: { ...node.options, service: NO_SERVICE_TIMES, tellsOfCopies: true },
        }),
      ];
    case 'fc-switch':
    case 'host':
    case 'backup':
    case 'bridge':
    case 'npv':
    case 'router':
    case 'mover':
    case 'lan':
      return [];
  }
}

/** Nobody makes backups here: the units for them are not served, and no unit keeps what it had. */
function withoutBackups(array: ArrayNode): ArrayNode {
  const units = array.units.flatMap(({ keepsSnapshots: _, map: __, ...unit }) =>
    unit.shows === undefined && unit.restores === undefined ? [unit] : [],
  );
  const masks = array.masks.filter(({ luns }) => luns.every(({ unit }) => unit < units.length));
  return { ...array, units, masks };
}

/** Hosts and what moves guests between them are not served: they come by sockets. */
function served(topology: Topology): Topology {
  const nodes = topology.nodes.flatMap(servedNode);
  const names = new Set(nodes.map((node) => node.name));
  return {
    ...topology,
    nodes,
    cables: topology.cables.filter(({ ends }) => ends.every((end) => names.has(end.node))),
    moves: [],
    events: [],
  };
}

/** The same with every fabric in one VLAN. */
function onVlan(topology: Topology, vlan: number): Topology {
  return {
    ...topology,
    fabrics: topology.fabrics.map((one) => ({ ...one, vlan })),
    nodes: topology.nodes.map((node): TopologyNode => {
      if (node.kind === 'switch') return { ...node, options: { ...node.options, vlan: vlan } };
      if (node.kind !== 'array') return node;
      const ports = node.ports.map((port) => ({ ...port, vlan, vlanDiscovery: vlan !== 0 }));
      return { ...node, ports };
    }),
    cables: topology.cables.map((one) => ({ ...one, vlan })),
  };
}

function unitsOf({ origins, scenario }: LoadedScenario, luns: readonly LunSource[]): LiveUnit[] {
  const { array } = scenario;
  if (luns.length > array.luns.length) {
    const place = formatOrigin(origins.of(['array', 'luns']));
    throw new LunError(
      `--lun: ${luns.length} times, but the scenario has ${array.luns.length} logical units (${place})`,
    );
  }
  return array.luns.map(({ name, blocks, file }, index) => {
    const bytes = blocks * BLOCK_BYTES;
    const own: LunSource =
      file === undefined ? { kind: 'memory', bytes } : { kind: 'file', path: file, bytes };
    return { name, source: luns[index] ?? own };
  });
}

function listenOf(
  { origins, scenario }: LoadedScenario,
  { iscsi, listen: given, nbd = [], peers = [], services = [] }: PlanOptions,
): ServePlan['listen'] {
  const { fabrics } = scenario;
  const elsewhere = new Set(peers.map(({ fabric }) => fabric));
  const first = fabrics.find(({ name }) => !elsewhere.has(name))!.name;
  const ofFile = fabrics.flatMap(({ name, listen = [] }, i) =>
    (elsewhere.has(name) ? [] : listen).map((text, j) => {
      const said = `${formatOrigin(origins.of(['fabrics', i, 'listen', j]))}: listen`;
      const { fabric, place } = listenAddressFrom(said, text);
      if (fabric !== undefined && fabric !== name)
        throw new ListenError(`${said} ${text}: stands with fabric ${name}; leave ${fabric}= out`);
      return { fabric: name, place };
    }),
  );
  const all = [...ofFile, ...given.map((one) => ({ ...one, fabric: one.fabric ?? first }))];
  const targets = scenario.array.targets?.length ?? 0;
  if (all.length + services.length + nbd.length + targets === 0 && iscsi === undefined) {
    throw new ListenError(
      'serve: nowhere to listen; say --listen unix:PATH, listen in a fabric of the scenario, or targets of its array',
    );
  }
  return all;
}
