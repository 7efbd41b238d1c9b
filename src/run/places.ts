/** Where the nodes and ports of a world are, and what is declared of it before anything happens. */
import { parseWwn } from '../codecs/layout/index.ts';
import type { HistoryEntry, NodePlace, Places, PortPlace } from '../history/index.ts';
import { fcInitiatorPort, fcTargetPort } from '../history/port-name.ts';
import type { World } from '../scenario/build.ts';
import { nodesOf, type Topology, type TopologyNode } from '../scenario/topology.ts';

/** The places of a topology, from its cables. */
export function placesOf(topology: Topology): Places {
  const byName = new Map(topology.nodes.map((node) => [node.name, node]));
  const nodes = topology.nodes.map(
    (node): NodePlace =>
      node.kind === 'switch'
        ? { name: node.name, kind: node.kind, fabric: node.fabric }
        : { name: node.name, kind: node.kind },
  );
  const ports = topology.cables.flatMap(({ ends, fabric, name: link }) =>
    ends.map(
      ({ node, port }): PortPlace => ({
        node,
        port,
        link,
        fabric,
        ...targetAt(byName.get(node), port),
      }),
    ),
  );
  return { nodes, ports };
}

function targetAt(node: TopologyNode | undefined, port: number): Pick<PortPlace, 'target'> {
  if (node?.kind !== 'array') return {};
  return { target: fcTargetPort(parseWwn(node.ports[port]!.wwpn)) };
}

/** What is declared: the zones in force, and the names that each guest may use. */
export function declarationsOf(
  { plan, switches, topology, vms }: World,
  at: number,
): HistoryEntry[] {
  const zones = nodesOf(topology, 'switch').map(({ name: node }): HistoryEntry => {
    const { enforced, zones, defaultZone } = switches.get(node)!.zoning;
    const event = { type: 'zone-change', enforced, zones, defaultZone, affected: 0 } as const;
    return { at, node, event };
  });
  const names = vms.map(({ name: vm, identities }): HistoryEntry => {
    const moving = vm === plan.vm ? [...plan.source, ...plan.destination] : [];
    const initiators = [...identities, ...moving].map(({ wwpn }) => fcInitiatorPort(wwpn));
    return { at, node: '', event: { type: 'identities', vm, initiators } };
  });
  return [...zones, ...names];
}
