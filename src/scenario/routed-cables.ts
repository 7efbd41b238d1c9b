/**
 * Routers on cables of a LAN: a port and its LAN reach each other by a router with two ports, each on a segment of its own.
 *
 * Addresses stay what they are, as where hosts are routed one by one: the port has a router for everybody, and whoever is
 * on the LAN has one for it.
 */
import { macFromWords } from '../codecs/layout/index.ts';
import { formatIpv4, type IpRoute, parseIpv4 } from '../net/index.ts';
import type { Cable, IpPortPlan, RouterNode, Topology, TopologyNode } from './topology.ts';

/** How packets are routed. */
export interface RoutedWay {
  readonly hopNs: number;
  /** Bytes of the largest IP packet. */
  readonly mtu: number;
  /** Whether senders of larger ones are told. */
  readonly tells: boolean;
}

/** A router's addresses stand beside that of the port: its third octet plus these. Hosts come no further than 39. */
const SIDE_OCTETS = [0xc8, 0xd0] as const;

/** What a router on the cable is called. */
export const routerName = (cable: string): string => `router-${cable}`;

interface Routed {
  readonly cable: Cable;
  readonly plan: IpPortPlan;
  readonly node: RouterNode;
}

function routedOf(
  { nodes }: Topology,
  cable: Cable,
  way: RoutedWay,
  index: number,
): Routed | undefined {
  const [{ node, port }] = cable.ends;
  const host = nodes.find(({ name }) => name === node);
  const plan = host?.kind === 'host' ? host.ports[port] : undefined;
  if (plan?.kind !== 'ip') return undefined;
  const address = parseIpv4(plan.address);
  const end = (side: 0 | 1) => ({
    mac: macFromWords(0x0200, (0x5e00_0000 | (index << 1) | side) >>> 0),
    address: formatIpv4(address + SIDE_OCTETS[side] * 256),
  });
  const { fabric } = plan;
  const name = routerName(cable.name);
  return {
    cable,
    plan,
    node: {
      name,
      kind: 'router',
      fabric,
      ports: [
        { kind: 'router-port', fabric },
        { kind: 'router-port', fabric },
      ],
      options: { name, ends: [end(0), end(1)], vlan: plan.vlan, ...way },
    },
  };
}

/** The same with a router on each cable that `wayOf` gives one for and that a host's IP port is on. */
export function withRouters(
  topology: Topology,
  wayOf: (cable: Cable) => RoutedWay | undefined,
): Topology {
  const routed = topology.cables.flatMap((cable, i) => {
    const way = wayOf(cable);
    const one = way && routedOf(topology, cable, way, i);
    return one === undefined ? [] : [one];
  });
  if (routed.length === 0) return topology;
  const routesOf = (node: TopologyNode, plan: IpPortPlan): IpRoute[] => {
    const own = routed.find((one) => one.plan === plan);
    if (own !== undefined) return [{ to: 'everybody', by: own.node.options.ends[0].address }];
    if (node.kind !== 'array') return [];
    return routed
      .filter((one) => one.plan.fabric === plan.fabric)
      .map((one) => ({ to: one.plan.address, by: one.node.options.ends[1].address }));
  };
  const withRoutes = <P extends { readonly kind: string }>(node: TopologyNode, plan: P): P => {
    if (plan.kind !== 'ip') return plan;
    const routes = routesOf(node, plan as unknown as IpPortPlan);
    return routes.length === 0 ? plan : { ...plan, routes };
  };
  return {
    ...topology,
    nodes: [
      ...topology.nodes.map((node): TopologyNode => {
        if (node.kind === 'host')
          return { ...node, ports: node.ports.map((plan) => withRoutes(node, plan)) };
        if (node.kind === 'array')
          return { ...node, ports: node.ports.map((plan) => withRoutes(node, plan)) };
        return node;
      }),
      ...routed.map(({ node }) => node),
    ],
    cables: topology.cables.flatMap((cable) => {
      const one = routed.find((it) => it.cable === cable);
      if (one === undefined) return [cable];
      const [port, lan] = cable.ends;
      const { propagationNs: _, ...rate } = cable.link ?? {};
      const { fabric, kind, vlan } = cable;
      return [
        { ...cable, ends: [port, { node: one.node.name, port: 0 }] as const },
        {
          ...{ name: `${cable.name}-routed`, kind, fabric, vlan, link: rate },
          ends: [{ node: one.node.name, port: 1 }, lan] as const,
          // What passes is seen on the other side.
          isTrunk: true as const,
        },
      ];
    }),
  };
}
