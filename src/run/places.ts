/** Where the nodes and ports of a world are, and what is declared of it before anything happens. */

import type { HistoryEntry, NodePlace, Places, PortPlace } from '../history/index.ts';
import { fcInitiatorPort, fcTargetPort } from '../history/port-name.ts';
import { fcfName, type World } from '../scenario/world.ts';
import { MOVER } from './control-plane.ts';

/** The places of a world, from its cables. */
export function placesOf({ array, cables, fcfs, hosts, scenario }: World): Places {
  const nodes: NodePlace[] = [
    ...[...fcfs.keys()].map((fabric) => ({
      name: fcfName(fabric),
      kind: 'switch' as const,
      fabric,
    })),
    ...[...hosts.keys()].map((name) => ({ name, kind: 'host' as const })),
    { name: scenario.array.name, kind: 'array' },
    { name: MOVER, kind: 'mover' },
  ];
  const ports = cables.flatMap(({ name: link, node, port, fcf, fcfPort, fabric }): PortPlace[] => [
    {
      node,
      port,
      link,
      fabric,
      ...(node === scenario.array.name
        ? { target: fcTargetPort(array.options.ports[port]!.wwpn) }
        : {}),
    },
    { node: fcf, port: fcfPort, link, fabric },
  ]);
  return { nodes, ports };
}

/** What is declared: the zones in force, and the names that each guest may use. */
export function declarationsOf({ fcfs, plan, vms }: World, at: number): HistoryEntry[] {
  const zones = [...fcfs].map(([fabric, fcf]): HistoryEntry => {
    const { enforced, zones, defaultZone } = fcf.zoning;
    const event = { type: 'zone-change', enforced, zones, defaultZone, affected: 0 } as const;
    return { at, node: fcfName(fabric), event };
  });
  const names = vms.map(({ name: vm, identities }): HistoryEntry => {
    const moving = vm === plan.vm ? [...plan.source, ...plan.destination] : [];
    const initiators = [...identities, ...moving].map(({ wwpn }) => fcInitiatorPort(wwpn));
    return { at, node: '', event: { type: 'identities', vm, initiators } };
  });
  return [...zones, ...names];
}
