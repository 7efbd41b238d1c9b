/** Machines of the LAN from a topology. */

import { BGP_TCP_PORT } from '../codecs/bgp/index.ts';
import type { Mac } from '../codecs/layout/index.ts';
import { type BgpEvent, BgpSpeaker } from '../fabric/lan/bgp-speaker.ts';
import { VlanBridge } from '../fabric/lan/vlan-bridge.ts';
import { Vtep } from '../fabric/lan/vtep.ts';
import type { RandomStream } from '../machine/random.ts';
import { LanStation } from '../net/lan-station.ts';
import { LanUplink } from '../net/lan-uplink.ts';
import { StreamNode } from '../net/stream-node.ts';
import { type LanNode, nodesOf, type Plain, type Topology } from './topology.ts';

/** Any machine of a LAN. */
export type LanMachine = LanUplink | LanStation | VlanBridge | Vtep | StreamNode<BgpEvent>;

/** The machines of a LAN. */
export interface Lan {
  /** By the names of their nodes. */
  readonly machines: ReadonlyMap<string, LanMachine>;
  /** Puts a fresh machine in the place of one, as after a crash; `undefined` for a node that is none of them. */
  remake(node: string): LanMachine | undefined;
}

/** The machines of the LAN of a topology. */
export function buildLan(topology: Topology, random: (name: string) => RandomStream): Lan {
  const numbers = new Map<string, number>();
  const nodes = new Map(nodesOf(topology, 'lan').map((node) => [node.name, node]));
  const machines = new Map(
    [...nodes].map(([name, node]) => [name, lanMachine(node, numbers, random)]),
  );
  let remade = 0;
  return {
    machines,
    remake(name) {
      const node = nodes.get(name);
      if (node === undefined) return undefined;
      const again = ++remade;
      const machine = lanMachine(node, numbers, (stream) => random(`${stream} again ${again}`));
      machines.set(name, machine);
      return machine;
    },
  };
}

/** Branded text is plain text in a plan. */
const unplain = <T>(options: Plain<T>): T => options as unknown as T;

function lanMachine(
  { machine, name }: LanNode,
  numbers: Map<string, number>,
  random: (name: string) => RandomStream,
): LanMachine {
  switch (machine.role) {
    case 'uplink':
      return new LanUplink(unplain(machine.options), numbers);
    case 'station':
      return new LanStation(unplain(machine.options));
    case 'bridge':
      return new VlanBridge(unplain(machine.options));
    case 'vtep':
      return new Vtep(unplain(machine.options), random(name));
    case 'reflector': {
      const { address, as, mac } = machine.options;
      return new StreamNode({
        port: { mac: mac as Mac, address },
        machine: new BgpSpeaker({ as, identifier: address, isReflector: true, peers: [] }),
        listens: [BGP_TCP_PORT],
        random: random(name),
      });
    }
  }
}
