/** What is plugged in where, and what is told of it. */

import type { ArrayEvent } from '../array/storage-array.ts';
import type { Fcf } from '../fabric/fcoe/fcf.ts';
import type { FabricEvent } from '../history/fabric.ts';
import type { HistoryEntry } from '../history/index.ts';
import type { Instant, Machine } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { buildSwitch } from '../scenario/build.ts';
import { nodesOf, portAt, type Topology } from '../scenario/topology.ts';
import { ConvergedSwitch } from './converged-switch.ts';
import type { GuestWire } from './stream-wire.ts';

/** Guests that may be plugged into one fabric at once. */
export const GUESTS_MAX = 256;

/** A cable in a switch port: to a guest, or to a target port of the array. */
export interface LiveLink {
  /** Fabric and switch port: `A.1`. */
  readonly name: string;
  readonly fabric: string;
  readonly port: number;
  /** What is at the other end: a target port of the array, or the address a guest came by. */
  readonly to: { readonly targetPort: number } | { readonly address: string };
  readonly wire: GuestWire | undefined;
  readonly since: Instant;
  frames: { in: number; out: number };
  bytes: { in: number; out: number };
}

/** A fabric of a server: its one switch, and what is plugged into it. */
export interface LiveFabric {
  readonly name: string;
  /** Its switch's name in the driver. */
  readonly node: string;
  readonly fcf: Fcf;
  /** What frames and links are told to: the FCF, or with addresses of the array a switch for IP too. */
  readonly machine: Machine<FabricEvent>;
  /** By switch port. */
  readonly links: Map<number, LiveLink>;
  /** Switch ports of the array. */
  readonly targetPorts: readonly number[];
}

/** Everything that happens, as the machines tell it. Its node is `array` or that of a fabric. */
export type LiveEvent = FabricEvent | ArrayEvent;
/** Hears everything that happens, as it happens. */
export type LiveEventListener = (entry: HistoryEntry<LiveEvent>) => void;
/** Sees every frame at a switch port: `in` towards the switch, `out` from it. */
export type LiveFrameListener = (
  link: LiveLink,
  direction: 'in' | 'out',
  frame: Uint8Array,
  now: Instant,
) => void;

/** Whether the array has an address on a fabric's Ethernet. */
const hasIpPorts = (topology: Topology, fabric: string): boolean =>
  nodesOf(topology, 'array').some(({ ports }) =>
    ports.some((port) => port.kind === 'ip' && port.fabric === fabric),
  );

/** The switches of a topology, by fabric, with room for the guests beside the array. */
export function buildFabrics(
  topology: Topology,
  random: (name: string) => RandomStream,
): Map<string, LiveFabric> {
  return new Map(
    nodesOf(topology, 'switch').map((plan) => {
      const { fabric: name, name: node } = plan;
      const targetPorts = topology.cables.flatMap((cable) => portAt(cable, node) ?? []);
      const ports = targetPorts.length + GUESTS_MAX;
      const fcf = buildSwitch(plan, random(node), { ports, linksUp: false });
      const machine = hasIpPorts(topology, name) ? new ConvergedSwitch(fcf, node, ports) : fcf;
      return [name, { name, node, fcf, machine, links: new Map(), targetPorts }];
    }),
  );
}
