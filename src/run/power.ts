/** The nodes and cables of a world in the simulator, their power, and nodes that start anew. */

import type { StorageArray } from '../array/storage-array.ts';
import { Vtep } from '../fabric/lan/vtep.ts';
import type { BackupAgent } from '../host/backup-agent.ts';
import type { Host } from '../host/host.ts';
import { SECOND } from '../machine/machine.ts';
import type { MachineKind, World } from '../scenario/build.ts';
import { cablesAt, isAdapterPort, portAt } from '../scenario/topology.ts';
import type { AnySimulator } from './control-plane.ts';

/** The physical ports must be logged in by then. */
const FABRIC_UP_NS = 60 * SECOND;

/** A run that could not begin or did not end, in words for a person. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Adds every node of the world that has ports, and its cables. */
export function addWorld(simulator: AnySimulator, world: World): void {
  for (const machines of Object.values(world.machines)) {
    for (const [name, machine] of machines) simulator.addNode(name, machine);
  }
  for (const { ends, isOut, link, name } of world.topology.cables) {
    simulator.connect(...ends, { name, ...link });
    if (isOut === true) simulator.link(name).cut();
  }
}

/** Which ports have logged in to their fabric. */
export class PortWatch {
  /** Ports by node. */
  readonly #byNode = new Map<string, Set<number>>();
  #ready = 0;

  /** A port's state as its machine tells it. */
  changed(node: string, port: number, state: string): void {
    const ports = this.#byNode.get(node) ?? new Set();
    this.#byNode.set(node, ports);
    this.#ready -= ports.size;
    if (state === 'ready') ports.add(port);
    else ports.delete(port);
    this.#ready += ports.size;
  }

  /** How many have. */
  get ready(): number {
    return this.#ready;
  }

  /** The node has crashed: none of its ports is logged in. */
  forget(node: string): void {
    this.#ready -= this.#byNode.get(node)?.size ?? 0;
    this.#byNode.delete(node);
  }
}

/** How many ports log in to a switch when they come up. */
export function portsToLogIn({ topology }: World): number {
  const ports = topology.nodes.flatMap((node): readonly { readonly kind: string }[] => node.ports);
  return ports.filter(isAdapterPort).length;
}

/** How many of them have a cable that is plugged in: an event may have pulled it for good. */
export function portsPluggedIn(simulator: AnySimulator, { topology }: World): number {
  const adapters = new Set(
    topology.nodes.flatMap(({ name, ports }) =>
      [...ports.entries()].flatMap(([port, plan]) =>
        isAdapterPort(plan) ? [`${name} ${port}`] : [],
      ),
    ),
  );
  const plugged = topology.cables.filter(({ name }) => simulator.link(name).up);
  const ends = plugged.flatMap((one) => one.ends);
  return ends.filter(({ node, port }) => adapters.has(`${node} ${port}`)).length;
}

type BringUp = (simulator: AnySimulator, world: World) => void;

/** How the links of each kind of node come up when the power does. */
const LINKS_UP: Readonly<Record<MachineKind, BringUp>> = {
  // Its ports are up before anybody is plugged in.
  switch: () => {},
  'fc-switch': () => {},
  bridge: () => {},
  router: () => {},
  lan: () => {},
  npv: (simulator, { machines }) => {
    for (const [name, npv] of machines.npv) {
      for (const port of npv.config.uplinks.keys()) {
        simulator.act(name, (now) => npv.handleLink(port, true, now));
      }
    }
  },
  host: (simulator, { hosts }) => {
    for (const [name, host] of hosts) linkUp(simulator, name, host);
  },
  array: (simulator, { arrays }) => {
    for (const [name, array] of arrays) linkUp(simulator, name, array);
  },
  backup: (simulator, { agents }) => {
    for (const [name, agent] of agents) linkUp(simulator, name, agent);
  },
};

/** Brings the links up at every machine with ports; waits until all have logged in. Errors: `RunError`. */
export function powerOn(simulator: AnySimulator, world: World, ports: PortWatch): void {
  for (const bringUp of Object.values(LINKS_UP)) bringUp(simulator, world);
  const wanted = portsToLogIn(world);
  const { why } = simulator.run({
    untilNs: FABRIC_UP_NS,
    when: () => ports.ready >= wanted,
  });
  if (why === 'condition') return;
  throw new RunError(
    `${wanted - ports.ready} of ${wanted} ports did not log in within ${FABRIC_UP_NS / SECOND} s: is a fabric without FCF or a domain given twice?`,
  );
}

function linkUp(
  simulator: AnySimulator,
  name: string,
  machine: Host | StorageArray | BackupAgent,
): void {
  const { options } = machine;
  const ipPorts = 'ip' in options ? options.ip?.ports : 'ipPorts' in options ? options.ipPorts : [];
  const pairPorts = 'pair' in options ? (options.pair?.ports ?? []) : [];
  const cachePorts = 'cachePort' in options && options.cachePort !== undefined ? 1 : 0;
  const count = options.ports.length + (ipPorts?.length ?? 0) + pairPorts.length + cachePorts;
  for (let port = 0; port < count; port++)
    simulator.act(name, (now) => machine.handleLink(port, true, now));
}

/**
 * A node has crashed. A switch or an array that stops takes its links down; a host's adapters keep
 * theirs up, as they do when an operating system dies: nobody is told.
 */
export function powerOff(simulator: AnySimulator, world: World, node: string): void {
  if (world.hosts.has(node)) return;
  for (const { name } of cablesAt(world.topology, node)) simulator.link(name).cut();
}

/** A crashed node starts anew, and its links come up. */
export function powerOnAgain(simulator: AnySimulator, world: World, node: string): void {
  const cables = cablesAt(world.topology, node);
  for (const { name } of cables) simulator.link(name).restore();
  const { bridge, npv, router } = world.machines;
  const between = world.switches.get(node) ?? bridge.get(node) ?? npv.get(node) ?? router.get(node);
  const ofLan = between === undefined ? world.remakeLan(node) : undefined;
  if (ofLan !== undefined) {
    simulator.restartNode(node, ofLan);
    if (ofLan instanceof Vtep) simulator.act(node, (now) => ofLan.start(now));
  } else if (between === undefined) {
    const machine = world.remake(node);
    simulator.restartNode(node, machine);
    linkUp(simulator, node, machine);
  } else {
    simulator.restartNode(node, between);
    simulator.act(node, (now) => {
      between.restart(now);
      // A link that went while it still ran is up as well.
      for (const cable of cables) between.handleLink(portAt(cable, node)!, true, now);
    });
  }
}
