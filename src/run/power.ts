/** Wiring and power: the nodes and cables of a world in the simulator, and nodes that start anew. */

import type { StorageArray } from '../array/storage-array.ts';
import type { Host } from '../host/host.ts';
import { SECOND } from '../machine/machine.ts';
import { fcfName, type World } from '../scenario/world.ts';
import type { AnySimulator } from './control-plane.ts';

/** The physical ports must be logged in by then. */
const FABRIC_UP_NS = 60 * SECOND;

/** A run that could not begin or did not end, in words for a person. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Adds every node of the world and its cables. */
export function wire(simulator: AnySimulator, world: World): void {
  const { array, cables, fcfs, hosts, link, scenario } = world;
  for (const [name, fcf] of fcfs) simulator.addNode(fcfName(name), fcf);
  for (const [name, host] of hosts) simulator.addNode(name, host);
  simulator.addNode(scenario.array.name, array);
  for (const cable of cables) {
    simulator.connect(
      { node: cable.node, port: cable.port },
      { node: cable.fcf, port: cable.fcfPort },
      {
        name: cable.name,
        rateBitsPerSecond: link.rateBps,
        propagationNs: link.delayNs,
        queueLimitBytes: link.queueBytes,
      },
    );
  }
}

/** Which ports have logged in to their fabric. */
export class PortWatch {
  readonly #ready = new Set<string>();

  /** A port's state as its machine tells it. */
  changed(node: string, port: number, state: string): void {
    if (state === 'ready') this.#ready.add(`${node} ${port}`);
    else this.#ready.delete(`${node} ${port}`);
  }

  get ready(): number {
    return this.#ready.size;
  }

  /** The node has crashed: none of its ports is logged in. */
  forget(node: string): void {
    for (const name of this.#ready) if (name.startsWith(`${node} `)) this.#ready.delete(name);
  }
}

/** Brings the links up at every machine with ports; waits until all have logged in. Errors: `RunError`. */
export function powerOn(simulator: AnySimulator, world: World, ports: PortWatch): void {
  const { array, hosts, scenario, cables } = world;
  for (const [name, host] of hosts) linkUp(simulator, name, host);
  linkUp(simulator, scenario.array.name, array);
  const { why } = simulator.run({
    untilNs: FABRIC_UP_NS,
    when: () => ports.ready >= cables.length,
  });
  if (why === 'condition') return;
  throw new RunError(
    `${cables.length - ports.ready} of ${cables.length} ports did not log in within ${FABRIC_UP_NS / SECOND} s: is a fabric without FCF or a domain given twice?`,
  );
}

function linkUp(simulator: AnySimulator, name: string, machine: Host | StorageArray): void {
  for (const port of machine.options.ports.keys()) {
    simulator.act(name, (now) => machine.handleLink(port, true, now));
  }
}

/**
 * A node has crashed. A switch or an array that stops takes its links down; a host's adapters keep
 * theirs up, as they do when an operating system dies: nobody is told.
 */
export function powerOff(simulator: AnySimulator, world: World, node: string): void {
  if (world.hosts.has(node)) return;
  for (const { name } of cablesAt(world, node)) simulator.link(name).cut();
}

/** A crashed node starts anew, and its links come up. */
export function powerOnAgain(simulator: AnySimulator, world: World, node: string): void {
  for (const { name } of cablesAt(world, node)) simulator.link(name).restore();
  const fcf = [...world.fcfs].find(([fabric]) => fcfName(fabric) === node)?.[1];
  if (fcf === undefined) {
    const machine = world.remake(node);
    simulator.restartNode(node, machine);
    linkUp(simulator, node, machine);
  } else {
    simulator.restartNode(node, fcf);
    simulator.act(node, (now) => {
      fcf.restart(now);
      // A link that went while the switch still ran is up as well.
      for (const { fcfPort } of cablesAt(world, node)) fcf.handleLink(fcfPort, true, now);
    });
  }
}

function cablesAt(world: World, node: string): World['cables'] {
  return world.cables.filter((cable) => cable.node === node || cable.fcf === node);
}
