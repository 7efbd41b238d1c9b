/** Where the nodes and ports of a world are, and what is declared of it before anything happens. */

import { parseWwn } from '../codecs/layout/index.ts';
import type { HistoryEntry, Places, PortPlace } from '../history/index.ts';
import { fcTargetPort, iscsiTargetPort, nfsServer, type TargetPort } from '../history/port-name.ts';
import { initiatorPortsOf } from '../host/attachment-identity.ts';
import type { World } from '../scenario/build.ts';
import {
  type ArrayNode,
  nodePlaceOf,
  nodesOf,
  type PortRef,
  type Topology,
  targetPortCount,
} from '../scenario/topology.ts';
import { unitsOf } from '../scenario/units.ts';

/** The places of a topology, from its cables, and its arrays' logical units. */
export function placesOf(topology: Topology): Places {
  const arrays = new Map(nodesOf(topology, 'array').map((node) => [node.name, node]));
  const nodes = new Map(topology.nodes.map((node) => [node.name, node]));
  const enodeAt = ({ node, port }: PortRef) => {
    const plan = nodes.get(node)?.ports[port];
    return plan?.kind === 'enode' ? { mac: plan.mac } : {};
  };
  const targetAt = ({ node, port }: PortRef) => {
    const plan = arrays.get(node)?.ports[port];
    if (plan === undefined || port >= targetPortCount(arrays.get(node)!)) return {};
    if (plan.kind === 'ip') return { target: ipTargetAt(arrays.get(node)!, port) };
    return { target: fcTargetPort(parseWwn(plan.wwpn)) };
  };
  const addressAt = ({ node, port }: PortRef) => {
    const plan = nodes.get(node)?.ports[port];
    return plan?.kind === 'lan-port' && plan.address !== undefined ? { address: plan.address } : {};
  };
  return {
    nodes: topology.nodes.map(nodePlaceOf),
    ports: topology.cables.flatMap(({ name: link, fabric, ends }) =>
      ends.map(
        (end): PortPlace => ({
          ...end,
          link,
          fabric,
          ...targetAt(end),
          ...enodeAt(end),
          ...addressAt(end),
        }),
      ),
    ),
    units: unitsOf(topology),
  };
}

/** What a station of an array is to those that ask it. */
function ipTargetAt({ ip, name, pair, ports }: ArrayNode, port: number): TargetPort | undefined {
  if (pair !== undefined && port >= ports.length - pair.ports) return undefined;
  if (ip?.iscsi === undefined) return nfsServer(name);
  return iscsiTargetPort(ip.iscsi.targetName, port + 1);
}

/** What is declared: the zones in force, the access states of units, the names that each guest may use, and the queues of links. */
export function declarationsOf(
  { arrays, moves, switches, topology, vms }: World,
  at: number,
): HistoryEntry[] {
  const zones = [...switches].map(([node, fcf]): HistoryEntry => {
    const { enforced, zones, defaultZone } = fcf.zoning;
    const event = { type: 'zone-change', enforced, zones, defaultZone, affected: 0 } as const;
    return { at, node, event };
  });
  const access = [...arrays].flatMap(([node, { device }]) =>
    device.units.flatMap(({ luName, access: { groups } }) =>
      groups.map(({ group, state }): HistoryEntry => {
        const { id, relativePortIds: targetPorts } = group;
        const event = { type: 'access', luName, group: id, targetPorts, state } as const;
        return { at, node, event: { ...event, explicit: false } };
      }),
    ),
  );
  const names = vms.map(({ name: vm, identities }): HistoryEntry => {
    const moving = moves.flatMap((plan) =>
      plan.vm === vm ? [...plan.source, ...plan.destination] : [],
    );
    const initiators = [...identities, ...moving].flatMap(initiatorPortsOf);
    return { at, node: '', event: { type: 'identities', vm, initiators } };
  });
  const queues = topology.cables.flatMap(({ link, name }) =>
    (link?.qos?.ends ?? []).map(({ queues }, end): HistoryEntry => {
      const event = { type: 'queues', link: name, end, by: 'configuration', queues } as const;
      return { at, node: '', event };
    }),
  );
  return [...zones, ...access, ...names, ...queues];
}
