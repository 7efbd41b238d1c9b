/**
 * The names of a scenario's nodes and cables, and the check that no two are the same.
 *
 * Hosts, switches, arrays and what makes the moves share one name space: a name stands for one node
 * in faults, logs and histories. Guests share one with arrays, because zones and masks name either.
 * Nobody reads meaning out of a name: what a node or a cable is stands beside it in the topology.
 */
import { backupPorts } from './backup-from-scenario.ts';
import { fabricsOf } from './host-ports.ts';
import type { Complaint, Path } from './origin.ts';
import type { FabricScenario, Scenario } from './schema.ts';

/** The node that makes the first move. */
export const MOVER_NAME = 'mover';

/** The node that makes a move, by its place among the moves. */
export function moverName(move: number): string {
  return move === 0 ? MOVER_NAME : `${MOVER_NAME}-${move + 1}`;
}

/** The word by which a zone names all target ports. */
export const ALL_TARGET_PORTS = 'array';

/** The node name of a fabric's switch; of several by its place in the segment, the fabric's own at 0. */
export function switchName(fabric: string, place = 0): string {
  return place === 0 ? `fcf-${fabric}` : `fcf-${fabric}-${place + 1}`;
}

/** The node name of a host's port on the LAN. */
export function uplinkName(host: string): string {
  return `lan-${host}`;
}

/** The node name of the bridge that joins the switches of a fabric's segment. */
export function bridgeName(fabric: string): string {
  return `bridge-${fabric}`;
}

/** The node name of the N_Port virtualizer that the hosts of a fabric are behind. */
export function npvName(fabric: string): string {
  return `npv-${fabric}`;
}

/** The node names of all switches in a fabric's segment, its own first. */
export function switchNames({ furtherFcfs = [], name }: FabricScenario): string[] {
  return [switchName(name), ...furtherFcfs.map((_, i) => switchName(name, i + 1))];
}

/** The same without those of other fabrics. */
export function ownSwitchNames(fabric: FabricScenario): string[] {
  const { furtherFcfs = [] } = fabric;
  return switchNames(fabric).filter((_, i) => furtherFcfs[i - 1]?.fabric === undefined);
}

/** The nodes that lie between the hosts and the array of a fabric. */
export function segmentNodes(
  fabric: FabricScenario,
): { readonly name: string; readonly what: string }[] {
  const { furtherFcfs, name, npv } = fabric;
  const which = furtherFcfs === undefined ? 'the' : 'a';
  const bridge = { name: bridgeName(name), what: `the bridge of fabric ${name}` };
  const edge = { name: npvName(name), what: `the N_Port virtualizer of fabric ${name}` };
  return [
    ...switchNames(fabric).map((one) => ({ name: one, what: `${which} switch of fabric ${name}` })),
    ...(furtherFcfs === undefined ? [] : [bridge]),
    ...(npv === undefined ? [] : [edge]),
  ];
}

/** The nodes of a fabric whose first ports are cabled to others of it, and how many: one to each switch of several, an NPV's uplinks. */
export function trunksOf(
  fabric: FabricScenario,
): { readonly node: string; readonly ports: number }[] {
  const { furtherFcfs, name, npv } = fabric;
  return [
    ...(furtherFcfs === undefined ? [] : switchNames(fabric)).map((node) => ({ node, ports: 1 })),
    ...(npv === undefined ? [] : [{ node: npvName(name), ports: npv.uplinks }]),
  ];
}

/** The name of the cable between a node's port and a fabric. */
export function cableName(node: string, port: number, fabric: string): string {
  return `${node}.${port}-${fabric}`;
}

interface Named {
  readonly name: string;
  /** What has the name, in words. */
  readonly what: string;
  /** Where a person gave it. */
  readonly path: Path;
}

/** Names that are there twice, each with the place of the other. */
export function* checkNames(scenario: Scenario): Iterable<Complaint> {
  const { fabrics, hosts, array, backup, nextMoves, vms } = scenario;
  const ofList = (key: string, what: string, list: readonly { readonly name: string }[]): Named[] =>
    list.map(({ name }, i) => ({ name, what, path: [key, i, 'name'] }));
  const arrayPath = ['array', 'name'];
  const theArray = { name: array.name, what: 'the array', path: arrayPath };
  const second =
    array.stretched === undefined
      ? []
      : [
          {
            name: array.stretched.name,
            what: 'the second array',
            path: ['array', 'stretched', 'name'],
          },
        ];
  yield* clashes(ofList('fabrics', 'a fabric', fabrics));
  yield* clashes([
    { name: MOVER_NAME, what: 'what makes the move', path: ['move'] },
    ...nextMoves.map((_, i) => ({
      name: moverName(i + 1),
      what: `what makes move ${i + 2}`,
      path: ['nextMoves', i],
    })),
    ...fabrics.flatMap((fabric, i) =>
      segmentNodes(fabric).map((one) => ({ ...one, path: ['fabrics', i, 'name'] })),
    ),
    theArray,
    ...second,
    ...ofList('hosts', 'a host', hosts),
    ...(backup === undefined
      ? []
      : [{ name: backup.name, what: 'the backup agent', path: ['backup', 'name'] }]),
  ]);
  yield* clashes([
    { name: ALL_TARGET_PORTS, what: "a zone's word for all target ports", path: arrayPath },
    ...(array.name === ALL_TARGET_PORTS ? [] : [theArray]),
    ...second,
    ...ofList('vms', 'a virtual machine', vms),
  ]);
  yield* clashes(
    array.luns.map(({ name }, i) => ({
      name,
      what: 'a logical unit',
      path: ['array', 'luns', i, 'name'],
    })),
  );
  yield* clashes(cableNames(scenario));
}

/** Names may have dots and dashes in them, so that those of two cables can be the same. */
function cableNames(scenario: Scenario): Named[] {
  const { array, backup, fabrics, hosts } = scenario;
  const of = (node: string, ports: readonly string[], path: Path): Named[] =>
    ports.map((fabric, port) => ({
      name: cableName(node, port, fabric),
      what: `the cable of port ${port} of ${node} to fabric ${fabric}`,
      path,
    }));
  return [
    ...of(array.name, array.ports, ['array', 'name']),
    ...fabrics.flatMap((fabric, i) =>
      trunksOf(fabric).flatMap(({ node, ports }) =>
        of(node, new Array<string>(ports).fill(fabric.name), ['fabrics', i, 'name']),
      ),
    ),
    ...of(backup?.name ?? '', backupPorts(scenario), ['backup', 'name']),
    ...hosts.flatMap(({ name, ports }, i) => of(name, fabricsOf({ ports }), ['hosts', i, 'name'])),
  ];
}

function* clashes(names: readonly Named[]): Iterable<Complaint> {
  const known = new Map<string, Named>();
  for (const one of names) {
    const other = known.get(one.name);
    if (other === undefined) {
      known.set(one.name, one);
      continue;
    }
    const what = `the name ${one.name} is there twice: ${one.what}, and ${other.what}`;
    yield { path: one.path, what, because: [other.path] };
  }
}
